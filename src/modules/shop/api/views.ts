/** Carts and orders as the API shows them. */

import type { Queries } from '#core/ports/state.ts';
import { asStored, type Texts } from '../demo/translations.ts';
import { priceOrder, subtotalOf, type TaxMode } from '../domain/arithmetic.ts';
import { houseNoteIn } from '../domain/house-notes.ts';
import { promoRefusal, promoSentence } from '../domain/promo-rule.ts';
import type { Cart } from '../store/cart/carts.ts';
import { discountOf, findPromo, usesByAccounts, usesKey } from '../store/cart/promos.ts';
import { findOffers, type ProductDetail } from '../store/catalogue/catalogue.ts';
import type { OrderRow, WholeOrder } from '../store/orders/orders.ts';
import type { CartView, Order, OrderSummary, Product } from './schemas.ts';

export interface CartRules {
  readonly accountId: string | undefined;
  readonly taxMode: TaxMode;
  readonly now: number;
  /** Pieces that are kept for this very cart, by variant. */
  readonly kept: ReadonlyMap<string, number>;
  readonly texts: Texts;
}

export function productView({ variants, ...product }: ProductDetail, texts: Texts): Product {
  const { id, name, description } = product;
  return {
    ...product,
    name: texts.say(id, name),
    description: texts.say(id, description),
    variants: variants.map((variant) => ({ ...variant, name: texts.say(id, variant.name) })),
  };
}

export async function cartView(queries: Queries, cart: Cart, { accountId, taxMode, now, kept, texts }: CartRules): Promise<CartView> {
  const offers = await findOffers(
    queries,
    cart.items.map(({ variantId }) => variantId),
  );
  const lines = cart.items.flatMap(({ variantId, quantity }) => {
    const offer = offers.get(variantId);
    return offer === undefined ? [] : [{ ...offer, quantity }];
  });
  const promo = cart.promoCode === undefined ? null : await promoFor(queries, cart.promoCode, accountId, subtotalOf(lines), now);
  const price = priceOrder(lines, promo?.reason === null ? promo.discount : undefined, taxMode);
  const shown = lines.map(({ active, available, taxBasisPoints: _tax, instrument: _instrument, ...line }, index) => ({
    ...line,
    productName: texts.say(line.productId, line.productName),
    variantName: texts.say(line.productId, line.variantName),
    available: active ? available + (kept.get(line.variantId) ?? 0) : 0,
    gross: price.lines[index]?.gross ?? 0,
  }));
  return {
    lines: shown,
    promo: promo && { code: promo.code, refused: promo.reason && promoSentence(promo.reason), reason: promo.reason },
    subtotal: price.subtotal,
    discount: price.discount,
    tax: price.tax,
    total: price.total,
    ready: shown.length > 0 && shown.every(({ available, quantity }) => available >= quantity) && (promo?.reason ?? null) === null,
  };
}

async function promoFor(queries: Queries, code: string, accountId: string | undefined, subtotal: number, now: number) {
  const promo = await findPromo(queries, code);
  const uses = accountId === undefined ? 0 : ((await usesByAccounts(queries, [code], [accountId])).get(usesKey(code, accountId)) ?? 0);
  const reason = promoRefusal(promo, uses, subtotal, now) ?? null;
  return { code, reason, discount: promo && discountOf(promo) };
}

export function orderSummary({ id, account_id, state, total, refunded, created_at }: OrderRow): OrderSummary {
  return { id, accountId: account_id, state, total, refunded, createdAt: created_at };
}

/** An order keeps the names of what was bought; they are told in the language of whoever reads it. */
export function orderView({ order, lines, payment, refunds, events }: WholeOrder, payAt: string | null, texts = asStored): Order {
  return {
    id: order.id,
    accountId: order.account_id,
    state: order.state,
    taxMode: order.tax_mode,
    subtotal: order.subtotal,
    discount: order.discount,
    tax: order.tax,
    total: order.total,
    refunded: order.refunded,
    promoCode: order.promo_code,
    shipTo: JSON.parse(order.ship_to),
    createdAt: order.created_at,
    paidAt: order.paid_at,
    lines: lines.map((line) => ({
      line: line.line,
      variantId: line.variant_id,
      productId: line.product_id,
      productName: texts.say(line.product_id, line.product_name),
      variantName: texts.say(line.product_id, line.variant_name),
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
