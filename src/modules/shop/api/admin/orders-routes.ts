/** Orders for admins over HTTP. */
import type { Queries } from '#core/ports/state.ts';
import { refuse } from '#core/refuse.ts';
import { hashOfBody } from '#core/request-keys.ts';
import { type Route, route } from '#http/route.ts';
import { accountsNamed, namesOf } from '#modules/people/who.ts';
import { orderIdIn } from '../../domain/order-ids.ts';
import { shopRefusals } from '../../refusals.ts';
import { moveOrder, type RefundRequest, refundOrder } from '../../store/orders/order-changes.ts';
import { orderSummary, viewOrder } from '../../store/orders/order-view.ts';
import { findOrder, listCustomers, listOrders, listRefunds, type OrderFilter } from '../../store/orders/orders.ts';
import { noOrder, orderRefusal } from '../../store/refused.ts';
import type { ShopApi } from '../shop-api.ts';
import { withAccountNames, withNames } from './names.ts';
import * as contracts from './orders-contracts.ts';

export function adminOrderRoutes({ ports: { state, clock, random } }: ShopApi): readonly Route[] {
  const show = (id: string): Promise<contracts.AdminOrder> =>
    state.read(async (queries) => {
      const whole = await findOrder(queries, id);
      if (whole === undefined) throw noOrder(id);
      const accountId = whole.order.account_id;
      return { ...viewOrder(whole), accountName: (await namesOf(queries, [accountId])).get(accountId) ?? null };
    });

  return [
    route(contracts.listOrders, ({ query: { search, ...query } }) =>
      state.read(async (queries) => {
        const { items, next } = await listOrders(queries, { ...query, ...(await wantedOrders(queries, search)) });
        return { orders: await withAccountNames(queries, items.map(orderSummary)), next };
      }),
    ),

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

    route(contracts.listRefunds, ({ query }) =>
      state.read(async (queries) => {
        const { items, next } = await listRefunds(queries, query);
        return { refunds: await withNames(queries, items), next };
      }),
    ),

    route(contracts.listCustomers, ({ query }) =>
      state.read(async (queries) => {
        const { items, next } = await listCustomers(queries, query);
        return { customers: await withAccountNames(queries, items), next };
      }),
    ),
  ];
}

/** By its number, or by who ordered. */
async function wantedOrders(queries: Queries, search: string | undefined): Promise<Pick<OrderFilter, 'id' | 'accountIds'>> {
  if (search === undefined) return {};
  const id = orderIdIn(search);
  return id === undefined ? { accountIds: await accountsNamed(queries, search) } : { id };
}

function whatToRefund({ everything, restock = false, lines, amount }: contracts.RefundInput): RefundRequest['what'] {
  const given = [everything === true, lines !== undefined, amount !== undefined].filter(Boolean).length;
  if (given !== 1) throw refuse(shopRefusals, 'refund-one-kind', {}, 'everything');
  if (lines !== undefined) return { kind: 'pieces', pieces: lines };
  if (amount !== undefined) return { kind: 'amount', amount };
  return { kind: 'everything', restock };
}
