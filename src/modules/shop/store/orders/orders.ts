/** Orders as they are read: whole ones with lines, payment, refunds and history, and pages of them. */
import { isAfter, type Page, type PageRequest, pageCursor, pageOf } from '#core/paging.ts';
import type { Queries } from '#core/ports/state.ts';
import { isAmong } from '#core/sql/among.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import type { OrderState } from '../../domain/arithmetic.ts';
import { type HouseNote, houseNoteIn } from '../../domain/house-notes.ts';
import { type ShopTables, shopTables } from '../tables.ts';

export type OrderRow = ShopTables['shop_order'];
export type OrderLineRow = ShopTables['shop_order_line'];

export interface WholeOrder {
  readonly order: OrderRow;
  readonly lines: readonly OrderLineRow[];
  readonly payment: ShopTables['shop_payment'] | undefined;
  readonly refunds: readonly ShopTables['shop_refund'][];
  readonly events: readonly ShopTables['shop_order_event'][];
}

/** Parts of an order are bounded by its lines and the changes that its states allow; this only guards the reader. */
const maxParts = 1_000;

export async function findOrder(queries: Queries, id: string): Promise<WholeOrder | undefined> {
  const tables = shopTables(queries);
  const order = await tables.selectFrom('shop_order').selectAll().where('id', '=', id).executeTakeFirst();
  if (order === undefined) return undefined;
  return {
    order,
    lines: await linesOfOrder(queries, id),
    payment: await tables.selectFrom('shop_payment').selectAll().where('order_id', '=', id).executeTakeFirst(),
    refunds: await tables.selectFrom('shop_refund').selectAll().where('order_id', '=', id).orderBy('at').limit(maxParts).execute(),
    events: await tables.selectFrom('shop_order_event').selectAll().where('order_id', '=', id).orderBy('number').limit(maxParts).execute(),
  };
}

export async function linesOfOrder(queries: Queries, id: string): Promise<readonly OrderLineRow[]> {
  return shopTables(queries).selectFrom('shop_order_line').selectAll().where('order_id', '=', id).orderBy('line').execute();
}

/** Locked for a change. */
export async function lockOrder(queries: Queries, id: string): Promise<OrderRow | undefined> {
  return shopTables(queries)
    .selectFrom('shop_order')
    .selectAll()
    .where('id', '=', id)
    .$if(dialectOf(queries) === 'postgres', (query) => query.forNoKeyUpdate())
    .executeTakeFirst();
}

export interface OrderFilter {
  readonly id?: string | undefined;
  readonly accountId?: string | undefined;
  /** Of a bounded number of accounts. */
  readonly accountIds?: readonly string[] | undefined;
  readonly state?: OrderState | undefined;
}

const orderCursor = pageCursor('orders', ['integer', 'text']);

/** Newest first. */
export async function listOrders(queries: Queries, filter: OrderFilter & PageRequest): Promise<Page<OrderRow>> {
  const { id, accountId, accountIds, state, after, limit } = filter;
  let page = shopTables(queries).selectFrom('shop_order').selectAll();
  if (id !== undefined) page = page.where('id', '=', id);
  if (accountIds !== undefined) page = page.where(isAmong(queries, 'account_id', accountIds));
  if (accountId !== undefined) page = page.where('account_id', '=', accountId);
  if (state !== undefined) page = page.where('state', '=', state);
  const rows = await page
    .where(isAfter(['created_at', 'id'], 'desc', orderCursor.read(after)))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return pageOf(rows, limit, ({ created_at, id }) => orderCursor.write([created_at, id]));
}

export interface ListedRefund {
  readonly id: string;
  readonly orderId: string;
  readonly amount: number;
  readonly reason: string;
  readonly houseNote: HouseNote | null;
  readonly by: string;
  readonly at: number;
  readonly settled: boolean;
}

const refundCursor = pageCursor('refunds', ['integer', 'text']);

/** Newest first. */
export async function listRefunds(
  queries: Queries,
  { settled, after, limit }: PageRequest & { readonly settled?: boolean | undefined },
): Promise<Page<ListedRefund>> {
  let page = shopTables(queries)
    .selectFrom('shop_refund')
    .select(['id', 'order_id as orderId', 'amount', 'reason', 'by_whom as by', 'at', 'settled']);
  if (settled !== undefined) page = page.where('settled', '=', settled ? 1 : 0);
  const rows = await page
    .where(isAfter(['at', 'id'], 'desc', refundCursor.read(after)))
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  const { items, next } = pageOf(rows, limit, ({ at, id }) => refundCursor.write([at, id]));
  return { items: items.map((row) => ({ ...row, houseNote: houseNoteIn(row.reason), settled: row.settled === 1 })), next };
}

export interface Customer {
  readonly accountId: string;
  readonly orders: number;
  readonly spent: number;
  readonly refunded: number;
  readonly lastOrderAt: number;
}

const customerCursor = pageCursor('customers', ['integer', 'text']);

/** Accounts that ordered something, the most recent first. */
export async function listCustomers(queries: Queries, { after, limit }: PageRequest): Promise<Page<Customer>> {
  const customers = shopTables(queries)
    .selectFrom('shop_order')
    .where('paid_at', 'is not', null)
    .groupBy('account_id')
    .select((select) => [
      'account_id as accountId',
      select.fn.countAll<number>().as('orders'),
      select.fn.sum<number>('total').as('spent'),
      select.fn.sum<number>('refunded').as('refunded'),
      select.fn.max('created_at').as('lastOrderAt'),
    ]);
  const rows = await shopTables(queries)
    .selectFrom(customers.as('customer'))
    .selectAll()
    .where(isAfter(['lastOrderAt', 'accountId'], 'desc', customerCursor.read(after)))
    .orderBy('lastOrderAt', 'desc')
    .orderBy('accountId', 'desc')
    .limit(limit + 1)
    .execute();
  const { items, next } = pageOf(rows, limit, ({ lastOrderAt, accountId }) => customerCursor.write([lastOrderAt, accountId]));
  return {
    items: items.map((row) => ({ ...row, orders: Number(row.orders), spent: Number(row.spent), refunded: Number(row.refunded) })),
    next,
  };
}

export interface NewEvent {
  readonly state: OrderState;
  readonly by: string;
  readonly note: string;
  readonly at: number;
}

/** Of an order that the caller has locked. */
export async function enterState(queries: Queries, orderId: string, { state, by, note, at }: NewEvent): Promise<void> {
  const tables = shopTables(queries);
  const { last } = await tables
    .selectFrom('shop_order_event')
    .where('order_id', '=', orderId)
    .select((select) => select.fn.max<number>('number').as('last'))
    .executeTakeFirstOrThrow();
  await tables
    .insertInto('shop_order_event')
    .values({ order_id: orderId, number: (last ?? 0) + 1, state, by_whom: by, note, at })
    .execute();
  await tables.updateTable('shop_order').set({ state, changed_at: at }).where('id', '=', orderId).execute();
}
