/** How long to pause after failures in a row. */
import type { Random } from './ports/random.ts';

export interface BackoffLimits {
  /** The pause after the first failure; each doubles it. */
  readonly firstMs: number;
  readonly maxMs: number;
}

/** Half of a pause is left to chance, so that many do not come back at the same moment; without Random it is as long as it gets. */
export function backoffMs(failures: number, { firstMs, maxMs }: BackoffLimits, random?: Pick<Random, 'float'>): number {
  const fullMs = Math.min(maxMs, firstMs * 2 ** Math.min(Math.max(failures - 1, 0), 20));
  return fullMs * (0.5 + (random?.float() ?? 1) / 2);
}
