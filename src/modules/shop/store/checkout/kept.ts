/** What is kept for accounts without payment. */
import type { Queries } from '#core/ports/state.ts';
import { isAmong } from '#core/sql/among.ts';
import { type Kept, maxUnpaidOrdersPerDay } from '../../domain/keeping.ts';
import { holderOfOrder, reservationsOf } from '../catalogue/reservations.ts';
import { shopTables } from '../tables.ts';

const dayMs = 86_400_000;

/** By account; read after the shelves are locked, so that no other request keeps more of them meanwhile. */
export async function keptFor(queries: Queries, accountIds: readonly string[], now: number): Promise<ReadonlyMap<string, Kept>> {
  if (accountIds.length === 0) return new Map();
  const orders = await shopTables(queries)
    .selectFrom('shop_order')
    .select(['id', 'account_id', 'state'])
    .where(isAmong(queries, 'account_id', accountIds))
    .where('created_at', '>', now - dayMs)
    .where('paid_at', 'is', null)
    .orderBy('created_at', 'desc')
    .limit(accountIds.length * maxUnpaidOrdersPerDay)
    .execute();
  const waiting = orders.filter(({ state }) => state === 'awaiting_payment');
  const reserved = await reservationsOf(
    queries,
    waiting.map(({ id }) => holderOfOrder(id)),
  );
  const kept = [...Map.groupBy(orders, ({ account_id }) => account_id)].map(([accountId, its]): [string, Kept] => {
    const unpaid = its.filter(({ state }) => state === 'awaiting_payment');
    const pieces = unpaid.flatMap(({ id }) => reserved.get(holderOfOrder(id)) ?? []);
    return [accountId, { pieces, unpaidOrders: unpaid.length, unpaidToday: its.length }];
  });
  return new Map(kept);
}
