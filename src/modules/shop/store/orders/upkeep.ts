/** What the shop does by itself: ends reservations that are over, settles refunds, forgets guests. Any number of processes may do it at once. */
import type { Ports } from '#core/ports/ports.ts';
import { noteOf } from '../../domain/house-notes.ts';
import { guestCartDays } from '../../domain/settings.ts';
import type { ShopTerms } from '../../ports/ports.ts';
import { forgetGuestCarts, lockCart } from '../cart/carts.ts';
import { expiredCarts, holderOfCart, releaseHolder } from '../catalogue/reservations.ts';
import { checkoutKeys } from '../checkout/checkout.ts';
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
    await checkoutKeys.prune(queries, now - keepRequestsMs, perRound);
  });
}

async function releaseCarts({ state, clock }: UpkeepPorts): Promise<void> {
  const now = clock.now();
  const carts = await state.read((queries) => expiredCarts(queries, now, perRound));
  for (const id of carts) {
    await state.write(async (queries) => {
      // The cart first, as every change of it does: what was reserved anew in the meantime is then seen, and kept.
      await lockCart(queries, id);
      if ((await expiredCarts(queries, now, perRound)).includes(id)) await releaseHolder(queries, holderOfCart(id));
    });
  }
}

async function endOverdueOrders({ state, clock, random }: UpkeepPorts, reservationMs: number): Promise<void> {
  const now = clock.now();
  const overdue = await state.read((queries) => overdueOrders(queries, now - reservationMs, perRound));
  for (const id of overdue) {
    await state.write(async (queries) => {
      // An order that was paid in the meantime is not overdue any more: payment and end wait for each other at its lock.
      const context = { random, now, by: 'shop' };
      await cancelOrder(queries, id, noteOf('payment-overdue'), context, { onlyUnpaid: true });
    });
  }
}
