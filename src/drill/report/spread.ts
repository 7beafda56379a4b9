/** How long something took, as a distribution: percentiles, and counts in buckets that grow. */
import { type Part, parts } from '../journal.ts';
import type { FaultRecord } from '../recovery.ts';

/** The upper ends of the buckets, in milliseconds; the last has what is longer. */
export const bucketEndsMs = [100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000] as const;

export interface Spread {
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly worstMs: number;
  readonly buckets: readonly number[];
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (share: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  const buckets = new Array<number>(bucketEndsMs.length + 1).fill(0);
  for (const ms of sorted) {
    const found = bucketEndsMs.findIndex((end) => ms < end);
    const bucket = found === -1 ? bucketEndsMs.length : found;
    buckets[bucket] = (buckets[bucket] ?? 0) + 1;
  }
  return { count: sorted.length, p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99), worstMs: at(1), buckets };
}

export function recoveriesOf(faults: readonly FaultRecord[]): readonly (Spread & { readonly part: Part })[] {
  return parts.map((part) => Object.assign(spreadOf(faults.flatMap(({ recoveryMs }) => recoveryMs[part] ?? [])), { part }));
}
