/** What shoppers do with their carts. A refusal is thrown, so that it leaves the cart and what it had reserved as they were. */
import type { Queries } from '#core/ports/state.ts';
import { refuse } from '#core/refuse.ts';
import { maxCartLines } from '../../domain/arithmetic.ts';
import type { Pieces } from '../../domain/goods.ts';
import { nothingKept } from '../../domain/keeping.ts';
import { shopRefusals } from '../../refusals.ts';
import { findOffers } from '../catalogue/products.ts';
import { holderOfCart, reserve } from '../catalogue/reservations.ts';
import { keptFor } from '../checkout/kept.ts';
import { checkoutRefusal } from '../refused.ts';
import { type CartContext, cartToChange, itemsOf, type Shopper, setItem } from './carts.ts';

/** Of a cart that is locked; 0 pieces take the line away. */
export async function setPieces(queries: Queries, cartId: string, { variantId, quantity }: Pieces, now: number): Promise<void> {
  const offer = (await findOffers(queries, [variantId])).get(variantId);
  if (quantity > 0 && !offer?.active) throw refuse(shopRefusals, 'no-variant', { id: variantId });
  if ((await setItem(queries, cartId, { variantId, quantity }, now)) === 'full')
    throw refuse(shopRefusals, 'cart-full', { most: maxCartLines }, 'cart');
}

/** Keeps what is in the cart; resolves until when. */
export async function reserveCart(
  queries: Queries,
  shopper: Shopper & { readonly accountId: string },
  context: CartContext & { readonly reservationMs: number },
): Promise<number> {
  const cartId = await cartToChange(queries, shopper, context);
  const items = await itemsOf(queries, cartId);
  if (items.length === 0) throw checkoutRefusal({ outcome: 'empty' });
  const expiresAt = context.now + context.reservationMs;
  const kept = async () => (await keptFor(queries, [shopper.accountId], context.now)).get(shopper.accountId) ?? nothingKept;
  const answer = await reserve(queries, { holder: holderOfCart(cartId), items, expiresAt }, kept);
  if (answer.outcome !== 'reserved') throw checkoutRefusal(answer);
  return expiresAt;
}
