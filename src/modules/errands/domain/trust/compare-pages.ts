/** Whether an answer says what the page says, although the house looks at the page a moment later, and pages change by themselves. */

/** What a page says. */
export interface Said {
  /** Equal for pages that say the same. */
  readonly key: string;
  /** The value, or the text that people see; null for what is no text. */
  readonly text: string | null;
}

export type Comparison = 'same' | 'other' | 'undecided';

/**
 * Compares an answer with two looks of the house. What differs between these changes by itself, and decides nothing; all lines that
 * both have must be in the answer, which may have as many other lines as the two looks differ by.
 */
export function compareWithLooks(answer: Said, [first, second]: readonly [Said, Said]): Comparison {
  if (answer.key === first.key || answer.key === second.key) return 'same';
  if (first.key === second.key) return 'other';
  if (answer.text === null || first.text === null || second.text === null) return 'undecided';
  const [told, one, two] = [linesOf(answer.text), linesOf(first.text), linesOf(second.text)];
  const stable = one.intersection(two);
  if (stable.size === 0) return 'undecided';
  const changing = Math.max(one.size, two.size) - stable.size;
  return stable.isSubsetOf(told) && told.size - stable.size <= changing ? 'undecided' : 'other';
}

function linesOf(text: string): ReadonlySet<string> & Set<string> {
  const lines = text.split('\n').map((line) => line.replaceAll(/\s+/g, ' ').trim());
  return new Set(lines.filter((line) => line !== ''));
}

/**
 * Between the two looks at a page whose answer is so old. An honest answer looks like a lie when the page changed in its age, and then
 * not again until the second look: the longer that is, the more pages are seen to change by themselves.
 */
const lookApart = { share: 30, leastMs: 5_000, mostMs: 60_000 } as const;

export function secondLookInMs(answerAgeMs: number): number {
  return Math.min(lookApart.mostMs, Math.max(lookApart.leastMs, lookApart.share * answerAgeMs));
}
