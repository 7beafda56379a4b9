/** The shop at a glance, for admins: each statement reads a bounded number of rows, because the page asks beside live traffic. */
import { sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import { type Sums, sumsOf } from '#core/sql/sums.ts';
import { openStates } from '../domain/arithmetic.ts';
import { lowestStock, type StockLevel } from './catalogue/stock.ts';

/** So many owed refunds are counted, and so many orders in one state. */
const mostOwed = 10_000;
const mostOpen = 1_000;
const shownArticles = 5;

export interface ShopOverview {
  readonly sales: Sums;
  readonly refunds: Sums;
  readonly owed: { readonly count: number; readonly coins: number };
  /** Orders that somebody has to do something for. */
  readonly open: readonly { readonly state: OpenState; readonly orders: number; readonly more: boolean }[];
  /** The least first. */
  readonly low: readonly StockLevel[];
}

type OpenState = (typeof openStates)[number];

export async function readOverview(queries: Queries, now: number): Promise<ShopOverview> {
  const [sales, refunds, owed, open, low] = await Promise.all([
    sumsOf(queries, { table: 'shop_order', at: 'created_at', coins: 'total', only: 'paid_at is not null' }, now),
    sumsOf(queries, { table: 'shop_refund', at: 'at', coins: 'amount', only: 'amount > 0' }, now),
    owedRefunds(queries),
    openOrders(queries),
    lowestStock(queries, shownArticles),
  ]);
  return { sales, refunds, owed, open, low };
}

async function owedRefunds(queries: Queries): Promise<ShopOverview['owed']> {
  const owed = sql`select amount from shop_refund where settled = 0 order by at limit ${sql.lit(mostOwed)}`;
  const { rows } = await sql<{ count: number; coins: number }>`
    select count(*) as count, cast(coalesce(sum(amount), 0) as bigint) as coins from (${owed}) as owed`.execute(queries);
  return rows[0] ?? { count: 0, coins: 0 };
}

async function openOrders(queries: Queries): Promise<ShopOverview['open']> {
  const counts = openStates.map(
    (state) => sql`select ${sql.lit(state)} as state, count(*) as orders
      from (select 1 from shop_order where state = ${sql.lit(state)} limit ${sql.lit(mostOpen)}) as ${sql.id(state)}`,
  );
  const { rows } = await sql<{ state: OpenState; orders: number }>`${sql.join(counts, sql` union all `)}`.execute(queries);
  return rows.map(({ state, orders }) => ({ state, orders, more: orders >= mostOpen }));
}
