/** What is known of a miner: whose answers the house audits, and what a lie costs. Pure: the store reads, and writes what is decided here. */

export type MinerState = 'new' | 'trusted' | 'shut-out';

export interface Reputation {
  readonly state: MinerState;
  /** Audited answers without a refused one between them. */
  readonly validInRow: number;
  /** Grows with each lie, and goes down by one with each valid answer that was audited. */
  readonly doubt: number;
}

/**
 * `lie`: the page stood still, and the answer says something else. `certain-lie`: nobody who fetched the page could say so.
 * `undecided`: the page changes by itself, or could not be fetched.
 */
export type AuditVerdict = 'valid' | 'lie' | 'certain-lie' | 'undecided';

/** All answers of a new miner are audited, until so many in a row were valid. */
export const validToTrust = 10;
const leastAuditShare = 0.05;

/**
 * A page can change just between the miner's fetch and the house's, and then an honest answer looks like a lie. So one lie shuts
 * nobody out: it takes three that are close together.
 */
const doubtOfLie = 4;
const doubtToShutOut = 10;

export const newcomer: Reputation = { state: 'new', validInRow: 0, doubt: 0 };

/** The share of a miner's answers that is audited, from 0 to 1. */
export function auditShare({ state, validInRow }: Reputation): number {
  return state === 'trusted' ? Math.max(leastAuditShare, 1 / Math.max(1, validInRow)) : 1;
}

/** After a lie, all answers are audited again. A miner who is shut out stays so. */
export function afterAudit(before: Reputation, verdict: AuditVerdict): Reputation {
  if (before.state === 'shut-out' || verdict === 'undecided') return before;
  if (verdict === 'valid') {
    const validInRow = before.validInRow + 1;
    return { state: validInRow >= validToTrust ? 'trusted' : before.state, validInRow, doubt: Math.max(0, before.doubt - 1) };
  }
  const doubt = verdict === 'certain-lie' ? doubtToShutOut : before.doubt + doubtOfLie;
  return { state: doubt >= doubtToShutOut ? 'shut-out' : 'new', validInRow: 0, doubt };
}

/** After most of the others said something else: that alone proves nothing, but all answers are audited again. */
export function afterDisagreement(before: Reputation): Reputation {
  return before.state === 'shut-out' ? before : { state: 'new', validInRow: 0, doubt: before.doubt };
}
