/** A cart as its shopper sees it: priced, with what can be ordered now, and whether its promo code counts. */
import type { Queries } from '#core/ports/state.ts';
import type { Texts } from '../../demo/translations.ts';
import { priceOrder, subtotalOf, type TaxMode } from '../../domain/arithmetic.ts';
import { countPieces } from '../../domain/goods.ts';
import { promoRefusal, promoSentence, usesKey } from '../../domain/promos.ts';
import { findOffers } from '../catalogue/products.ts';
import { holderOfCart, reservedBy } from '../catalogue/reservations.ts';
import { withStored } from '../catalogue/translations.ts';
import { readCart, type Shopper } from './carts.ts';
import { findPromo, usesByAccounts } from './promos.ts';

export interface CartTerms {
  readonly taxMode: TaxMode;
  readonly now: number;
  readonly texts: Texts;
}

export async function viewCart(queries: Queries, shopper: Shopper, { taxMode, now, texts: known }: CartTerms) {
  const cart = await readCart(queries, shopper);
  const kept = countPieces(cart.id === undefined ? [] : await reservedBy(queries, holderOfCart(cart.id)));
  const offers = await findOffers(
    queries,
    cart.items.map(({ variantId }) => variantId),
  );
  const lines = cart.items.flatMap(({ variantId, quantity }) => {
    const offer = offers.get(variantId);
    return offer === undefined ? [] : [{ ...offer, quantity }];
  });
  const texts = await withStored(
    queries,
    known,
    lines.map(({ productId }) => productId),
  );
  const promo = cart.promoCode === undefined ? null : await promoFor(queries, cart.promoCode, shopper, subtotalOf(lines), now);
  const price = priceOrder(lines, promo?.reason === null ? promo.discount : undefined, taxMode);
  const shown = lines.map((line, index) => ({
    variantId: line.variantId,
    productId: line.productId,
    productName: texts.say(line.productId, line.productName),
    variantName: texts.say(line.productId, line.variantName),
    picture: line.picture ?? null,
    unitPrice: line.unitPrice,
    quantity: line.quantity,
    available: line.active ? line.available + (kept.get(line.variantId) ?? 0) : 0,
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

async function promoFor(queries: Queries, code: string, { accountId }: Shopper, subtotal: number, now: number) {
  const discount = await findPromo(queries, code);
  const uses = accountId === undefined ? 0 : ((await usesByAccounts(queries, [code], [accountId])).get(usesKey(code, accountId)) ?? 0);
  return { code, discount, reason: promoRefusal(discount, uses, subtotal, now) ?? null };
}
