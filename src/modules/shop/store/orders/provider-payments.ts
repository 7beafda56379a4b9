/** Payments through a provider: its word that an order is paid, taken once, and refunds that it still has to take note of. */

import { KontorError } from '#core/errors.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { Queries } from '#core/ports/state.ts';
import { recordSales } from '#modules/stocks/tape.ts';
import { noteOf } from '../../domain/house-notes.ts';
import type { PaymentEvent, Payments } from '../../ports/payment.ts';
import { holderOfOrder, lockShelves, moveStock, removeReservations } from '../catalogue/stock.ts';
import { type CheckoutContext, ledgerScope } from '../checkout/checkout.ts';
import { saleOf } from '../checkout/order-writing.ts';
import { shopTables } from '../tables.ts';
import { cancelOrder } from './order-changes.ts';
import { enterState, linesOfOrder, lockOrder, type OrderRow } from './orders.ts';

/** `late`: the order was given up before; the money goes back. */
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
  if (order.paid_at !== null || (await hasPayment(queries, order.id))) return 'repeated';
  await shopTables(queries)
    .insertInto('shop_payment')
    .values({ order_id: order.id, method: 'provider', reference: event.paymentId, amount: event.amount, at: now })
    .execute();
  if (order.state !== 'awaiting_payment') {
    await oweBack(queries, order, context);
    return 'late';
  }
  await sellReserved(queries, order, context);
  return 'applied';
}

async function hasPayment(queries: Queries, orderId: string): Promise<boolean> {
  return (
    (await shopTables(queries).selectFrom('shop_payment').select('order_id').where('order_id', '=', orderId).executeTakeFirst()) !==
    undefined
  );
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
  const sales = lines.map(({ instrument, unit_price, quantity, discount }) =>
    saleOf({ instrument, unitPrice: unit_price, quantity, discount }, now),
  );
  await recordSales(queries, sales, now);
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
export function genuineEvent(payments: Payments, body: string, signature: string, now: number): PaymentEvent {
  const read = payments.readEvent(body, signature, now);
  if (read.outcome === 'refused') throw new KontorError('forbidden', `This is not a genuine message of ${payments.name}: ${read.why}.`);
  return read.event;
}
