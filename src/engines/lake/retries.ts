/** Repeats calls to a lake's server that fail for a moment: a few times, and never longer than a limit. */
import { backoffMs } from '#core/backoff.ts';
import { KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Random } from '#core/ports/random.ts';

export interface RetryLimits {
  readonly attempts: number;
  /** No attempt begins later than this after the first. */
  readonly withinMs: number;
}

const pauses = { firstMs: 50, maxMs: 2_000 };

export async function retried<Result>(
  { clock, random, limits }: { readonly clock: Clock; readonly random: Random; readonly limits: RetryLimits },
  work: (attempt: number) => Promise<Result>,
): Promise<Result> {
  const beganAtMs = clock.monotonicMs();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(attempt);
    } catch (error) {
      const mayHelp = error instanceof KontorError && error.retryable;
      const pauseMs = backoffMs(attempt, pauses, random);
      if (!mayHelp || attempt >= limits.attempts || clock.monotonicMs() - beganAtMs + pauseMs > limits.withinMs) throw error;
      await clock.sleep(pauseMs);
    }
  }
}
