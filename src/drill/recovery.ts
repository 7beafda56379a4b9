/** What happened when: each fault, how long it lasted, and when each part worked again. */
import { type Fault, faultText } from './faults.ts';
import { type Part, parts } from './journal.ts';

/** Times are milliseconds since the drill began. */
export interface FaultRecord {
  readonly fault: Fault;
  readonly says: string;
  readonly atMs: number;
  /** When it was over: from then on the house can recover. */
  readonly overAtMs: number;
  /** How long after its end each part first did something new; a part that is missing did not. */
  readonly recoveryMs: Partial<Record<Part, number>>;
}

/** Of times on the clock of this process. */
export interface FaultTimes {
  readonly startedMs: number;
  readonly atMs: number;
  readonly overAtMs: number;
  readonly workedAtMs: ReadonlyMap<Part, number>;
}

export function recordOf(fault: Fault, { startedMs, atMs, overAtMs, workedAtMs }: FaultTimes): FaultRecord {
  const recoveryMs: Partial<Record<Part, number>> = {};
  for (const [part, ms] of workedAtMs) recoveryMs[part] = Math.round(ms - overAtMs);
  return { fault, says: faultText(fault), atMs: Math.round(atMs - startedMs), overAtMs: Math.round(overAtMs - startedMs), recoveryMs };
}

/** Parts that did not work again. */
export function notRecovered({ recoveryMs }: FaultRecord): readonly Part[] {
  return parts.filter((part) => recoveryMs[part] === undefined);
}

/** How long after its end the last of the parts that worked again did. */
export function wholeRecoveryMs({ recoveryMs }: Pick<FaultRecord, 'recoveryMs'>): number {
  return Math.max(0, ...Object.values(recoveryMs));
}
