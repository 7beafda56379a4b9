/** The payment provider's webhook, and, where the provider is the test one, the button that stands for its page. */
import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { KontorError } from '#core/errors.ts';
import { requireAccount } from '#http/sessions.ts';
import type { Payments } from '../ports/payment.ts';
import { findOrder } from '../store/orders/orders.ts';
import { applyPaymentEvent, type EventOutcome, genuineEvent } from '../store/orders/provider-payments.ts';
import type { ShopApi } from './api.ts';
import { conflict, noOrder } from './refusals.ts';
import { EventTaken, OrderId, TestPayment } from './schemas.ts';

const tags = ['shop'];
const maxEventBytes = 16_384;
const OneOrder = Type.Object({ id: OrderId });

export function addPaymentRoutes(server: FastifyInstance, api: ShopApi, payments: Payments): void {
  const { state, clock } = api.ports;

  async function take(body: string, signature: string): Promise<EventOutcome> {
    const event = genuineEvent(payments, body, signature, clock.now());
    const outcome = await state.write((queries) => applyPaymentEvent(queries, event, api.context()));
    if (outcome === 'unknown') throw noOrder(event.reference);
    if (outcome === 'mismatch')
      throw conflict(
        'amount',
        { name: 'payment-mismatch', values: { order: event.reference } },
        `The payment is not what the order ${event.reference} costs.`,
      );
    return outcome;
  }

  // In a scope of its own, as the body is read as text here: the signature is of what was sent.
  server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    scope.post<{ Body: unknown }>(
      '/api/shop/payment-events',
      {
        bodyLimit: maxEventBytes,
        schema: {
          tags,
          summary: 'For the payment provider: a payment succeeded or failed',
          description: `Signed in the header ${payments.signatureHeader}; each event counts once, however often it is delivered.`,
          response: { 200: EventTaken },
        },
      },
      async (request) => {
        if (typeof request.body !== 'string') throw new KontorError('invalid_input', 'Send the event as JSON.');
        return { outcome: await take(request.body, String(request.headers[payments.signatureHeader] ?? '')) };
      },
    );
  });

  if (payments.pretend === undefined) return;
  server.post<{ Params: Static<typeof OneOrder>; Body: Static<typeof TestPayment> }>(
    '/api/shop/orders/:id/test-payment',
    {
      schema: {
        tags,
        summary: 'Pay with the test provider, or fail to',
        description: 'No money moves. What follows goes the way of a real message: signed, checked and applied once.',
        params: OneOrder,
        body: TestPayment,
        response: { 200: EventTaken },
      },
    },
    async (request) => {
      const { id: accountId } = await requireAccount(request);
      const { id } = request.params;
      const whole = await state.read((queries) => findOrder(queries, id));
      if (whole === undefined || whole.order.account_id !== accountId) throw noOrder(id);
      const { state: orderState, total } = whole.order;
      if (orderState !== 'awaiting_payment')
        throw conflict(
          'state',
          { name: 'waits-for-no-payment', values: { state: orderState } },
          `The order is ${orderState}: it waits for no payment.`,
        );
      const { paymentId } = await payments.begin({ reference: id, amount: total });
      const kind = request.body.outcome;
      const message = payments.pretend?.({ kind, paymentId, reference: id, amount: total }, clock.now());
      if (message === undefined) throw noOrder(id);
      return { outcome: await take(message.body, message.signature) };
    },
  );
}
