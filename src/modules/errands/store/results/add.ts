/** Results are numbered without holes, in their order and among all of their customer, and added together. */

import { sql } from 'kysely';
import { invariant } from '#core/errors.ts';
import type { Queries } from '#core/ports/state.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import { rowsFrom } from '#core/sql/rows.ts';
import type { Page } from '../../domain/answers.ts';
import { dayOf } from '../../domain/days.ts';
import type { CopyName, RunName } from '../../domain/orders.ts';
import { afterResults } from '../delivery/hand-over.ts';
import { type LockedOrder, lockedOrder } from '../orders/lock.ts';
import type { ResultRow } from './tables.ts';

/** What became of a run: a page, or why there is none, in a word that pages translate. */
export interface NewResult extends RunName {
  readonly dueAt: number;
  readonly claimedAt: number | null;
  readonly attempts: number;
  /** Null for the house and for failures. */
  readonly minerId: string | null;
  readonly got: Page | { readonly failure: string };
}

interface AddedResult {
  readonly row: ResultRow;
  readonly order: LockedOrder;
}

interface Outcomes {
  readonly results: readonly NewResult[];
  /** Copies whose answers are accepted. */
  readonly earned: readonly CopyName[];
}

/**
 * In the caller's transaction, which has locked their orders and then their runs. Counts what is earned, takes results
 * from the open runs of their orders, and does what follows from them.
 */
export async function addResults(
  queries: Queries,
  orders: ReadonlyMap<string, LockedOrder>,
  { results, earned }: Outcomes,
  now: number,
): Promise<void> {
  const counted = results.map((result) => ({ result, order: lockedOrder(orders, result.orderId) }));
  const feeds = await takeFeedNumbers(
    queries,
    counted.map(({ order }) => order.account_id),
  );
  const counts = new Map<string, OrderCount>();
  const countOf = (order: LockedOrder) => {
    const known = counts.get(order.id);
    if (known !== undefined) return known;
    const count = { id: order.id, results: 0, earned: 0, key: order.last_key, value: null, at: null };
    counts.set(order.id, count);
    return count;
  };
  for (const { orderId } of earned) countOf(lockedOrder(orders, orderId)).earned += 1;
  const added = counted
    .toSorted((one, other) => one.result.dueAt - other.result.dueAt)
    .map(({ result, order }) => ({ order, row: rowOf(result, order, countOf(order), { feed: feeds.next(order.account_id), now }) }));
  await Promise.all([insertResults(queries, added), saveCounts(queries, [...counts.values()]), afterResults(queries, added, now)]);
}

/** What results of a transaction change in their order. */
interface OrderCount {
  readonly id: string;
  results: number;
  earned: number;
  key: string | null;
  value: string | null;
  /** Null while none was delivered. */
  at: number | null;
}

function rowOf(result: NewResult, order: LockedOrder, count: OrderCount, { feed, now }: { feed: number; now: number }): ResultRow {
  const { orderId, generation, slot, dueAt, claimedAt, attempts, minerId, got } = result;
  const page = 'failure' in got ? undefined : got;
  count.results += 1;
  const changed = page !== undefined && page.contentKey !== count.key;
  if (page !== undefined) {
    count.key = page.contentKey;
    count.value = page.value;
    count.at = now;
  }
  return {
    day: dayOf(dueAt),
    account_id: order.account_id,
    feed,
    order_id: orderId,
    number: order.results + count.results,
    generation,
    slot,
    outcome: page === undefined ? 'failed' : 'delivered',
    withdraws: 0,
    reason: 'failure' in got ? got.failure : null,
    due_at: dueAt,
    claimed_at: claimedAt,
    delivered_at: now,
    attempts,
    miner_id: minerId,
    status: page?.status ?? null,
    final_address: page?.finalAddress ?? null,
    content_type: page?.contentType ?? null,
    bytes: page?.bytes ?? 0,
    sha256: page?.sha256 ?? null,
    timings: page?.timings ?? null,
    value: page?.value ?? null,
    micros: page?.micros ?? null,
    changed: changed ? 1 : 0,
    // What is as it was before is kept once.
    body: changed ? (page?.body ?? null) : null,
    body_path: changed ? (page?.bodyPath ?? null) : null,
  };
}

const countColumns = { account_id: 'text', count: 'bigint' } as const;

/** The next numbers of customers' feeds; their rows stay locked, so that numbers have no holes. */
export async function takeFeedNumbers(queries: Queries, accounts: readonly string[]): Promise<{ next(account: string): number }> {
  const counts = new Map<string, number>();
  for (const account of accounts) counts.set(account, (counts.get(account) ?? 0) + 1);
  const last = new Map<string, number>();
  const next = (account: string) => {
    const feed = (last.get(account) ?? 0) + 1;
    last.set(account, feed);
    return feed;
  };
  if (counts.size === 0) return { next };
  const rows = [...counts].map(([account_id, count]) => ({ account_id, count }));
  const locks = dialectOf(queries) === 'postgres' ? sql`for no key update of customer` : sql``;
  const taken = await sql<{ account_id: string; feed: number }>`with wanted as (${rowsFrom(queries, countColumns, rows)}), locked as (
      select customer.account_id, wanted.count from errands_customer customer join wanted on customer.account_id = wanted.account_id
        order by customer.account_id ${locks}
    )
    update errands_customer set feed = errands_customer.feed + locked.count from locked
      where errands_customer.account_id = locked.account_id
      returning errands_customer.account_id, errands_customer.feed`.execute(queries);
  invariant(taken.rows.length === counts.size, `of ${counts.size} customers of errands, ${taken.rows.length} are stored`);
  for (const { account_id, feed } of taken.rows) last.set(account_id, feed - (counts.get(account_id) ?? 0));
  return { next };
}

const resultColumns = {
  day: 'bigint',
  account_id: 'text',
  feed: 'bigint',
  order_id: 'text',
  number: 'bigint',
  generation: 'bigint',
  slot: 'bigint',
  outcome: 'text',
  withdraws: 'bigint',
  reason: 'text',
  due_at: 'bigint',
  claimed_at: 'bigint',
  delivered_at: 'bigint',
  attempts: 'bigint',
  miner_id: 'text',
  status: 'bigint',
  final_address: 'text',
  content_type: 'text',
  bytes: 'bigint',
  sha256: 'text',
  timings: 'text',
  value: 'text',
  micros: 'bigint',
  changed: 'bigint',
  body: 'bytea',
  body_path: 'text',
} as const satisfies Record<keyof ResultRow, 'bigint' | 'text' | 'bytea'>;

const resultColumnNames = sql.join(Object.keys(resultColumns).map((name) => sql.ref(name)));

export async function insertResults(queries: Queries, added: readonly AddedResult[]): Promise<void> {
  if (added.length === 0) return;
  const rows = added.map(({ row }) => row);
  await sql`insert into errands_result (${resultColumnNames}) ${rowsFrom(queries, resultColumns, rows)}`.execute(queries);
}

const orderColumns = { id: 'text', results: 'bigint', earned: 'bigint', key: 'text', value: 'text', at: 'bigint' } as const;

async function saveCounts(queries: Queries, counts: readonly OrderCount[]): Promise<void> {
  if (counts.length === 0) return;
  await sql`update errands_order set
      results = errands_order.results + counted.results, open = errands_order.open - counted.results,
      earned = errands_order.earned + counted.earned,
      last_key = counted.key,
      last_value = case when counted.at is null then errands_order.last_value else counted.value end,
      last_at = coalesce(counted.at, errands_order.last_at)
    from (${rowsFrom(queries, orderColumns, counts)}) as counted where errands_order.id = counted.id`.execute(queries);
}
