/** Time limits for work that may hang. */
import { KontorError } from './errors.ts';
import type { Clock } from './ports/clock.ts';

/** Rejects with `timed_out` when the work takes longer. The work itself continues, and its result is ignored. */
export async function withinTime<Result>(
  clock: Clock,
  timeoutMs: number,
  work: Promise<Result>,
  whatIsLate: (timeoutMs: number) => string = (ms) => `it took longer than ${ms} ms`,
): Promise<Result> {
  const settled = new AbortController();
  const late = clock.sleep(timeoutMs, settled.signal).then(() => {
    if (settled.signal.aborted) return work;
    throw new KontorError('timed_out', whatIsLate(timeoutMs));
  });
  try {
    // The work is listed first: when both are settled, its result counts.
    return await Promise.race([work, late]);
  } finally {
    // Without a reason, `abort` would create an error.
    settled.abort('settled');
  }
}

/** Rejects with `timed_out` when `signal` aborts before the work is done. */
export async function beforeAborted<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(new KontorError('timed_out', 'it did not finish in time'));
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** Resolves when `signal` aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
