/** Orders as they are listed, and the runs of one that are open. */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { isAfter, type Page, type PageRequest, pageCursor, pageOf } from '#core/paging.ts';
import type { Queries } from '#core/ports/state.ts';
import { isAmong } from '#core/sql/among.ts';
import type { OrderState } from '../../domain/orders.ts';
import { queueTables, type RunRow } from '../queue/tables.ts';
import { type OrderRow, orderKeys, orderTables } from './tables.ts';

const orderCursor = pageCursor('errands orders', ['integer', 'text']);

export interface OrderFilter {
  readonly accountId: string;
  readonly state?: OrderState | undefined;
  /** A part of the title or the address. */
  readonly search?: string | undefined;
  /** Only what the request with this key made. */
  readonly key?: string | undefined;
}

/** The newest first. */
export async function listOrders(
  queries: Queries,
  { accountId, state, search, key, limit, after }: PageRequest & OrderFilter,
): Promise<Page<OrderRow>> {
  let wanted = orderTables(queries)
    .selectFrom('errands_order')
    .selectAll()
    .where('account_id', '=', accountId)
    .where(isAfter(['created_at', 'id'], 'desc', orderCursor.read(after)));
  if (state !== undefined) wanted = wanted.where('state', '=', state);
  if (search !== undefined) wanted = wanted.where(contains(search));
  if (key !== undefined) {
    const answer = await orderKeys.answerOf(queries, { scope: accountId, key });
    // A request that only ran an order once has another answer than ids.
    const ids: unknown = JSON.parse(answer ?? '[]');
    wanted = wanted.where(isAmong(queries, 'id', Array.isArray(ids) ? ids : []));
  }
  const rows = await wanted
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return pageOf(rows, limit, ({ created_at, id }) => orderCursor.write([created_at, id]));
}

function contains(search: string): RawBuilder<SqlBool> {
  const pattern = `%${search.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  return sql<SqlBool>`(lower(title) like ${pattern} escape '\\' or lower(address) like ${pattern} escape '\\' or lower(id) like ${pattern} escape '\\')`;
}

/** When runs that are made already are due, of each order, the earliest first. */
export async function timesAhead(
  queries: Queries,
  orderIds: readonly string[],
  now: number,
): Promise<ReadonlyMap<string, readonly number[]>> {
  if (orderIds.length === 0) return new Map();
  const rows = await queueTables(queries)
    .selectFrom('errands_run')
    .select(['order_id', 'due_at'])
    .distinct()
    .where(isAmong(queries, 'order_id', orderIds))
    .where('due_at', '>', now)
    .orderBy('due_at')
    .execute();
  const byOrder = Map.groupBy(rows, ({ order_id }) => order_id);
  return new Map([...byOrder].map(([id, runs]) => [id, runs.map(({ due_at }) => due_at)]));
}

/** All that go on, or one in any state; the oldest first. */
export async function listToExport(
  queries: Queries,
  accountId: string,
  id: string | undefined,
  most: number,
): Promise<readonly OrderRow[]> {
  const own = orderTables(queries).selectFrom('errands_order').selectAll().where('account_id', '=', accountId);
  const wanted =
    id === undefined ? own.where('state', 'not in', [sql.lit('done' as const), sql.lit('cancelled' as const)]) : own.where('id', '=', id);
  return wanted.orderBy('created_at').orderBy('id').limit(most).execute();
}

const runCursor = pageCursor('errands runs', ['integer', 'integer', 'integer', 'integer']);

/** Copies that are neither answered nor failed, by the time that they are due. */
export async function listOpenRuns(
  queries: Queries,
  { orderId, limit, after }: PageRequest & { readonly orderId: string },
): Promise<Page<RunRow>> {
  const rows = await queueTables(queries)
    .selectFrom('errands_run')
    .selectAll()
    .where('order_id', '=', orderId)
    .where(isAfter(['due_at', 'generation', 'slot', 'copy'], 'asc', runCursor.read(after)))
    .orderBy('due_at')
    .orderBy('generation')
    .orderBy('slot')
    .orderBy('copy')
    .limit(limit + 1)
    .execute();
  return pageOf(rows, limit, ({ due_at, generation, slot, copy }) => runCursor.write([due_at, generation, slot, copy]));
}
