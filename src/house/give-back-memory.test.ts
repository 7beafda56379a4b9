/** A house gives back what only its start needed, when it is quiet and not before. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { giveBackMemory } from './give-back-memory.ts';
import { realClock } from './real-clock.ts';

/** A second of the watching lasts 20 ms here; `work` is done during each of the first ones. */
function quickClock(work: readonly (() => void)[]) {
  const seconds = { passed: 0 };
  const clock = {
    ...realClock,
    async sleep(_ms: number, signal?: AbortSignal) {
      const done = realClock.sleep(20, signal);
      work[seconds.passed]?.();
      seconds.passed++;
      await done;
    },
  };
  return { clock, seconds };
}

function busy(): void {
  const until = performance.now() + 20;
  while (performance.now() < until);
}

test('waits until the process had little to do for three seconds in a row', async () => {
  const { clock, seconds } = quickClock([busy, () => {}, busy]);
  const collected: number[] = [];
  assert.equal(await giveBackMemory(clock, new AbortController().signal, async () => void collected.push(seconds.passed)), true);
  assert.equal(collected.length, 1);
  assert.ok((collected[0] ?? 0) >= 6, `collected after ${collected}`);
});

test('ends with the house', async () => {
  const stop = new AbortController();
  const { clock } = quickClock([() => {}, () => stop.abort()]);
  assert.equal(await giveBackMemory(clock, stop.signal), false);
});

test('gives garbage back to the machine', async () => {
  const { clock } = quickClock([]);
  let garbage: object[] | undefined = Array.from({ length: 200_000 }, (_, index) => ({ index, text: `${index}` }));
  assert.equal(garbage.length, 200_000);
  const before = process.memoryUsage().heapTotal;
  garbage = undefined;
  await giveBackMemory(clock, new AbortController().signal);
  assert.ok(before - process.memoryUsage().heapTotal > 10_000_000, `${before} → ${process.memoryUsage().heapTotal}`);
});
