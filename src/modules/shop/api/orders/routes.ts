/** Checkout and one's own orders over HTTP. */
import { refuse } from '#core/refuse.ts';
import { hashOfBody } from '#core/request-keys.ts';
import { type Route, route } from '#http/route.ts';
import type { Texts } from '../../demo/translations.ts';
import type { CheckoutRequest } from '../../domain/checkout-plan.ts';
import { noteOf } from '../../domain/house-notes.ts';
import { shopRefusals } from '../../refusals.ts';
import { wholeOrderOf } from '../../store/checkout/order-writing.ts';
import { cancelOrder } from '../../store/orders/order-changes.ts';
import { orderSummary, payAtOf, viewOrder } from '../../store/orders/order-view.ts';
import { findOrder, listOrders, type WholeOrder } from '../../store/orders/orders.ts';
import { checkoutRefusal, noOrder, orderRefusal } from '../../store/refused.ts';
import { textsOf } from '../catalogue/routes.ts';
import type { ShopApi } from '../shop-api.ts';
import * as contracts from './contracts.ts';

export function orderRoutes({ ports: { state, clock, random }, terms: { payments }, desk, cookie }: ShopApi): readonly Route[] {
  async function show(whole: WholeOrder, texts: Texts): Promise<contracts.Order> {
    return viewOrder(whole, await payAtOf(whole, payments), texts);
  }

  async function showOwn(id: string, accountId: string, texts: Texts): Promise<contracts.Order> {
    const whole = await state.read((queries) => findOrder(queries, id));
    if (whole === undefined || whole.order.account_id !== accountId) throw noOrder(id);
    return show(whole, texts);
  }

  return [
    route(contracts.checkOut, async ({ account, headers, body, request, reply }) => {
      if (body.payment === 'provider' && payments === undefined) throw refuse(shopRefusals, 'coins-only', {}, 'payment');
      const guestCartId = cookie.read(request);
      const answer = await desk.submit(checkoutRequest({ accountId: account.id, key: headers['idempotency-key'], guestCartId }, body));
      if (answer.outcome !== 'ordered') throw checkoutRefusal(answer);
      const texts = textsOf(request);
      if (answer.repeated) {
        reply.header('idempotency-replayed', 'true');
        return showOwn(answer.orderId, account.id, texts);
      }
      if (guestCartId !== undefined) cookie.clear(request, reply);
      // A new order is shown as it was written: reading it back would cost more than writing it.
      return show(wholeOrderOf(answer.order), texts);
    }),

    route(contracts.listOrders, async ({ account, query }) => {
      const { items, next } = await state.read((queries) => listOrders(queries, { ...query, accountId: account.id }));
      return { orders: items.map(orderSummary), next };
    }),

    route(contracts.readOrder, ({ account, params: { id }, request }) => showOwn(id, account.id, textsOf(request))),

    route(contracts.cancelOrder, async ({ account, params: { id }, request }) => {
      const context = { random, now: clock.now(), by: account.id };
      const answer = await state.write((queries) =>
        cancelOrder(queries, id, noteOf('by-the-customer'), context, { ofAccount: account.id }),
      );
      if (answer.outcome !== 'cancelled' && answer.outcome !== 'refunded') throw orderRefusal(id, answer);
      return showOwn(id, account.id, textsOf(request));
    }),
  ];
}

type Asking = Pick<CheckoutRequest, 'accountId' | 'key' | 'guestCartId'>;

function checkoutRequest(asking: Asking, { payment, expectedTotal, shipTo }: contracts.CheckoutInput): CheckoutRequest {
  const { name, street, postcode, city, country } = shipTo;
  const bodyHash = hashOfBody(JSON.stringify([payment, expectedTotal, name, street, postcode, city, country]));
  return { ...asking, bodyHash, payment, expectedTotal, shipTo: JSON.stringify(shipTo) };
}
