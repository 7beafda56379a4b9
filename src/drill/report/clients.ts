/** What clients saw: how many requests failed and how long answers took, during faults and outside of them. */
import { type Attempt, type Operation, type Part, parts } from '../journal.ts';
import { type FaultRecord, wholeRecoveryMs } from '../recovery.ts';
import { type Spread, spreadOf } from './spread.ts';

export interface Seen {
  readonly requests: number;
  readonly failed: number;
  /** Of those that were answered. */
  readonly took: Spread;
}

export interface PartSeen {
  readonly part: Part;
  readonly acknowledged: number;
  readonly refused: number;
  readonly unknown: number;
  /** From the beginning of a fault until all parts worked again. */
  readonly during: Seen;
  readonly outside: Seen;
}

/** Times of attempts are since the drill began. */
export function clientsOf(
  operations: readonly Operation[],
  attempts: readonly Attempt[],
  faults: readonly FaultRecord[],
): readonly PartSeen[] {
  const times = faults.map((fault) => ({ fromMs: fault.atMs, toMs: fault.overAtMs + wholeRecoveryMs(fault) }));
  const isDuring = ({ begunMs, tookMs }: Attempt) => {
    const next = times[firstEndingAfter(times, begunMs)];
    return next !== undefined && next.fromMs <= begunMs + tookMs;
  };
  const byPart = Map.groupBy(attempts, ({ part }) => part);
  return parts.map((part) => {
    const its = Map.groupBy(byPart.get(part) ?? [], isDuring);
    const count = (outcome: string) => operations.filter((one) => one.part === part && one.outcome === outcome).length;
    return {
      part,
      acknowledged: count('acknowledged'),
      refused: count('refused'),
      unknown: count('unknown'),
      during: seenOf(its.get(true) ?? []),
      outside: seenOf(its.get(false) ?? []),
    };
  });
}

/** The index of the first time that ends after a moment: faults follow each other. */
function firstEndingAfter(times: readonly { readonly toMs: number }[], ms: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle]?.toMs ?? 0) > ms) high = middle;
    else low = middle + 1;
  }
  return low;
}

function seenOf(attempts: readonly Attempt[]): Seen {
  const answered = attempts.filter(({ failure }) => failure === undefined);
  return {
    requests: attempts.length,
    failed: attempts.length - answered.length,
    took: spreadOf(answered.map(({ tookMs }) => tookMs)),
  };
}
