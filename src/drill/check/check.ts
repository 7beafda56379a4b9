/** What a checker of the client-side log says. */

export interface Check {
  readonly id: string;
  /** What holds, or should. */
  readonly says: string;
  readonly holds: boolean;
  /** How many operations, answers or reads were compared. */
  readonly checked: number;
  /** Acknowledged, and not in the books. */
  readonly lost: number;
  /** More than once in the books. */
  readonly doubled: number;
  /** The first of them. */
  readonly violations: readonly string[];
}

const maxViolations = 20;

export function checkOf(found: Omit<Check, 'holds'>): Check {
  const { id, says, checked, lost, doubled, violations } = found;
  return { id, says, holds: violations.length === 0, checked, lost, doubled, violations: violations.slice(0, maxViolations) };
}
