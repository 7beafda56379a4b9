/** What the proof line says of the laws: a pure function, so that its cases can be tested. */
import type { Proof } from '#modules/stocks/api/schemas.ts';

/** A verdict older than this is no longer news: the auditor may be gone. */
export const overdueAfterMs = 60_000;

export type Verdict = 'holds' | 'broken' | 'overdue' | 'unchecked' | 'impossible';

export function verdictOf({ holds, checkedAt }: Pick<Proof, 'holds' | 'checkedAt'>, now: number): Verdict {
  if (holds === false) return 'broken';
  if (checkedAt === null) return 'unchecked';
  // The auditor tried, and could not read what it has to look at.
  if (holds === null) return 'impossible';
  return now - checkedAt > overdueAfterMs ? 'overdue' : 'holds';
}
