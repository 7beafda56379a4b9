/** Orders of one account for one address: whether there is one already. */
import type { Queries } from '#core/ports/state.ts';
import { orderTables } from './tables.ts';

export interface OrdersOfAddress {
  /** The id of one that is neither done nor cancelled. */
  readonly live: string | undefined;
  /** How many are done or cancelled. */
  readonly ended: number;
}

export async function ordersOfAddress(queries: Queries, accountId: string, address: string): Promise<OrdersOfAddress> {
  const rows = await orderTables(queries)
    .selectFrom('errands_order')
    .select(['id', 'state'])
    .where('account_id', '=', accountId)
    .where('address', '=', address)
    .orderBy('created_at')
    .execute();
  const isEnded = (state: string) => state === 'done' || state === 'cancelled';
  return { live: rows.find(({ state }) => !isEnded(state))?.id, ended: rows.filter(({ state }) => isEnded(state)).length };
}
