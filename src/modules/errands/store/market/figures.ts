/** The figures of the market. Each statement reads a bounded number of rows, because the page asks for them beside live traffic. */
import { type RawBuilder, sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';

export interface MarketFigures {
  /** Copies that are due and with nobody; counted up to `mostCounted`. */
  readonly waiting: number;
  /** Since when the first of them has been due. */
  readonly oldestDueAt: number | null;
  readonly active: number;
  readonly miners: number;
  readonly machines: number;
  /** Pages that all machines fetch at the same time. */
  readonly concurrency: number;
  /** Results delivered in the last minute. */
  readonly delivered: number;
  /** Milliseconds from due to delivered, of the newest results. */
  readonly latencies: readonly number[];
}

const mostCounted = 10_000;
const sampleMs = 10 * 60_000;
const minuteMs = 60_000;
const sampled = 1_000;

export async function readFigures(queries: Queries, now: number): Promise<MarketFigures> {
  const waiting = sql`select due_at from errands_run where audience in ('anyone', 'house') and visible_at <= ${now} limit ${sql.lit(mostCounted)}`;
  const active = sql`select 1 from errands_order where next_at is not null limit ${sql.lit(mostCounted)}`;
  const delivered = sql`select 1 from errands_result where delivered_at > ${now - minuteMs} and outcome = 'delivered' limit ${sql.lit(mostCounted)}`;
  const [counts] = await rowsOf<{ waiting: number; oldest: number | null; active: number; delivered: number }>(
    queries,
    sql`select (select count(*) from (${waiting}) as few) as waiting, (select min(due_at) from (${waiting}) as few) as oldest,
      (select count(*) from (${active}) as few) as active, (select count(*) from (${delivered}) as few) as delivered`,
  );
  const [machines] = await rowsOf<{ miners: number; machines: number; concurrency: number }>(
    queries,
    sql`select count(distinct account_id) as miners, count(*) as machines, cast(coalesce(sum(concurrency), 0) as bigint) as concurrency
      from errands_machine where last_at > ${now - minuteMs}`,
  );
  const newest = await rowsOf<{ latency: number }>(
    queries,
    sql`select delivered_at - due_at as latency from errands_result where delivered_at > ${now - sampleMs} and outcome = 'delivered'
      order by delivered_at desc limit ${sql.lit(sampled)}`,
  );
  return {
    waiting: counts?.waiting ?? 0,
    oldestDueAt: counts?.oldest ?? null,
    active: counts?.active ?? 0,
    miners: machines?.miners ?? 0,
    machines: machines?.machines ?? 0,
    concurrency: machines?.concurrency ?? 0,
    delivered: counts?.delivered ?? 0,
    latencies: newest.map(({ latency }) => latency),
  };
}

async function rowsOf<Row>(queries: Queries, statement: RawBuilder<unknown>): Promise<readonly Row[]> {
  return (await sql<Row>`${statement}`.execute(queries)).rows;
}
