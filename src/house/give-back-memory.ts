/** Gives the memory that only the start needed back to the machine: once, as soon as the process has little to do. */
import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Clock } from '#core/ports/clock.ts';

const watchedMs = 1_000;
const quietInARow = 3;
/** A quiet process works for less than this share of the time. */
const quietShare = 0.5;

/** Resolves to true if it did so before `signal` was aborted. */
export async function giveBackMemory(clock: Clock, signal: AbortSignal, collect = collectGarbage): Promise<boolean> {
  for (let quiet = 0; quiet < quietInARow; ) {
    const before = performance.eventLoopUtilization();
    await clock.sleep(watchedMs, signal);
    if (signal.aborted) return false;
    quiet = performance.eventLoopUtilization(before).utilization < quietShare ? quiet + 1 : 0;
  }
  await collect();
  return true;
}

/**
 * V8 keeps the garbage of the start, some 25 MB, in a process that allocates little. This holds the process up for a few tenths of
 * a second. Node has no other way to ask for it.
 */
async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as NonNullable<typeof globalThis.gc>;
  await collect({ type: 'major', execution: 'async', flavor: 'last-resort' });
}
