/** What the shop does when a customer leaves: the cart goes, orders keep everything but whom and where they went to. */
import type { KontorError } from '#core/errors.ts';
import type { LeavingAccount } from '#core/farewell.ts';
import type { Queries } from '#core/ports/state.ts';
import { refuse } from '#core/refuse.ts';
import { openStates } from '../domain/arithmetic.ts';
import { shopRefusals } from '../refusals.ts';
import { holderOfCart, releaseHolder } from './catalogue/reservations.ts';
import { shopTables } from './tables.ts';

const noAddress = JSON.stringify({ name: '–', street: '–', postcode: '–', city: '–', country: 'ZZ' });

export async function leaveShop(queries: Queries, { id }: LeavingAccount): Promise<KontorError | undefined> {
  const tables = shopTables(queries);
  const open = await tables
    .selectFrom('shop_order')
    .select('id')
    .where('account_id', '=', id)
    .where('state', 'in', openStates)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  if (open !== undefined) return refuse(shopRefusals, 'order-under-way', { order: open.id });
  const carts = await tables.deleteFrom('shop_cart').where('account_id', '=', id).returning('id').execute();
  for (const cart of carts) {
    await releaseHolder(queries, holderOfCart(cart.id));
    await tables.deleteFrom('shop_cart_line').where('cart_id', '=', cart.id).execute();
  }
  await tables.updateTable('shop_order').set({ ship_to: noAddress }).where('account_id', '=', id).execute();
  return undefined;
}
