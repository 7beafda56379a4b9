/** Payments through a provider: each of its events is applied once, and refunds are handed to it until it has taken them. */
import { invariant } from '#core/errors.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { Queries, State } from '#core/ports/state.ts';
import { refuse } from '#core/refuse.ts';
import { recordSales } from '#modules/stocks/tape.ts';
import { noteOf } from '../../domain/house-notes.ts';
import type { PaymentEvent, Payments, SignedMessage } from '../../ports/payment.ts';
import { shopRefusals } from '../../refusals.ts';
import { holderOfOrder, removeReservations } from '../catalogue/reservations.ts';
import { lockShelves, moveStock } from '../catalogue/stock.ts';
import { type CheckoutContext, ledgerScope } from '../checkout/checkout.ts';
import { saleOf } from '../checkout/order-writing.ts';
import { noOrder } from '../refused.ts';
import { shopTables } from '../tables.ts';
import { cancelOrder } from './order-changes.ts';
import { enterState, findOrder, linesOfOrder, lockOrder, type OrderRow } from './orders.ts';

/** `late`: the order was cancelled before; the money goes back. */
export type EventOutcome = 'applied' | 'repeated' | 'late' | 'unknown' | 'mismatch';

/** Applies an event once, however often it is delivered. */
export async function applyPaymentEvent(queries: Queries, event: PaymentEvent, context: CheckoutContext): Promise<EventOutcome> {
  const { random, now } = context;
  const order = await lockOrder(queries, event.reference);
  if (order === undefined) return 'unknown';
  if (event.kind === 'paid' && event.amount !== order.total) return 'mismatch';
  const { numInsertedOrUpdatedRows } = await shopTables(queries)
    .insertInto('shop_payment_event')
    .values({ event_id: event.eventId, order_id: order.id, at: now })
    .onConflict((conflict) => conflict.column('event_id').doNothing())
    .executeTakeFirst();
  if (numInsertedOrUpdatedRows !== 1n) return 'repeated';
  if (event.kind === 'failed') {
    if (order.state === 'awaiting_payment')
      await cancelOrder(queries, order.id, noteOf('payment-failed'), { random, now, by: ledgerScope });
    return 'applied';
  }
  const payment = await shopTables(queries)
    .insertInto('shop_payment')
    .values({ order_id: order.id, method: 'provider', reference: event.paymentId, amount: event.amount, at: now })
    .onConflict((conflict) => conflict.column('order_id').doNothing())
    .executeTakeFirst();
  if (payment.numInsertedOrUpdatedRows !== 1n) return 'repeated';
  if (order.state !== 'awaiting_payment') {
    await oweBack(queries, order, context);
    return 'late';
  }
  await sellReserved(queries, order, context);
  return 'applied';
}

async function sellReserved(queries: Queries, order: OrderRow, { now }: CheckoutContext): Promise<void> {
  const lines = await linesOfOrder(queries, order.id);
  await lockShelves(
    queries,
    lines.map(({ variant_id }) => variant_id),
  );
  await moveStock(queries, new Map(lines.map(({ variant_id, quantity }) => [variant_id, { sold: quantity, reserved: -quantity }])));
  await removeReservations(queries, [holderOfOrder(order.id)]);
  await shopTables(queries).updateTable('shop_order').set({ paid_at: now }).where('id', '=', order.id).execute();
  await enterState(queries, order.id, { state: 'paid', by: ledgerScope, note: noteOf('paid-through-provider'), at: now });
  await recordSales(
    queries,
    lines.map((line) => saleOf(line, now)),
    now,
  );
}

async function oweBack(queries: Queries, order: OrderRow, { random, now }: CheckoutContext): Promise<void> {
  const reason = noteOf('payment-too-late');
  await shopTables(queries)
    .insertInto('shop_refund')
    .values({
      id: random.id(),
      order_id: order.id,
      request_key: 'late-payment',
      body_hash: '',
      amount: order.total,
      reason,
      by_whom: ledgerScope,
      at: now,
      settled: 0,
    })
    .execute();
  await shopTables(queries).updateTable('shop_order').set({ refunded: order.total, changed_at: now }).where('id', '=', order.id).execute();
  await enterState(queries, order.id, { state: order.state, by: ledgerScope, note: reason, at: now });
}

const refundsAtOnce = 20;

/** Tells the provider of refunds that are owed, a bounded number a call. Safe to repeat: it knows each by its id. */
export async function settleRefunds({ state, log }: Pick<Ports, 'state' | 'log'>, payments: Payments): Promise<void> {
  const owed = await state.read((queries) =>
    shopTables(queries)
      .selectFrom('shop_refund as refund')
      .innerJoin('shop_payment as payment', 'payment.order_id', 'refund.order_id')
      .select(['refund.id', 'refund.amount', 'payment.reference'])
      .where('refund.settled', '=', 0)
      .orderBy('refund.at')
      .limit(refundsAtOnce)
      .execute(),
  );
  for (const { id, amount, reference } of owed) {
    try {
      await payments.refund({ paymentId: reference, amount, key: id });
    } catch (error) {
      log.warn({ refund: id, err: error }, 'the payment provider did not take a refund; it is tried again');
      continue;
    }
    await state.write((queries) => shopTables(queries).updateTable('shop_refund').set({ settled: 1 }).where('id', '=', id).execute());
  }
}

/** The event that a webhook's body holds, if the provider signed it. */
export function genuineEvent(payments: Payments, { body, signature }: SignedMessage, now: number): PaymentEvent {
  const read = payments.readEvent(body, signature, now);
  if (read.outcome === 'refused') throw refuse(shopRefusals, 'payment-not-genuine', { provider: payments.name, why: read.why });
  return read.event;
}

/** What the provider says: checked, and applied once. */
export async function takePayment(
  state: State,
  payments: Payments,
  message: SignedMessage,
  context: CheckoutContext,
): Promise<EventOutcome> {
  const event = genuineEvent(payments, message, context.now);
  const outcome = await state.write((queries) => applyPaymentEvent(queries, event, context));
  if (outcome === 'unknown') throw noOrder(event.reference);
  if (outcome === 'mismatch') throw refuse(shopRefusals, 'payment-mismatch', { order: event.reference }, 'amount');
  return outcome;
}

/** Where no real money moves: what the provider would say once the customer has decided. */
export async function pretendPayment(
  state: State,
  payments: Payments,
  { orderId, accountId, kind }: { orderId: string; accountId: string; kind: PaymentEvent['kind'] },
  context: CheckoutContext,
): Promise<EventOutcome> {
  const order = (await state.read((queries) => findOrder(queries, orderId)))?.order;
  if (order === undefined || order.account_id !== accountId) throw noOrder(orderId);
  if (order.state !== 'awaiting_payment') throw refuse(shopRefusals, 'waits-for-no-payment', { state: order.state }, 'state');
  const { paymentId } = await payments.begin({ reference: orderId, amount: order.total });
  const message = payments.pretend?.({ kind, paymentId, reference: orderId, amount: order.total }, context.now);
  invariant(message, `the payment provider ${payments.name} has a test mode`);
  return takePayment(state, payments, message, context);
}
