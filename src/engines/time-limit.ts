/** The time limit of a transaction. */
import type { Clock } from '#core/ports/clock.ts';
import { withinTime } from '#core/within-time.ts';

/** Rejects with `timed_out` when the transaction takes longer; the caller rolls it back. */
export function transactionInTime<Result>(clock: Clock, timeoutMs: number, work: Promise<Result>): Promise<Result> {
  return withinTime(clock, timeoutMs, work, (ms) => `The transaction took longer than ${ms} ms and was rolled back`);
}
