/** What contracts of the shop do again and again. */
import assert from 'node:assert/strict';
import type { PromoToSave } from '../../store/cart/promos.ts';
import { type RefundRequest, refundOrder } from '../../store/orders/order-changes.ts';
import type { ShopWorld } from '../shop-world.ts';

export const promo: PromoToSave = {
  code: 'MOIN',
  kind: 'percent',
  value: 10,
  minSubtotal: 0,
  startsAt: null,
  endsAt: null,
  maxUses: null,
  maxUsesPerAccount: null,
  active: true,
};

export async function ordered(
  world: ShopWorld,
  accountId: string,
  items: Readonly<Record<string, number>>,
  payment: 'coins' | 'provider' = 'coins',
) {
  await world.fillCart(accountId, items);
  const answer = await world.order(accountId, { payment });
  assert.equal(answer.outcome, 'ordered');
  return answer.orderId;
}

export async function refund(world: ShopWorld, orderId: string, what: RefundRequest['what'], key = JSON.stringify(what)) {
  const request = { orderId, key, bodyHash: JSON.stringify(what), reason: 'test', what };
  return world.state.write((queries) => refundOrder(queries, request, { ...world.context(), by: 'test' }));
}
