/** Work that must end in time. */
import { KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';

/** Rejects with `timed_out` when the work takes longer; it is not stopped by that. */
export async function inTime<Result>(clock: Clock, timeoutMs: number, work: Promise<Result>): Promise<Result> {
  const timer = new AbortController();
  const overdue = clock.sleep(timeoutMs, timer.signal).then(() => {
    if (!timer.signal.aborted) throw new KontorError('timed_out', `The transaction took longer than ${timeoutMs} ms and was rolled back`);
  });
  try {
    return (await Promise.race([work, overdue])) as Result;
  } finally {
    // With a reason, because an error would be made for lack of one.
    timer.abort('in time');
  }
}
