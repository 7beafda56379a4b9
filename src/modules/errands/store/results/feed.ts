/** Reads results as customers' clients get them: after a number of the account's feed, many clients with one statement. */
import { sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import { isAmong } from '#core/sql/among.ts';
import { rowsFrom } from '#core/sql/rows.ts';
import type { ItemRow } from '../../domain/result-items.ts';
import { orderTables } from '../orders/tables.ts';

/** What a client waits for. */
export interface FeedRange {
  readonly accountId: string;
  /** Of all orders if left out. */
  readonly orderId?: string | undefined;
  /** The number of the last result that it has. */
  readonly after: number;
  /** The last number that is looked at. */
  readonly upTo: number;
}

interface FeedRow extends ItemRow {
  readonly only_changes: 0 | 1;
}

export interface FeedSlice {
  /** The number of the account's newest result; 0 for none. */
  readonly head: number;
  /** By their numbers. */
  readonly rows: readonly FeedRow[];
}

/** By account; those without results are left out. */
export async function feedHeads(queries: Queries, accounts: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await orderTables(queries)
    .selectFrom('errands_customer')
    .select(['account_id', 'feed'])
    .where(isAmong(queries, 'account_id', accounts))
    .execute();
  return new Map(rows.map(({ account_id, feed }) => [account_id, feed]));
}

const rangeColumns = { range: 'bigint', account_id: 'text', order_id: 'text', after: 'bigint', up_to: 'bigint' } as const;

export const itemColumnNames = [
  'feed',
  'order_id',
  'number',
  'generation',
  'slot',
  'outcome',
  'withdraws',
  'reason',
  'due_at',
  'claimed_at',
  'delivered_at',
  'attempts',
  'status',
  'final_address',
  'content_type',
  'bytes',
  'sha256',
  'value',
  'micros',
  'changed',
] as const satisfies readonly (keyof ItemRow)[];

const itemColumns = sql.join(itemColumnNames.map((name) => sql.ref(`errands_result.${name}`)));

/** An answer for each range. Both statements see one snapshot: no result up to `head` is missing. */
export async function readFeeds(queries: Queries, ranges: readonly FeedRange[]): Promise<readonly FeedSlice[]> {
  const [heads, found] = await Promise.all([
    feedHeads(queries, [...new Set(ranges.map(({ accountId }) => accountId))]),
    rowsOf(queries, ranges),
  ]);
  const byRange = Map.groupBy(found, ({ range }) => range);
  return ranges.map(({ accountId }, index) => ({ head: heads.get(accountId) ?? 0, rows: byRange.get(index) ?? [] }));
}

async function rowsOf(queries: Queries, ranges: readonly FeedRange[]): Promise<readonly (FeedRow & { readonly range: number })[]> {
  const wanted = ranges.map(({ accountId, orderId, after, upTo }, range) => ({
    range,
    account_id: accountId,
    order_id: orderId ?? null,
    after,
    up_to: upTo,
  }));
  // A cross join, because SQLite keeps its order: results are found by the index of feeds.
  const { rows } = await sql<FeedRow & { range: number }>`with wanted as (${rowsFrom(queries, rangeColumns, wanted)})
    select wanted.range, ${itemColumns}, errands_order.only_changes
    from wanted cross join errands_result
      join errands_order on errands_order.id = errands_result.order_id
    where errands_result.account_id = wanted.account_id
      and errands_result.feed > wanted.after and errands_result.feed <= wanted.up_to
      and (wanted.order_id is null or errands_result.order_id = wanted.order_id)
    order by wanted.range, errands_result.feed`.execute(queries);
  return rows;
}

const placeColumns = { feed: 'bigint', order_id: 'text', number: 'bigint' } as const;

export interface StoredPage {
  readonly feed: number;
  /** Of the result that the page came with. */
  readonly number: number;
  readonly body: Uint8Array | null;
  readonly body_path: string | null;
}

/** The pages of results, by their feed numbers. A page that was as before is kept with the result that it came with. */
export async function readPages(
  queries: Queries,
  results: readonly { readonly feed: number; readonly order: string; readonly number: number }[],
): Promise<ReadonlyMap<number, StoredPage>> {
  const places = results.map(({ feed, order, number }) => ({ feed, order_id: order, number }));
  const { rows } = await sql<StoredPage>`with wanted as (${rowsFrom(queries, placeColumns, places)})
    select wanted.feed, kept.number, kept.body, kept.body_path
    from wanted cross join errands_result kept
    where kept.order_id = wanted.order_id and kept.number = (
      select max(number) from errands_result earlier
      where earlier.order_id = wanted.order_id and earlier.number <= wanted.number
        and (earlier.body is not null or earlier.body_path is not null))`.execute(queries);
  return new Map(rows.map((row) => [row.feed, row]));
}
