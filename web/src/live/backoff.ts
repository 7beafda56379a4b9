/** The wait before a retry: it doubles up to a limit, and varies at random, so that clients do not retry at the same moment. */

export interface Backoff {
  readonly firstMs: number;
  readonly limitMs: number;
}

/** `attempt` counts from 0; `chance` is from 0 up to 1. The wait is between half the step and the whole step. */
export function backoffMs({ firstMs, limitMs }: Backoff, attempt: number, chance: number): number {
  const step = Math.min(limitMs, firstMs * 2 ** Math.min(attempt, 30));
  return Math.round(step / 2 + (step / 2) * chance);
}
