/** The shop's routes for admins about orders: moving them on, refunds, and who ordered. */
import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { requireAdmin } from '#http/sessions.ts';
import { cancelOrder, changeState, type RefundRequest, refundOrder } from '../store/orders/order-changes.ts';
import { findOrder, listCustomers, listOrders, listRefunds } from '../store/orders/orders.ts';
import { AdminOrdersQuery, Customers, RefundInput, RefundList, RefundsQuery, RefundView, StateInput } from './admin-schemas.ts';
import { orderPage, type ShopApi } from './api.ts';
import { pageOf, placeIn } from './places.ts';
import { cancellationRefusal, invalidField, noOrder, refundRefusal, stateRefusal } from './refusals.ts';
import { IdempotencyHeaders, Order, OrderId, OrderPage } from './schemas.ts';
import { orderView } from './views.ts';

const tags = ['shop admin'];
const shownCustomers = 500;

const OneOrder = Type.Object({ id: OrderId });
type ById = { Params: Static<typeof OneOrder> };

export function addAdminOrderRoutes(server: FastifyInstance, { ports }: ShopApi): void {
  const { state, clock, random } = ports;

  async function show(id: string): Promise<Order> {
    const whole = await state.read((queries) => findOrder(queries, id));
    if (whole === undefined) throw noOrder(id);
    return orderView(whole, null);
  }

  server.get<{ Querystring: AdminOrdersQuery }>(
    '/api/shop/admin/orders',
    { schema: { tags, summary: 'Everybody’s orders', querystring: AdminOrdersQuery, response: { 200: OrderPage } } },
    async ({ query: { before, limit, ...filter } }) => {
      const page = await state.read((queries) => listOrders(queries, { ...filter, before: placeIn(before), limit: limit + 1 }));
      return orderPage(page, limit);
    },
  );

  server.get<ById>(
    '/api/shop/admin/orders/:id',
    { schema: { tags, summary: 'One order', params: OneOrder, response: { 200: Order } } },
    async ({ params: { id } }) => show(id),
  );

  server.post<ById & { Body: Static<typeof StateInput> }>(
    '/api/shop/admin/orders/:id/state',
    {
      schema: {
        tags,
        summary: 'Move an order on',
        description: 'Cancelling gives back what was paid; a shipped order is refunded instead.',
        params: OneOrder,
        body: StateInput,
        response: { 200: Order },
      },
    },
    async (request) => {
      const admin = await requireAdmin(request);
      const { id } = request.params;
      const { state: to, note } = request.body;
      const context = { random, now: clock.now(), by: admin.id };
      if (to === 'cancelled') {
        const answer = await state.write((queries) => cancelOrder(queries, id, note, context));
        if (answer.outcome !== 'cancelled' && answer.outcome !== 'refunded') throw cancellationRefusal(id, answer);
      } else {
        const answer = await state.write((queries) => changeState(queries, { orderId: id, to, note }, context));
        if (answer.outcome !== 'changed') throw stateRefusal(id, answer);
      }
      return show(id);
    },
  );

  server.post<ById & { Body: RefundInput; Headers: { 'idempotency-key': string } }>(
    '/api/shop/admin/orders/:id/refunds',
    {
      schema: {
        tags,
        summary: 'Give back what was paid, all of it or a part',
        params: OneOrder,
        headers: IdempotencyHeaders,
        body: RefundInput,
        response: { 201: RefundView },
      },
    },
    async (request, reply) => {
      const admin = await requireAdmin(request);
      const { id } = request.params;
      const { reason } = request.body;
      const what = whatToRefund(request.body);
      const bodyHash = createHash('sha256')
        .update(JSON.stringify([reason, what]))
        .digest('hex');
      const context = { random, now: clock.now(), by: admin.id };
      const answer = await state.write((queries) =>
        refundOrder(queries, { orderId: id, key: request.headers['idempotency-key'], bodyHash, reason, what }, context),
      );
      if (answer.outcome !== 'refunded') throw refundRefusal(id, answer);
      if (answer.repeated) reply.header('idempotency-replayed', 'true');
      return reply.code(201).send({ id: answer.refundId, orderId: id, amount: answer.amount });
    },
  );

  server.get<{ Querystring: RefundsQuery }>(
    '/api/shop/admin/refunds',
    {
      schema: {
        tags,
        summary: 'What went back, the newest first',
        description: 'What was paid through the provider is owed until the provider has taken note.',
        querystring: RefundsQuery,
        response: { 200: RefundList },
      },
    },
    async ({ query: { settled, before, limit } }) => {
      const refunds = await state.read((queries) => listRefunds(queries, { settled, before: placeIn(before), limit: limit + 1 }));
      const { page, next } = pageOf(refunds, limit, (refund) => refund);
      return { refunds: page, next };
    },
  );

  server.get(
    '/api/shop/admin/customers',
    { schema: { tags, summary: 'Who ordered something', response: { 200: Customers } } },
    async () => ({
      customers: [...(await state.read((queries) => listCustomers(queries, shownCustomers)))],
    }),
  );
}

function whatToRefund({ everything, restock = false, lines, amount }: RefundInput): RefundRequest['what'] {
  const given = [everything === true, lines !== undefined, amount !== undefined].filter(Boolean).length;
  if (given !== 1)
    throw invalidField(
      'everything',
      { name: 'refund-one-kind', values: {} },
      'Say what to give back: exactly one of everything, lines and amount.',
    );
  if (lines !== undefined) return { kind: 'pieces', pieces: lines };
  if (amount !== undefined) return { kind: 'amount', amount };
  return { kind: 'everything', restock };
}
