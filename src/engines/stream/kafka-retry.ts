/** Repeats work on Kafka until it succeeds, the time is up, or a retry does not help. */
import { backoffMs } from '#core/backoff.ts';
import { KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import { kafkaError } from './kafka-errors.ts';

export interface RetryRules {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export const pauses = { firstMs: 30, maxMs: 1_000 } as const;

export async function retried<Result>({ clock, timeoutMs, signal }: RetryRules, work: () => Promise<Result>): Promise<Result> {
  const untilMs = clock.monotonicMs() + timeoutMs;
  for (let failures = 1; ; failures += 1) {
    try {
      return await work();
    } catch (error) {
      const failure = kafkaError(error);
      if (signal?.aborted) throw new KontorError('unavailable', 'The stream is closed', { cause: failure });
      if (!failure.retryable || clock.monotonicMs() > untilMs) throw failure;
      await clock.sleep(backoffMs(failures, pauses), signal);
    }
  }
}
