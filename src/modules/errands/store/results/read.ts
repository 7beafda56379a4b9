/** Reads results for their customers: lists, one, numbers for charts, and how late they were. */

import { sql } from 'kysely';
import { isAfter, type Page, type PageRequest, pageCursor, pageOf } from '#core/paging.ts';
import type { Queries } from '#core/ports/state.ts';
import { dayOf } from '../../domain/days.ts';
import type { ItemRow } from '../../domain/result-items.ts';
import { feedHeads, itemColumnNames } from './feed.ts';
import { type ResultRow, resultTables } from './tables.ts';

export const resultFilters = ['delivered', 'changed', 'failed'] as const;
type ResultFilter = (typeof resultFilters)[number];

export interface ResultsAsk extends PageRequest {
  readonly accountId: string;
  /** Of all orders if left out. */
  readonly orderId?: string | undefined;
  readonly only?: ResultFilter | undefined;
}

const ofOrder = pageCursor('results of an order', ['integer']);
const ofAccount = pageCursor('results', ['integer']);

/** Newest first. */
export async function listResults(queries: Queries, { accountId, orderId, only, limit, after }: ResultsAsk): Promise<Page<ItemRow>> {
  const [cursor, column] = orderId === undefined ? ([ofAccount, 'feed'] as const) : ([ofOrder, 'number'] as const);
  let found = resultTables(queries)
    .selectFrom('errands_result')
    .select(itemColumnNames)
    .where('account_id', '=', accountId)
    .where(isAfter([column], 'desc', cursor.read(after)));
  if (orderId !== undefined) found = found.where('order_id', '=', orderId);
  if (only === 'changed') found = found.where('changed', '=', 1).where('withdraws', '=', 0);
  if (only === 'failed') found = found.where('outcome', '!=', 'delivered');
  if (only === 'delivered') found = found.where('outcome', '=', 'delivered');
  const rows = await found
    .orderBy(column, 'desc')
    .limit(limit + 1)
    .execute();
  return pageOf(rows, limit, (row) => cursor.write([row[column]]));
}

export interface OneResult {
  readonly accountId: string;
  readonly orderId: string;
  readonly number: number;
}

export type ShownResult = ItemRow & Pick<ResultRow, 'timings' | 'miner_id'>;

export async function findResult(queries: Queries, { accountId, orderId, number }: OneResult): Promise<ShownResult | undefined> {
  return resultTables(queries)
    .selectFrom('errands_result')
    .select([...itemColumnNames, 'timings', 'miner_id'])
    .where('order_id', '=', orderId)
    .where('number', '=', number)
    .where('account_id', '=', accountId)
    .executeTakeFirst();
}

/** The last result before this one that came with a page. */
export async function pageBefore(queries: Queries, { accountId, orderId, number }: OneResult): Promise<ShownResult | undefined> {
  return resultTables(queries)
    .selectFrom('errands_result')
    .select([...itemColumnNames, 'timings', 'miner_id'])
    .where('order_id', '=', orderId)
    .where('number', '<', number)
    .where('account_id', '=', accountId)
    .where((where) => where.or([where('body', 'is not', null), where('body_path', 'is not', null)]))
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
}

export interface SeriesAsk {
  readonly orderId: string;
  readonly accountId: string;
  readonly from: number;
  readonly to: number;
  readonly points: number;
}

/** In millionths. */
export interface SeriesPoint {
  /** When the last run of the point was due. */
  readonly at: number;
  readonly low: number;
  readonly high: number;
  readonly last: number;
}

/** The numbers of an order, oldest first, together in at most so many points. */
export async function readSeries(queries: Queries, { orderId, accountId, from, to, points }: SeriesAsk): Promise<readonly SeriesPoint[]> {
  const bucketMs = Math.max(1, Math.ceil((to - from) / points));
  const { rows } = await sql<SeriesPoint>`with points as (
      select (due_at - ${from}) / ${bucketMs} as point, min(micros) as low, max(micros) as high, max(number) as number
      from errands_result
      where order_id = ${orderId} and account_id = ${accountId} and outcome = 'delivered' and micros is not null
        and due_at >= ${from} and due_at < ${to} and day >= ${dayOf(from)} and day <= ${dayOf(to)}
      group by 1
    )
    select errands_result.due_at as at, points.low, points.high, errands_result.micros as last
    from points join errands_result on errands_result.order_id = ${orderId} and errands_result.number = points.number
    order by points.point`.execute(queries);
  return rows;
}

export interface LatencyAsk {
  readonly accountId: string;
  readonly orderId?: string | undefined;
  readonly from: number;
}

/** Milliseconds from when a run was due until its result was stored. */
export interface Latency {
  readonly results: number;
  readonly p50: number;
  readonly p99: number;
  readonly worst: number;
  readonly failed: number;
}

/** Latencies are told apart by so much. */
const stepMs = 5;
/** Of the account's newest results, this many are counted. */
const maxCounted = 100_000;

export async function readLatency(queries: Queries, { accountId, orderId, from }: LatencyAsk): Promise<Latency> {
  const head = (await feedHeads(queries, [accountId])).get(accountId) ?? 0;
  const ofOne = orderId === undefined ? sql`` : sql`and order_id = ${orderId}`;
  const { rows } = await sql<{ step: number; outcome: ResultRow['outcome']; count: number; worst: number }>`
    select (delivered_at - due_at) / ${stepMs} as step, outcome, count(*) as count, max(delivered_at - due_at) as worst
    from errands_result
    where account_id = ${accountId} and feed > ${head - maxCounted} and due_at >= ${from} and day >= ${dayOf(from)} and withdraws = 0 ${ofOne}
    group by 1, 2 order by 1`.execute(queries);
  const delivered = rows.filter(({ outcome }) => outcome === 'delivered');
  const countOf = (some: typeof rows) => some.reduce((sum, { count }) => sum + Number(count), 0);
  const results = countOf(delivered);
  const at = (share: number) => {
    let left = Math.ceil(results * share);
    for (const { step, count } of delivered) {
      left -= Number(count);
      if (left <= 0) return Number(step) * stepMs;
    }
    return 0;
  };
  return {
    results,
    p50: at(0.5),
    p99: at(0.99),
    worst: Math.max(0, ...delivered.map(({ worst }) => Number(worst))),
    failed: countOf(rows) - results,
  };
}
