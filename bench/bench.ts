/** A benchmark and its figures: medians, and ratios to a limit or a peer measured in the same run. */

export interface Bench {
  readonly name: string;
  readonly says: string;
  run(report: Report): Promise<void>;
}

export interface Report {
  /** Prints progress. */
  progress(message: string): void;
  figure(figure: Figure): void;
}

export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** The goal, such as `≥ 8` or `≤ 250`. */
  readonly aim?: string;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** The ratio of figures measured in the same rounds. */
export function medianRatio(values: readonly number[], peers: readonly number[]): number {
  return median(values.map((value, round) => value / (peers[round] ?? Number.NaN)));
}
