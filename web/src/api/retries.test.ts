/** What may pass is asked again, a few times; what will not, is not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RequestFailure } from './api.ts';
import { retries, withRetries } from './retries.ts';

/** A world where every wait is over at once, and is written down. */
function hasty() {
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

test('a server in trouble is asked again with growing waits, until it answers', async () => {
  const { world, waits } = hasty();
  let asked = 0;
  const load = async () => {
    asked += 1;
    if (asked < 3) throw new RequestFailure(503, 'busy');
    return 'answer';
  };
  assert.equal(await withRetries(load, new AbortController().signal, world), 'answer');
  assert.deepEqual(waits, [500, 1_000]);
});

test('it gives up after a few times, with the last failure', async () => {
  const { world, waits } = hasty();
  const load = () => Promise.reject(new RequestFailure(503, 'busy'));
  await assert.rejects(withRetries(load, new AbortController().signal, world), /busy/);
  assert.equal(waits.length, retries);
});

test('a wrong request is not repeated', async () => {
  const { world, waits } = hasty();
  await assert.rejects(
    withRetries(() => Promise.reject(new RequestFailure(404, 'none')), new AbortController().signal, world),
    /none/,
  );
  assert.deepEqual(waits, []);
});

test('who leaves while it waits ends it', async () => {
  const leaving = new AbortController();
  let calledOff = false;
  const world = { random: () => 1, after: () => () => (calledOff = true) };
  const loading = withRetries(() => Promise.reject(new RequestFailure(503, 'busy')), leaving.signal, world);
  await new Promise<void>((resolve) => setImmediate(resolve));
  leaving.abort();
  await assert.rejects(loading, { name: 'AbortError' });
  assert.equal(calledOff, true);
});
