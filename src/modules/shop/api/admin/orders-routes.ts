/** Orders for admins over HTTP. */
import { refuse } from '#core/refuse.ts';
import { hashOfBody } from '#core/request-keys.ts';
import { type Route, route } from '#http/route.ts';
import { shopRefusals } from '../../refusals.ts';
import { moveOrder, type RefundRequest, refundOrder } from '../../store/orders/order-changes.ts';
import { orderSummary, viewOrder } from '../../store/orders/order-view.ts';
import { findOrder, listCustomers, listOrders, listRefunds } from '../../store/orders/orders.ts';
import { noOrder, orderRefusal } from '../../store/refused.ts';
import type { Order } from '../orders/contracts.ts';
import type { ShopApi } from '../shop-api.ts';
import * as contracts from './orders-contracts.ts';

export function adminOrderRoutes({ ports: { state, clock, random } }: ShopApi): readonly Route[] {
  async function show(id: string): Promise<Order> {
    const whole = await state.read((queries) => findOrder(queries, id));
    if (whole === undefined) throw noOrder(id);
    return viewOrder(whole);
  }

  return [
    route(contracts.listOrders, async ({ query }) => {
      const { items, next } = await state.read((queries) => listOrders(queries, query));
      return { orders: items.map(orderSummary), next };
    }),

    route(contracts.readOrder, ({ params: { id } }) => show(id)),

    route(contracts.moveOrder, async ({ account, params: { id }, body: { state: to, note } }) => {
      const context = { random, now: clock.now(), by: account.id };
      const answer = await state.write((queries) => moveOrder(queries, { orderId: id, to, note }, context));
      if (answer.outcome !== 'changed' && answer.outcome !== 'cancelled' && answer.outcome !== 'refunded') throw orderRefusal(id, answer);
      return show(id);
    }),

    route(contracts.refundOrder, async ({ account, params: { id }, headers, body, reply }) => {
      const what = whatToRefund(body);
      const bodyHash = hashOfBody(JSON.stringify([body.reason, what]));
      const wanted = { orderId: id, key: headers['idempotency-key'], bodyHash, reason: body.reason, what };
      const context = { random, now: clock.now(), by: account.id };
      const answer = await state.write((queries) => refundOrder(queries, wanted, context));
      if (answer.outcome !== 'refunded') throw orderRefusal(id, answer);
      if (answer.repeated) reply.header('idempotency-replayed', 'true');
      return { id: answer.refundId, orderId: id, amount: answer.amount };
    }),

    route(contracts.listRefunds, async ({ query }) => {
      const { items, next } = await state.read((queries) => listRefunds(queries, query));
      return { refunds: items, next };
    }),

    route(contracts.listCustomers, async ({ query }) => {
      const { items, next } = await state.read((queries) => listCustomers(queries, query));
      return { customers: items, next };
    }),
  ];
}

function whatToRefund({ everything, restock = false, lines, amount }: contracts.RefundInput): RefundRequest['what'] {
  const given = [everything === true, lines !== undefined, amount !== undefined].filter(Boolean).length;
  if (given !== 1) throw refuse(shopRefusals, 'refund-one-kind', {}, 'everything');
  if (lines !== undefined) return { kind: 'pieces', pieces: lines };
  if (amount !== undefined) return { kind: 'amount', amount };
  return { kind: 'everything', restock };
}
