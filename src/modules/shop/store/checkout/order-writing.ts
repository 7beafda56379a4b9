/** New orders as rows: many in a few statements. */
import { sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import { type ColumnType, type RowColumns, type RowOf, rowsFrom } from '#core/sql/rows.ts';
import type { Sale } from '#modules/stocks/tape.ts';
import { type OrderPrice, type TaxMode, tapePriceCents } from '../../domain/arithmetic.ts';
import type { CartToOrder, CheckoutRequest } from '../../domain/checkout-plan.ts';

import type { Offer } from '../catalogue/catalogue.ts';
import type { OrderLineRow, OrderRow, WholeOrder } from '../orders/orders.ts';

export interface NewOrder {
  readonly id: string;
  readonly request: CheckoutRequest;
  readonly cart: CartToOrder;
  /** One for each item of the cart, in its order. */
  readonly offers: readonly Offer[];
  readonly price: OrderPrice;
  readonly taxMode: TaxMode;
  readonly now: number;
}

/** Paid with coins they are paid already; the payment of others comes later. */
export async function writeOrders(queries: Queries, orders: readonly NewOrder[]): Promise<void> {
  const paid = orders.filter(isPaid);
  await Promise.all([
    insert(queries, 'shop_order', orderColumns, orders.map(orderRow)),
    insert(queries, 'shop_order_line', lineColumns, orders.flatMap(lineRows)),
    insert(queries, 'shop_order_event', eventColumns, orders.map(eventRow)),
    insert(queries, 'shop_payment', paymentColumns, paid.map(paymentRow)),
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
export function salesOf({ cart, offers, price, now }: NewOrder): readonly Sale[] {
  return cart.items.flatMap(({ quantity }, index) => {
    const offer = offers[index];
    if (offer === undefined) return [];
    return [
      saleOf({ instrument: offer.instrument, unitPrice: offer.unitPrice, quantity, discount: price.lines[index]?.discount ?? 0 }, now),
    ];
  });
}

export function saleOf(
  { instrument, unitPrice, quantity, discount }: { instrument: string; unitPrice: number; quantity: number; discount: number },
  now: number,
): Sale {
  return { instrument, priceCents: tapePriceCents(unitPrice, quantity, discount), quantity, at: now };
}

const text: ColumnType = 'text';
const whole: ColumnType = 'bigint';

const orderColumns = {
  id: text,
  account_id: text,
  state: text,
  tax_mode: text,
  subtotal: whole,
  discount: whole,
  tax: whole,
  total: whole,
  refunded: whole,
  promo_code: text,
  ship_to: text,
  created_at: whole,
  changed_at: whole,
  paid_at: whole,
};
const lineColumns = {
  order_id: text,
  line: whole,
  variant_id: text,
  product_id: text,
  product_name: text,
  variant_name: text,
  instrument: text,
  unit_price: whole,
  quantity: whole,
  tax_basis_points: whole,
  discount: whole,
  net: whole,
  tax: whole,
  gross: whole,
  refunded_quantity: whole,
  restocked_quantity: whole,
  refunded: whole,
};
const eventColumns = { order_id: text, number: whole, state: text, by_whom: text, note: text, at: whole };
const paymentColumns = { order_id: text, method: text, reference: text, amount: whole, at: whole };

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
        ...linePrice,
        refunded_quantity: 0,
        restocked_quantity: 0,
        refunded: 0,
      },
    ];
  });
}

async function insert(queries: Queries, name: string, columns: RowColumns, rows: readonly RowOf<RowColumns>[]): Promise<void> {
  if (rows.length === 0) return;
  const names = sql.join(Object.keys(columns).map((column) => sql.ref(column)));
  await sql`insert into ${sql.table(name)} (${names}) ${rowsFrom(queries, columns, rows)}`.execute(queries);
}
