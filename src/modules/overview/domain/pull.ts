/** A pull of the plug, from when it is asked for to the audit after the recovery. Pure. */
import type { Verdict } from '#core/laws/verdicts.ts';
import type { Plug, PullTimes } from '#core/plugs.ts';
import type { Presence } from '#core/presence.ts';

export type PullState = 'running' | 'done' | 'failed';

interface HeldLease {
  readonly name: string;
  readonly holder: string;
  readonly beat: number;
}

/** What the pulled part held before, and somebody must hold after. */
export interface Held {
  readonly leases: readonly HeldLease[];
  /** As presences tell them. */
  readonly partitions: readonly string[];
}

/** A law as an audit found it. */
export type LawFound = Pick<Verdict, 'lawId' | 'says' | 'checked' | 'holds' | 'checkedAt' | 'tookMs'> & { readonly violations: number };

/** Times in milliseconds since 1970; null while that has not happened. */
export interface Pull extends Plug {
  readonly id: string;
  readonly state: PullState;
  readonly askedAt: number;
  readonly pulledAt: number | null;
  readonly noticedAt: number | null;
  readonly takenOverAt: number | null;
  readonly readyAt: number | null;
  /** Ready, and all that it held is held again. */
  readonly recoveredAt: number | null;
  readonly auditedAt: number | null;
  readonly held: Held;
  readonly laws: readonly LawFound[] | null;
  readonly why: string | null;
}

/** What is looked at to see how far a pull is. */
export interface Sight {
  readonly now: number;
  /** As the process that pulled saw them; undefined where this process cannot know. */
  readonly times: PullTimes | undefined;
  readonly leases: readonly HeldLease[];
  readonly presences: readonly Presence[];
  readonly verdicts: readonly Verdict[];
  /** How many laws an audit checks. */
  readonly laws: number;
}

/** A pull that is not over by then has failed. */
export const pullTimeoutMs = 5 * 60_000;
/** Nobody competes for a lease that is free for so long after the recovery, such as one of a process that takes another name for its work. */
const leftOverMs = 30_000;
/** A law that could not be checked is checked again for so long: the engine may have come back only just now. */
const uncheckedMs = 60_000;

/** The pull as it is now; the same object when nothing has happened. */
export function advance(pull: Pull, sight: Sight): Pull {
  const { now, times } = sight;
  if (times?.failed !== undefined)
    return { ...pull, pulledAt: pull.pulledAt ?? times.pulledAt ?? null, state: 'failed', why: times.failed };
  if (now - pull.askedAt > pullTimeoutMs)
    return { ...pull, state: 'failed', why: times === undefined ? 'nobody knows what became of it' : 'it did not recover in time' };
  if (times === undefined) return pull;
  const pulledAt = pull.pulledAt ?? times.pulledAt ?? null;
  const noticedAt = pull.noticedAt ?? times.noticedAt ?? null;
  const takenOverAt = pull.takenOverAt ?? (pulledAt !== null && isTakenOver(pull.held, pulledAt, sight) ? now : null);
  const readyAt = pull.readyAt ?? times.readyAt ?? null;
  const recoveredAt = pull.recoveredAt ?? recovery(pull.held, readyAt, takenOverAt, now);
  const next: Pull = { ...pull, pulledAt, noticedAt, takenOverAt, readyAt, recoveredAt, ...audit(pull, recoveredAt, sight) };
  const keys = ['pulledAt', 'noticedAt', 'takenOverAt', 'readyAt', 'recoveredAt', 'state'] as const;
  return keys.some((key) => next[key] !== pull[key]) ? next : pull;
}

export function heldCount({ leases, partitions }: Held): number {
  return leases.length + partitions.length;
}

/** Whether others hold all of it, or its next run does. */
function isTakenOver(held: Held, pulledAt: number, { leases, presences }: Sight): boolean {
  if (heldCount(held) === 0) return false;
  const byName = new Map(leases.map((lease) => [lease.name, lease]));
  const active = new Set(presences.filter(({ at }) => at > pulledAt).flatMap(({ partitions }) => partitions));
  return held.leases.every((before) => isHeldAgain(before, byName.get(before.name))) && held.partitions.every((name) => active.has(name));
}

/** The pulled part may have renewed once more at the moment of the pull; its second renewal is a sign of life. */
function isHeldAgain(before: HeldLease, now: HeldLease | undefined): boolean {
  return now !== undefined && (now.holder !== before.holder || now.beat >= before.beat + 2);
}

function recovery(held: Held, readyAt: number | null, takenOverAt: number | null, now: number): number | null {
  if (readyAt === null) return null;
  if (heldCount(held) === 0 || takenOverAt !== null) return Math.max(readyAt, takenOverAt ?? 0);
  return now - readyAt > leftOverMs ? readyAt : null;
}

/** An audit of all laws that began after the recovery. */
function audit(pull: Pull, recoveredAt: number | null, { verdicts, laws, now }: Sight): Pick<Pull, 'state' | 'auditedAt' | 'laws'> {
  const { state, auditedAt } = pull;
  // An audit from the future was made while the auditor's clock was wrong.
  const isAfter = ({ checkedAt }: Verdict) => recoveredAt !== null && checkedAt >= recoveredAt && checkedAt <= now;
  const isWhole = recoveredAt !== null && verdicts.length >= laws && verdicts.every(isAfter);
  if (!isWhole) return { state, auditedAt, laws: pull.laws };
  const isUnclear = verdicts.every(({ holds }) => holds !== false) && verdicts.some(({ holds }) => holds === null);
  if (isUnclear && now - recoveredAt < uncheckedMs) return { state, auditedAt, laws: pull.laws };
  const found = verdicts.map(({ violations, ...verdict }) => ({ ...verdict, violations: verdict.holds === false ? violations.length : 0 }));
  return { state: 'done', auditedAt: now, laws: found };
}

export interface PullVerdict {
  readonly holds: boolean | null;
  readonly says: string;
  readonly violations: number;
  readonly laws: number;
}

/** Null before the audit. */
export function verdictOf({ laws }: Pick<Pull, 'laws'>): PullVerdict | null {
  if (laws === null) return null;
  const broken = laws.filter(({ holds }) => holds === false);
  const unchecked = laws.filter(({ holds }) => holds === null);
  const violations = laws.reduce((sum, law) => sum + law.violations, 0);
  if (broken.length > 0)
    return {
      holds: false,
      violations,
      laws: laws.length,
      says: `${violations} violations of ${broken.map(({ lawId }) => lawId).join(', ')}`,
    };
  if (unchecked.length > 0)
    return { holds: null, violations: 0, laws: laws.length, says: `not checked: ${unchecked.map(({ lawId }) => lawId).join(', ')}` };
  return { holds: true, violations: 0, laws: laws.length, says: '0 lost, 0 doubled' };
}
