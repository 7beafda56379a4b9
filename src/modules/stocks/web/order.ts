/** Which companies are listed, in which order: pure functions over what is known of them. */
import type { CompanySummary } from '#modules/stocks/api/schemas.ts';

export const sortKeys = ['company', 'price', 'change', 'spread', 'volume'] as const;
export type SortKey = (typeof sortKeys)[number];

export interface Sorting {
  readonly key: SortKey;
  readonly descending: boolean;
}

export const firstSorting: Sorting = { key: 'company', descending: false };

/** Reads `change` or `-change`; what it does not know gives the first sorting. */
export function sortingFrom(text: string | null): Sorting {
  const descending = text?.startsWith('-') ?? false;
  const key = sortKeys.find((known) => known === text?.replace(/^-/, ''));
  return key === undefined ? firstSorting : { key, descending };
}

export function sortingText({ key, descending }: Sorting): string {
  return key === firstSorting.key && descending === firstSorting.descending ? '' : `${descending ? '-' : ''}${key}`;
}

/** The sorting after a column was pressed: numbers start with the biggest, names with A; pressed again, the other way round. */
export function pressed(before: Sorting, key: SortKey): Sorting {
  return before.key === key ? { key, descending: !before.descending } : { key, descending: key !== 'company' };
}

/** Of `only`, where it is given. */
export function orderedCompanies(
  summaries: readonly CompanySummary[],
  sorting: Sorting,
  filter: string,
  only?: ReadonlySet<string>,
): readonly string[] {
  const wanted = filter.trim().toLocaleLowerCase();
  return summaries
    .filter(({ company }) => only?.has(company) ?? true)
    .filter(
      ({ company, name, sector }) => wanted === '' || [company, name, sector].some((text) => text.toLocaleLowerCase().includes(wanted)),
    )
    .toSorted((left, right) => compared(left, right, sorting))
    .map(({ company }) => company);
}

/** From one sale to the next a price may halve or double: that is no movement of a market yet. */
const leastTrades = 100;

/**
 * By change, best first; of more than `most` only the outer ones. Companies that hardly trade are left out, unless there
 * are no others.
 */
export function movers(summaries: readonly CompanySummary[], most: number): readonly CompanySummary[] {
  const traded = summaries.filter(({ dayTrades }) => dayTrades >= leastTrades);
  const sorted = (traded.length > 0 ? traded : summaries).toSorted(
    (left, right) => (right.changeBasisPoints ?? 0) - (left.changeBasisPoints ?? 0) || byName(left, right),
  );
  if (sorted.length <= most) return sorted;
  const half = Math.floor(most / 2);
  return [...sorted.slice(0, half), ...sorted.slice(-half)];
}

/** How far the day's prices lie apart, as a part of the lowest; null without trades. */
export function daySpread({ dayLowCents: low, dayHighCents: high }: Pick<CompanySummary, 'dayLowCents' | 'dayHighCents'>): number | null {
  return low === null || high === null || low <= 0 ? null : (high - low) / low;
}

/** Shares in buys out of all shares, or null when there were none. */
export function buyShare({ dayVolume, dayBuyVolume }: Pick<CompanySummary, 'dayVolume' | 'dayBuyVolume'>): number | null {
  return dayVolume === 0 ? null : dayBuyVolume / dayVolume;
}

function compared(left: CompanySummary, right: CompanySummary, { key, descending }: Sorting): number {
  if (key === 'company') return descending ? byName(right, left) : byName(left, right);
  const [leftValue, rightValue] = [figureOf(left, key), figureOf(right, key)];
  // What is unknown comes last either way.
  if (leftValue === null || rightValue === null) return Number(leftValue === null) - Number(rightValue === null) || byName(left, right);
  return (descending ? rightValue - leftValue : leftValue - rightValue) || byName(left, right);
}

function figureOf(summary: CompanySummary, key: Exclude<SortKey, 'company'>): number | null {
  switch (key) {
    case 'price':
      return summary.lastPriceCents;
    case 'change':
      return summary.changeBasisPoints;
    case 'volume':
      return summary.dayVolume;
    case 'spread':
      return daySpread(summary);
  }
}

function byName(left: CompanySummary, right: CompanySummary): number {
  return left.name.localeCompare(right.name) || left.company.localeCompare(right.company);
}
