/** After a failure, a key is given up only if nothing can be done with it any more. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RequestFailure } from './api.ts';
import { meaningOf } from './failed-purchase.ts';

const first = { repeated: false, keepsRefusals: false };
const again = { repeated: true, keepsRefusals: false };

const failed = (status: number, name?: string) =>
  new RequestFailure(status, { message: '', code: '', fields: [], ...(name !== undefined && { reason: { name, values: {} } }) });

test('a first request that is refused is settled, and one without an answer is not', () => {
  for (const status of [400, 401, 403, 409, 429]) assert.deepEqual(meaningOf(failed(status), first), { lost: false, settled: true });
  for (const status of [0, 502, 503]) assert.deepEqual(meaningOf(failed(status), first), { lost: true, settled: false });
  assert.deepEqual(meaningOf(new TypeError('a broken page'), first), { lost: true, settled: false });
});

test('a refusal after a lost answer settles nothing: the first request may be on its way in a process that stands still', () => {
  for (const status of [400, 401, 409, 429]) assert.deepEqual(meaningOf(failed(status), again), { lost: false, settled: false });
});

test('it does where the house keeps the refusal for every request with the key', () => {
  const kept = { repeated: true, keepsRefusals: true };
  assert.deepEqual(meaningOf(failed(409), kept), { lost: false, settled: true });
  assert.deepEqual(meaningOf(failed(401), kept), { lost: false, settled: false }, 'the key was not looked at');
});

test('a key that was used for something else is in doubt', () => {
  assert.deepEqual(meaningOf(failed(409, 'key-reused'), again), { lost: true, settled: false });
});
