/** The machine's own clock. */
import { performance } from 'node:perf_hooks';
import type { Clock } from '#core/ports/clock.ts';

/** `setTimeout` fires at once when asked for longer than this. */
const longestTimerMs = 2 ** 31 - 1;

export const realClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  async sleep(ms, signal) {
    const until = performance.now() + ms;
    for (let leftMs = ms; leftMs > 0 && !signal?.aborted; leftMs = until - performance.now()) {
      await sleepOnce(Math.min(leftMs, longestTimerMs), signal);
    }
  },
};

function sleepOnce(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      // Remove the listener: a long-lived signal must not collect one for every sleep.
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    signal?.addEventListener('abort', wake);
  });
}
