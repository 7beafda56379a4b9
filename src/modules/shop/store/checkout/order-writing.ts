/** New orders as rows: many in a few statements. */
import type { Queries } from '#core/ports/state.ts';
import type { Sale } from '#modules/stocks/tape.ts';
import { type TaxMode, tapePriceCents } from '../../domain/arithmetic.ts';
import type { PlannedOrder } from '../../domain/checkout-plan.ts';
import type { OrderLineRow, OrderRow, WholeOrder } from '../orders/orders.ts';
import { insertRows } from '../rows.ts';

export interface NewOrder extends Omit<PlannedOrder, 'outcome'> {
  readonly id: string;
  readonly taxMode: TaxMode;
  readonly now: number;
}

/** Those that cost coins are paid by now; the payment of others comes later. */
export async function writeOrders(queries: Queries, orders: readonly NewOrder[]): Promise<void> {
  const paid = orders.filter(isPaid);
  await Promise.all([
    insertRows(queries, 'shop_order', orders.map(orderRow)),
    insertRows(queries, 'shop_order_line', orders.flatMap(lineRows)),
    insertRows(queries, 'shop_order_event', orders.map(eventRow)),
    insertRows(queries, 'shop_payment', paid.map(paymentRow)),
  ]);
}

/** As it would be read from the tables. */
export function wholeOrderOf(order: NewOrder): WholeOrder {
  const payment = isPaid(order) ? paymentRow(order) : undefined;
  return { order: orderRow(order), lines: lineRows(order), payment, refunds: [], events: [eventRow(order)] };
}

export function isPaid({ request }: NewOrder): boolean {
  return request.payment === 'coins';
}

/** A trade of the category's instrument for each line. */
export function salesOf(order: NewOrder): readonly Sale[] {
  return lineRows(order).map((line) => saleOf(line, order.now));
}

type SoldLine = Pick<OrderLineRow, 'instrument' | 'unit_price' | 'quantity' | 'discount'>;

export function saleOf({ instrument, unit_price, quantity, discount }: SoldLine, now: number): Sale {
  return { instrument, priceCents: tapePriceCents(unit_price, quantity, discount), quantity, at: now };
}

function orderRow(order: NewOrder): OrderRow {
  const { id, request, cart, price, taxMode, now } = order;
  return {
    id,
    account_id: request.accountId,
    state: isPaid(order) ? 'paid' : 'awaiting_payment',
    tax_mode: taxMode,
    subtotal: price.subtotal,
    discount: price.discount,
    tax: price.tax,
    total: price.total,
    refunded: 0,
    promo_code: cart.promoCode ?? null,
    ship_to: request.shipTo,
    created_at: now,
    changed_at: now,
    paid_at: isPaid(order) ? now : null,
  };
}

function eventRow(order: NewOrder): WholeOrder['events'][number] {
  const state = isPaid(order) ? 'paid' : 'awaiting_payment';
  return { order_id: order.id, number: 1, state, by_whom: order.request.accountId, note: '', at: order.now };
}

/** The ledger knows the transfer by the order's id. */
function paymentRow({ id, price, now }: NewOrder): NonNullable<WholeOrder['payment']> {
  return { order_id: id, method: 'coins', reference: id, amount: price.total, at: now };
}

function lineRows({ id, cart, offers, price }: NewOrder): readonly OrderLineRow[] {
  return cart.items.flatMap(({ variantId, quantity }, index) => {
    const offer = offers[index];
    const linePrice = price.lines[index];
    if (offer === undefined || linePrice === undefined) return [];
    return [
      {
        ...linePrice,
        order_id: id,
        line: index + 1,
        variant_id: variantId,
        product_id: offer.productId,
        product_name: offer.productName,
        variant_name: offer.variantName,
        instrument: offer.instrument,
        unit_price: offer.unitPrice,
        quantity,
        tax_basis_points: offer.taxBasisPoints,
        refunded_quantity: 0,
        restocked_quantity: 0,
        refunded: 0,
      },
    ];
  });
}
