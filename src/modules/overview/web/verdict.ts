/** What the pages say of the books: a pure function, so that its cases can be tested. */
import type { Books } from '#modules/overview/api/schemas.ts';
import type { News } from './news.ts';

/** `waiting`: nothing is known yet. `lost`: the house does not answer, and what it said may no longer be true. */
export type Verdict = Books['verdict'] | 'waiting' | 'lost' | 'without';

export function verdictOf({ overview, lost, without }: Pick<News, 'overview' | 'lost' | 'without'>): Verdict {
  if (without) return 'without';
  if (lost) return 'lost';
  return overview?.books.verdict ?? 'waiting';
}

/** Whether the seal is whole, broken, or says nothing. */
export function toneOf(verdict: Verdict): 'good' | 'bad' | 'warning' | 'grey' {
  switch (verdict) {
    case 'holds':
      return 'good';
    case 'broken':
      return 'bad';
    case 'unchecked':
    case 'late':
      return 'warning';
    default:
      return 'grey';
  }
}
