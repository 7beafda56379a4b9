/** The books of the whole house at a glance, by what the auditor found last. Pure. */
import type { Verdict } from '#core/laws/verdicts.ts';

type BooksVerdict = 'holds' | 'broken' | 'unchecked' | 'late' | 'none';

export interface BooksSeen {
  readonly verdict: BooksVerdict;
  readonly holding: number;
  readonly broken: number;
  readonly unchecked: number;
  readonly checkedAt: number | null;
  readonly proof: string;
}

/** Beyond two pauses and two audits; a standby auditor takes over within this time. */
const lateMs = 15_000;

export function booksOf(verdicts: readonly Verdict[], now: number, auditEveryMs: number): BooksSeen {
  const count = (holds: boolean | null) => verdicts.filter((verdict) => verdict.holds === holds).length;
  const [holding, broken, unchecked] = [count(true), count(false), count(null)];
  const checkedAt = verdicts.length === 0 ? null : Math.min(...verdicts.map((verdict) => verdict.checkedAt));
  const tookMs = verdicts.reduce((sum, verdict) => sum + verdict.tookMs, 0);
  const isLate = checkedAt !== null && now - checkedAt > 2 * (auditEveryMs + tookMs) + lateMs;
  const verdict = checkedAt === null ? 'none' : broken > 0 ? 'broken' : isLate ? 'late' : unchecked > 0 ? 'unchecked' : 'holds';
  return { verdict, holding, broken, unchecked, checkedAt, proof: proofOf(verdict, { holding, broken, unchecked, checkedAt }) };
}

function proofOf(verdict: BooksVerdict, { holding, broken, unchecked, checkedAt }: Omit<BooksSeen, 'verdict' | 'proof'>): string {
  const all = holding + broken + unchecked;
  const at = checkedAt === null ? '' : timeOf(checkedAt);
  switch (verdict) {
    case 'holds':
      return `All ${all} laws of the house hold: nothing lost, nothing doubled, audited at ${at} UTC.`;
    case 'broken':
      return `${broken} of ${all} laws of the house ${broken === 1 ? 'is' : 'are'} broken, audited at ${at} UTC.`;
    case 'unchecked':
      return `${holding} of ${all} laws of the house hold; ${unchecked} could not be checked at ${at} UTC.`;
    case 'late':
      return `The last audit was at ${at} UTC: what the books say since then is not known.`;
    case 'none':
      return 'The books of the house have not been audited yet.';
  }
}

function timeOf(epochMs: number): string {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toString({ smallestUnit: 'second' }).slice(11, 19);
}
