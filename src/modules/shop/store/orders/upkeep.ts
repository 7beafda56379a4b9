/** What the shop does by itself: lets go of what was reserved for too long, settles refunds, forgets guests. Any number may do it at once. */
import type { Ports } from '#core/ports/ports.ts';
import { guestCartDays } from '../../api/guest-cookie.ts';
import { noteOf } from '../../domain/house-notes.ts';

import type { ShopTerms } from '../../ports/ports.ts';
import { forgetGuestCarts } from '../cart/carts.ts';
import { expiredCartHolders, releaseHolder } from '../catalogue/stock.ts';
import { shopTables } from '../tables.ts';
import { cancelOrder, overdueOrders } from './order-changes.ts';
import { settleRefunds } from './provider-payments.ts';

const dayMs = 86_400_000;
const perRound = 100;
const keepRequestsMs = 7 * dayMs;

export type UpkeepPorts = Pick<Ports, 'state' | 'clock' | 'random' | 'log'>;

/** One bounded round of everything. */
export async function keepShop(
  ports: UpkeepPorts,
  { payments, reservationMs }: Pick<ShopTerms, 'payments' | 'reservationMs'>,
): Promise<void> {
  const { state, clock } = ports;
  await releaseCarts(ports);
  await endOverdueOrders(ports, reservationMs);
  if (payments !== undefined) await settleRefunds(ports, payments);
  const now = clock.now();
  await state.write(async (queries) => {
    await forgetGuestCarts(queries, now - guestCartDays * dayMs, perRound);
    await shopTables(queries)
      .deleteFrom('shop_request')
      .where('at', 'in', (old) =>
        old
          .selectFrom('shop_request')
          .select('at')
          .where('at', '<', now - keepRequestsMs)
          .orderBy('at')
          .limit(perRound),
      )
      .execute();
  });
}

async function releaseCarts({ state, clock }: UpkeepPorts): Promise<void> {
  const now = clock.now();
  const holders = await state.read((queries) => expiredCartHolders(queries, now, perRound));
  for (const holder of holders) {
    await state.write(async (queries) => {
      // The cart first, as whoever changes it does: so that what was reserved anew in the meantime is seen, and kept.
      await shopTables(queries)
        .updateTable('shop_cart')
        .set((cart) => ({ promo_code: cart.ref('promo_code') }))
        .where('id', '=', holder.slice('cart:'.length))
        .execute();
      if ((await expiredCartHolders(queries, now, perRound)).includes(holder)) await releaseHolder(queries, holder);
    });
  }
}

async function endOverdueOrders({ state, clock, random }: UpkeepPorts, reservationMs: number): Promise<void> {
  const now = clock.now();
  const overdue = await state.read((queries) => overdueOrders(queries, now - reservationMs, perRound));
  for (const id of overdue) {
    await state.write(async (queries) => {
      // Paid in the meantime, it is overdue no more; whichever comes second waits for the first at the order's lock.
      const context = { random, now, by: 'shop' };
      await cancelOrder(queries, id, noteOf('payment-overdue'), context, { onlyUnpaid: true });
    });
  }
}
