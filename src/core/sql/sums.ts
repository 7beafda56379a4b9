/** Sums of the newest hours, for overviews beside live traffic: a bounded number of rows is read, by the index on their time. */
import { sql } from 'kysely';
import type { Queries } from '../ports/state.ts';

const mostCounted = 10_000;
const hourMs = 3_600_000;
const spans = [24, 7 * 24, 30 * 24] as const;
const longestMs = Math.max(...spans) * hourMs;

export interface Sums {
  readonly spans: readonly {
    /** The newest so many. */
    readonly hours: number;
    readonly count: number;
    readonly coins: number;
  }[];
  /** Where there are more rows than are counted: the sums begin here. */
  readonly countedSince: number | null;
}

export interface Summed {
  readonly table: string;
  /** Columns, which are the module's own words: the time, and the coins of a row. */
  readonly at: string;
  readonly coins: string;
  /** A condition in SQL: other rows do not count. */
  readonly only: string;
}

export async function sumsOf(queries: Queries, { table, at, coins, only }: Summed, now: number): Promise<Sums> {
  const newest = sql`select ${sql.ref(at)} as at, case when ${sql.raw(only)} then ${sql.ref(coins)} end as coins from ${sql.table(table)}
    where ${sql.ref(at)} > ${now - longestMs} order by ${sql.ref(at)} desc limit ${sql.lit(mostCounted)}`;
  const sums = spans.map(
    (hours) => sql`select ${sql.lit(hours)} as hours, count(coins) as count, cast(coalesce(sum(coins), 0) as bigint) as coins,
      count(*) as looked, min(at) as oldest from newest where at > ${now - hours * hourMs}`,
  );
  const { rows } = await sql<{ hours: number; count: number; coins: number; looked: number; oldest: number | null }>`
    with newest as (${newest}) ${sql.join(sums, sql` union all `)} order by hours`.execute(queries);
  const last = rows.at(-1);
  return {
    spans: rows.map(({ hours, count, coins: sum }) => ({ hours, count, coins: sum })),
    countedSince: last !== undefined && last.looked >= mostCounted ? last.oldest : null,
  };
}
