/** The faults of a drill, and which comes next: everything about them follows from the seed. */
import type { Random } from '#core/ports/random.ts';

export const faultKinds = ['kill', 'stop', 'cut', 'slow', 'full-disk', 'clock', 'failover'] as const;
export type FaultKind = (typeof faultKinds)[number];

export const faultWords: Readonly<Record<FaultKind, string>> = {
  kill: 'A process or an engine ends with SIGKILL.',
  stop: 'A process or an engine stops where it is (SIGSTOP) and goes on later, as when a machine hangs.',
  cut: 'Connections are reset, and new ones are refused.',
  slow: 'Each piece of data is late, in both directions.',
  'full-disk': 'The disk of the data folder has no room.',
  clock: 'The clock is set ahead or back, and later set right.',
  failover: 'What is active dies, and what stands by takes over.',
};

/** A fault that is about to happen. */
export interface Fault {
  readonly kind: FaultKind;
  /** What it happens to, such as `house`, `aggregator-2` or `postgres`. */
  readonly target: string;
  /** How long it lasts; 0 for one that is over at once. */
  readonly holdMs: number;
  /** Of `slow`: by how much each piece of data is late. Of `clock`: by how much the clock is wrong, below zero for behind. */
  readonly byMs: number;
}

/** From, and below. */
const holds: Readonly<Record<FaultKind, readonly [number, number]>> = {
  kill: [0, 1_500],
  stop: [300, 3_000],
  cut: [200, 1_500],
  slow: [500, 3_000],
  'full-disk': [500, 3_000],
  clock: [500, 3_000],
  failover: [0, 1_500],
};
const slowness = [50, 400] as const;
const clockSteps = [2_000, 20_000] as const;
/** Between the recovery from one fault and the next fault. */
const pauses = [100, 700] as const;

export function nextFault(random: Random, targets: ReadonlyMap<FaultKind, readonly string[]>): Fault {
  const kinds = [...targets.keys()];
  const kind = one(random, kinds);
  return { kind, target: one(random, targets.get(kind) ?? []), holdMs: between(random, holds[kind]), byMs: byMs(random, kind) };
}

export function nextPauseMs(random: Random): number {
  return between(random, pauses);
}

function byMs(random: Random, kind: FaultKind): number {
  if (kind === 'slow') return between(random, slowness);
  if (kind !== 'clock') return 0;
  const step = between(random, clockSteps);
  return random.int(2) === 0 ? step : -step;
}

function between(random: Random, [from, below]: readonly [number, number]): number {
  return from + random.int(below - from);
}

function one<Value>(random: Random, values: readonly Value[]): Value {
  const value = values[random.int(values.length)];
  if (value === undefined) throw new Error('There is nothing to choose from.');
  return value;
}

export function faultText({ kind, target, holdMs, byMs: by }: Fault): string {
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
  switch (kind) {
    case 'kill':
      return `kill ${target}`;
    case 'failover':
      return `fail over from ${target}`;
    case 'slow':
      return `${target} slow by ${by} ms for ${seconds(holdMs)}`;
    case 'clock':
      return `clock of ${target} ${seconds(Math.abs(by))} ${by > 0 ? 'ahead' : 'behind'} for ${seconds(holdMs)}`;
    default:
      return `${kind} ${target} for ${seconds(holdMs)}`;
  }
}
