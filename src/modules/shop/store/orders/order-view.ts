/** Orders as the API shows them. */
import { asStored } from '../../demo/translations.ts';
import { houseNoteIn } from '../../domain/house-notes.ts';
import type { Payments } from '../../ports/payment.ts';
import type { OrderRow, WholeOrder } from './orders.ts';

export function orderSummary({ id, account_id, state, total, refunded, created_at }: OrderRow) {
  return { id, accountId: account_id, state, total, refunded, createdAt: created_at };
}

/** Where an order that waits for its payment is paid. Idempotent: asked again, the provider names the same payment. */
export async function payAtOf({ order: { id, state, total } }: WholeOrder, payments: Payments | undefined): Promise<string | null> {
  if (state !== 'awaiting_payment' || payments === undefined) return null;
  return (await payments.begin({ reference: id, amount: total })).payAt;
}

/** An order keeps the names of what was bought; they are told in the language of the reader. */
export function viewOrder({ order, lines, payment, refunds, events }: WholeOrder, payAt: string | null = null, texts = asStored) {
  return {
    ...orderSummary(order),
    taxMode: order.tax_mode,
    subtotal: order.subtotal,
    discount: order.discount,
    tax: order.tax,
    promoCode: order.promo_code,
    shipTo: JSON.parse(order.ship_to),
    paidAt: order.paid_at,
    lines: lines.map((line) => ({
      line: line.line,
      variantId: line.variant_id,
      productId: line.product_id,
      productName: texts.say(line.product_id, line.product_name),
      variantName: texts.say(line.product_id, line.variant_name),
      instrument: line.instrument,
      unitPrice: line.unit_price,
      quantity: line.quantity,
      taxBasisPoints: line.tax_basis_points,
      discount: line.discount,
      net: line.net,
      tax: line.tax,
      gross: line.gross,
      refundedQuantity: line.refunded_quantity,
    })),
    payment: payment === undefined ? null : { method: payment.method, amount: payment.amount, at: payment.at },
    refunds: refunds.map(({ id, amount, reason, at }) => ({ id, amount, reason, houseNote: houseNoteIn(reason), at })),
    history: events.map(({ state, note, at }) => ({ state, note, houseNote: houseNoteIn(note), at })),
    payAt,
  };
}
