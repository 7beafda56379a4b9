/** Checkout and one's own orders over HTTP. */
import type { FastifyRequest } from 'fastify';
import { refuse } from '#core/refuse.ts';
import { hashOfBody, madeBy } from '#core/request-keys.ts';
import { type Route, route } from '#http/route.ts';
import type { CheckoutRequest } from '../../domain/checkout-plan.ts';
import { noteOf } from '../../domain/house-notes.ts';
import { shopRefusals } from '../../refusals.ts';
import { readStored } from '../../store/catalogue/translations.ts';
import { checkoutKeys } from '../../store/checkout/checkout.ts';
import { wholeOrderOf } from '../../store/checkout/order-writing.ts';
import { cancelOrder } from '../../store/orders/order-changes.ts';
import { orderSummary, payAtOf, viewOrder } from '../../store/orders/order-view.ts';
import { findOrder, listOrders, type WholeOrder } from '../../store/orders/orders.ts';
import { checkoutRefusal, noOrder, orderRefusal } from '../../store/refused.ts';
import { textsOf } from '../catalogue/routes.ts';
import { paymentsFor, type ShopApi } from '../shop-api.ts';
import * as contracts from './contracts.ts';

export function orderRoutes({ ports: { state, clock, random, metrics }, terms, desk, cookie }: ShopApi): readonly Route[] {
  const ordered = metrics.counter('kontor_shop_orders_total', 'Orders that were made.');

  async function show(whole: WholeOrder, request: FastifyRequest): Promise<contracts.Order> {
    const productIds = whole.lines.map(({ product_id }) => product_id);
    const texts = await readStored(state, textsOf(request), productIds);
    return viewOrder(whole, await payAtOf(whole, paymentsFor(terms, request)), texts);
  }

  async function showOwn(id: string, accountId: string, request: FastifyRequest): Promise<contracts.Order> {
    const whole = await state.read((queries) => findOrder(queries, id));
    if (whole === undefined || whole.order.account_id !== accountId) throw noOrder(id);
    return show(whole, request);
  }

  return [
    route(contracts.checkOut, async ({ account, headers, body, request, reply }) => {
      if (body.payment === 'provider' && paymentsFor(terms, request) === undefined) throw refuse(shopRefusals, 'coins-only', {}, 'payment');
      const guestCartId = cookie.read(request.headers.cookie, request.protocol);
      const answer = await desk.submit(checkoutRequest({ accountId: account.id, key: headers['idempotency-key'], guestCartId }, body));
      if (answer.outcome !== 'ordered') throw checkoutRefusal(answer);
      if (answer.repeated) {
        reply.header('idempotency-replayed', 'true');
        return showOwn(answer.orderId, account.id, request);
      }
      ordered.add(1);
      if (guestCartId !== undefined) reply.header('set-cookie', cookie.removed(request.protocol));
      // A new order is shown as it was written: reading it back would cost more than writing it.
      return show(wholeOrderOf(answer.order), request);
    }),

    route(contracts.listOrders, async ({ account, query: { key, ...page } }) => {
      const { items, next } = await state.read(async (queries) => {
        const id = await madeBy(checkoutKeys, queries, account.id, key);
        return listOrders(queries, { ...page, accountId: account.id, id });
      });
      return { orders: items.map(orderSummary), next };
    }),

    route(contracts.readOrder, ({ account, params: { id }, request }) => showOwn(id, account.id, request)),

    route(contracts.cancelOrder, async ({ account, params: { id }, request }) => {
      const context = { random, now: clock.now(), by: account.id };
      const answer = await state.write((queries) =>
        cancelOrder(queries, id, noteOf('by-the-customer'), context, { ofAccount: account.id }),
      );
      if (answer.outcome !== 'cancelled' && answer.outcome !== 'refunded') throw orderRefusal(id, answer);
      return showOwn(id, account.id, request);
    }),
  ];
}

type Asking = Pick<CheckoutRequest, 'accountId' | 'key' | 'guestCartId'>;

function checkoutRequest(asking: Asking, { payment, expectedTotal, shipTo }: contracts.CheckoutInput): CheckoutRequest {
  const { name, street, postcode, city, country } = shipTo;
  const bodyHash = hashOfBody(JSON.stringify([payment, expectedTotal, name, street, postcode, city, country]));
  return { ...asking, bodyHash, payment, expectedTotal, shipTo: JSON.stringify(shipTo) };
}
