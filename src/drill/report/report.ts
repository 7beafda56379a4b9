/** The report of a drill as plain data: what was done, what clients saw, how long recovery took, and whether the books are right. */
import { availableParallelism } from 'node:os';
import { readableNumber } from '#core/readable-number.ts';
import type { LawVerdict } from '#house/visit.ts';
import type { Check } from '../check/check.ts';
import type { FaultKind } from '../faults.ts';
import type { GroundName } from '../ground/ground.ts';
import type { Attempt, Journal, Outcome, Part } from '../journal.ts';
import { type FaultRecord, notRecovered, wholeRecoveryMs } from '../recovery.ts';
import type { Evidence } from '../verdict.ts';
import { clientsOf, type PartSeen } from './clients.ts';
import { recoveriesOf, type Spread, spreadOf } from './spread.ts';

interface About {
  readonly seed: number;
  readonly minutes: number;
  readonly command: string;
  readonly on: GroundName;
  readonly engines: readonly string[];
  /** ISO 8601. */
  readonly startedAt: string;
}

export interface Report {
  readonly about: About & { readonly tookSeconds: number; readonly cores: number; readonly node: string };
  readonly verdict: {
    readonly holds: boolean;
    readonly says: string;
    readonly acknowledged: number;
    readonly unknown: number;
    readonly lost: number;
    readonly doubled: number;
    /** Why it does not hold. */
    readonly why: readonly string[];
  };
  /** Requests in each step of time. */
  readonly load: { readonly stepSeconds: number; readonly answered: readonly number[]; readonly failed: readonly number[] };
  readonly faults: readonly FaultRow[];
  readonly recovery: readonly (Spread & { readonly part: Part })[];
  readonly byKind: readonly (Spread & { readonly kind: FaultKind })[];
  readonly clients: readonly PartSeen[];
  /** Why requests were not answered. */
  readonly failures: readonly { readonly why: string; readonly count: number }[];
  readonly checks: readonly Check[];
  readonly laws: readonly LawVerdict[];
}

interface FaultRow {
  readonly kind: FaultKind;
  readonly says: string;
  readonly atSeconds: number;
  readonly seconds: number;
  readonly recoveryMs: Partial<Record<Part, number>>;
}

export interface DrillRun {
  readonly about: About;
  /** On the clock of this process. */
  readonly startedMs: number;
  readonly endedMs: number;
  readonly journal: Journal;
  readonly faults: readonly FaultRecord[];
  readonly evidence: Evidence;
  readonly defects: readonly string[];
}

const mostSteps = 500;

export function reportOf({ about, startedMs, endedMs, journal, faults, evidence, defects }: DrillRun): Report {
  const tookSeconds = Math.round((endedMs - startedMs) / 1_000);
  const attempts = journal.attempts.map((attempt) => ({ ...attempt, begunMs: attempt.begunMs - startedMs }));
  const kinds = [...Map.groupBy(faults, ({ fault }) => fault.kind)];
  return {
    about: { ...about, tookSeconds, cores: availableParallelism(), node: process.version },
    verdict: verdictOf(journal, faults, evidence, defects),
    load: loadOf(attempts, tookSeconds),
    faults: faults.map(({ fault, says, atMs, overAtMs, recoveryMs }) => ({
      kind: fault.kind,
      says,
      atSeconds: Math.round(atMs / 100) / 10,
      seconds: Math.round((overAtMs - atMs) / 100) / 10,
      recoveryMs,
    })),
    recovery: recoveriesOf(faults),
    byKind: kinds.map(([kind, those]) => Object.assign(spreadOf(those.map(wholeRecoveryMs)), { kind })),
    clients: clientsOf(journal.operations, attempts, faults),
    failures: failuresOf(attempts),
    checks: evidence.checks,
    laws: evidence.laws,
  };
}

function verdictOf({ operations }: Journal, faults: readonly FaultRecord[], { checks, laws }: Evidence, defects: readonly string[]) {
  const count = (which: Outcome) => operations.filter(({ outcome }) => outcome === which).length;
  const lost = checks.reduce((sum, check) => sum + check.lost, 0);
  const doubled = checks.reduce((sum, check) => sum + check.doubled, 0);
  const why = [
    ...checks.filter(({ holds }) => !holds).flatMap(({ violations }) => violations),
    ...laws.filter(({ holds }) => holds !== true).map(lawText),
    ...faults.filter((fault) => notRecovered(fault).length > 0).map(notRecoveredText),
    ...defects,
  ];
  const acknowledged = count('acknowledged');
  const numbers = `${readableNumber(faults.length)} faults, ${readableNumber(acknowledged)} acknowledged, ${readableNumber(lost)} lost, ${readableNumber(doubled)} doubled`;
  const holds = why.length === 0;
  const says = holds ? `The books balance: ${numbers}; all ${laws.length} laws hold.` : `The books are not right: ${numbers}.`;
  return { holds, says, acknowledged, unknown: count('unknown'), lost, doubled, why };
}

function lawText({ lawId, holds, violations }: LawVerdict): string {
  const first = violations.slice(0, 3).join('; ');
  return `the law ${lawId} ${holds === false ? 'is broken' : 'could not be checked'}: ${first}`;
}

function notRecoveredText(record: FaultRecord): string {
  return `after the fault "${record.says}", ${notRecovered(record).join(' and ')} did not work again`;
}

function loadOf(attempts: readonly Attempt[], tookSeconds: number): Report['load'] {
  const stepSeconds = Math.max(1, Math.ceil(tookSeconds / mostSteps));
  const steps = Math.ceil(tookSeconds / stepSeconds);
  const [answered, failed] = [new Array<number>(steps).fill(0), new Array<number>(steps).fill(0)];
  for (const { begunMs, tookMs, failure } of attempts) {
    const counts = failure === undefined ? answered : failed;
    const step = Math.floor((begunMs + tookMs) / 1_000 / stepSeconds);
    if (step >= 0 && step < steps) counts[step] = (counts[step] ?? 0) + 1;
  }
  return { stepSeconds, answered, failed };
}

function failuresOf(attempts: readonly Attempt[]): Report['failures'] {
  const reasons = Map.groupBy(
    attempts.flatMap(({ failure }) => failure ?? []),
    (why) => why,
  );
  return [...reasons].map(([why, { length: count }]) => ({ why, count })).sort((one, other) => other.count - one.count);
}
