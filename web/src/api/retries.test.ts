/** Retryable failures are retried a few times, others are not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RequestFailure } from './api.ts';
import { retries, withRetries } from './retries.ts';

/** Surroundings in which every wait ends at once, and is recorded. */
function withoutWaits() {
  const waits: number[] = [];
  const world = {
    random: () => 1,
    after: (delayMs: number, work: () => void) => {
      waits.push(delayMs);
      work();
      return () => {};
    },
  };
  return { world, waits };
}

test('a server error is retried with growing waits, until the server answers', async () => {
  const { world, waits } = withoutWaits();
  let asked = 0;
  const load = async () => {
    asked += 1;
    if (asked < 3) throw new RequestFailure(503, 'busy');
    return 'answer';
  };
  assert.equal(await withRetries(load, new AbortController().signal, world), 'answer');
  assert.deepEqual(waits, [500, 1_000]);
});

test('after a few retries, the last failure is thrown', async () => {
  const { world, waits } = withoutWaits();
  const load = () => Promise.reject(new RequestFailure(503, 'busy'));
  await assert.rejects(withRetries(load, new AbortController().signal, world), /busy/);
  assert.equal(waits.length, retries);
});

test('a wrong request is not retried', async () => {
  const { world, waits } = withoutWaits();
  await assert.rejects(
    withRetries(() => Promise.reject(new RequestFailure(404, 'none')), new AbortController().signal, world),
    /none/,
  );
  assert.deepEqual(waits, []);
});

test('an abort ends the wait', async () => {
  const leaving = new AbortController();
  let cancelled = false;
  const world = { random: () => 1, after: () => () => (cancelled = true) };
  const loading = withRetries(() => Promise.reject(new RequestFailure(503, 'busy')), leaving.signal, world);
  await new Promise<void>((resolve) => setImmediate(resolve));
  leaving.abort();
  await assert.rejects(loading, { name: 'AbortError' });
  assert.equal(cancelled, true);
});
