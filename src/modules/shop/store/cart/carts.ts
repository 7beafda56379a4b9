/** Carts of guests and members: stored, so that any instance serves any customer. A guest's joins the member's after login. */
import { sql } from 'kysely';
import type { Random } from '#core/ports/random.ts';
import type { Queries } from '#core/ports/state.ts';
import { isAmong } from '#core/sql/among.ts';
import { maxCartLines, mergeCarts } from '../../domain/arithmetic.ts';
import type { Pieces } from '../../domain/goods.ts';
import { holderOfCart, releaseHolder } from '../catalogue/reservations.ts';
import { insertRows } from '../rows.ts';
import { shopTables } from '../tables.ts';

/** A member by the account, a guest by what the signed cookie says, or both right after login. */
export interface Shopper {
  readonly accountId: string | undefined;
  readonly guestCartId: string | undefined;
}

export interface Cart {
  /** Undefined while there is none. */
  readonly id: string | undefined;
  readonly items: readonly Pieces[];
  readonly promoCode: string | undefined;
}

export interface CartContext {
  readonly random: Random;
  readonly now: number;
}

/** What the shopper's cart holds. Reading merges nothing in the tables: it shows what the next change will make of it. */
export async function readCart(queries: Queries, { accountId, guestCartId }: Shopper): Promise<Cart> {
  const own = accountId === undefined ? undefined : await cartOfAccount(queries, accountId);
  const guest = guestCartId === undefined ? undefined : await guestCart(queries, guestCartId);
  const ownItems = own === undefined ? [] : await itemsOf(queries, own.id);
  const guestItems = guest === undefined ? [] : await itemsOf(queries, guest.id);
  const promoCode = own?.promo_code ?? guest?.promo_code ?? undefined;
  return { id: own?.id ?? guest?.id, items: mergeCarts(ownItems, guestItems), promoCode };
}

/** The shopper's cart, locked for a change: made if there is none, and with the guest's merged in. Its reservation is let go. */
export async function cartToChange(queries: Queries, shopper: Shopper, context: CartContext): Promise<string> {
  const { accountId, guestCartId } = shopper;
  const { now } = context;
  if (accountId === undefined) {
    const id = await lockedGuestCart(queries, guestCartId, context);
    await releaseHolder(queries, holderOfCart(id));
    return id;
  }
  const id = await lockedCartOf(queries, accountId, context);
  if (guestCartId !== undefined) await adoptGuestCart(queries, id, guestCartId, now);
  await releaseHolder(queries, holderOfCart(id));
  return id;
}

async function lockedGuestCart(queries: Queries, id: string | undefined, { random, now }: CartContext): Promise<string> {
  if (id !== undefined) {
    const { numUpdatedRows } = await shopTables(queries)
      .updateTable('shop_cart')
      .set({ changed_at: now })
      .where('id', '=', id)
      .where('account_id', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 1n) return id;
  }
  // Not under the old name: a cart that was adopted or forgotten must not come back to life.
  const made = random.id();
  await shopTables(queries).insertInto('shop_cart').values({ id: made, account_id: null, promo_code: null, changed_at: now }).execute();
  return made;
}

async function lockedCartOf(queries: Queries, accountId: string, { random, now }: CartContext): Promise<string> {
  const { id } = await shopTables(queries)
    .insertInto('shop_cart')
    .values({ id: random.id(), account_id: accountId, promo_code: null, changed_at: now })
    .onConflict((conflict) => conflict.column('account_id').doUpdateSet({ changed_at: now }))
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

async function adoptGuestCart(queries: Queries, ownId: string, guestId: string, now: number): Promise<void> {
  const tables = shopTables(queries);
  await releaseHolder(queries, holderOfCart(guestId));
  const guest = await tables
    .deleteFrom('shop_cart')
    .where('id', '=', guestId)
    .where('account_id', 'is', null)
    .returning(['id', 'promo_code'])
    .executeTakeFirst();
  if (guest === undefined) return;
  const guestItems = await itemsOf(queries, guestId);
  await tables.deleteFrom('shop_cart_line').where('cart_id', '=', guestId).execute();
  await writeItems(queries, ownId, mergeCarts(await itemsOf(queries, ownId), guestItems), now);
  if (guest.promo_code !== null) {
    await tables
      .updateTable('shop_cart')
      .set({ promo_code: guest.promo_code })
      .where('id', '=', ownId)
      .where('promo_code', 'is', null)
      .execute();
  }
}

/** Resolves `full` when it would be one line too many. 0 takes the line away. */
export async function setItem(queries: Queries, cartId: string, { variantId, quantity }: Pieces, now: number): Promise<'set' | 'full'> {
  const tables = shopTables(queries);
  if (quantity === 0) {
    await tables.deleteFrom('shop_cart_line').where('cart_id', '=', cartId).where('variant_id', '=', variantId).execute();
    return 'set';
  }
  const others = (await itemsOf(queries, cartId)).filter((item) => item.variantId !== variantId);
  if (others.length >= maxCartLines) return 'full';
  await writeItems(queries, cartId, [{ variantId, quantity }], now);
  return 'set';
}

async function writeItems(queries: Queries, cartId: string, items: readonly Pieces[], now: number): Promise<void> {
  const rows = items.map(({ variantId, quantity }) => ({ cart_id: cartId, variant_id: variantId, quantity, added_at: now }));
  await insertRows(queries, 'shop_cart_line', rows, sql`on conflict (cart_id, variant_id) do update set quantity = excluded.quantity`);
}

export async function setPromoCode(queries: Queries, cartId: string, code: string | null): Promise<void> {
  await shopTables(queries).updateTable('shop_cart').set({ promo_code: code }).where('id', '=', cartId).execute();
}

export async function emptyCart(queries: Queries, cartId: string): Promise<void> {
  await removeLines(queries, [cartId]);
  await setPromoCode(queries, cartId, null);
}

async function removeLines(queries: Queries, cartIds: readonly string[]): Promise<void> {
  await shopTables(queries)
    .deleteFrom('shop_cart_line')
    .where(isAmong(queries, 'cart_id', cartIds))
    .execute();
}

/** Of carts that were ordered: nothing is left in them, and those of guests are gone. */
export async function removeOrdered(
  queries: Queries,
  cartIds: readonly string[],
  { anyCode, anyGuest }: { anyCode: boolean; anyGuest: boolean },
): Promise<void> {
  const tables = shopTables(queries);
  const ordered = isAmong(queries, 'id', cartIds);
  await Promise.all([
    removeLines(queries, cartIds),
    anyCode && tables.updateTable('shop_cart').set({ promo_code: null }).where(ordered).execute(),
    anyGuest && tables.deleteFrom('shop_cart').where(ordered).where('account_id', 'is', null).execute(),
  ]);
}

async function cartOfAccount(queries: Queries, accountId: string) {
  return shopTables(queries).selectFrom('shop_cart').select(['id', 'promo_code']).where('account_id', '=', accountId).executeTakeFirst();
}

async function guestCart(queries: Queries, id: string) {
  return shopTables(queries)
    .selectFrom('shop_cart')
    .select(['id', 'promo_code'])
    .where('id', '=', id)
    .where('account_id', 'is', null)
    .executeTakeFirst();
}

/** In the order in which they were added. */
export async function itemsOf(queries: Queries, cartId: string): Promise<readonly Pieces[]> {
  return shopTables(queries)
    .selectFrom('shop_cart_line')
    .select(['variant_id as variantId', 'quantity'])
    .where('cart_id', '=', cartId)
    .orderBy('added_at')
    .orderBy('variant_id')
    .execute();
}

/** Forgets guests who did not come back, a bounded number a call. */
export async function forgetGuestCarts(queries: Queries, before: number, limit: number): Promise<void> {
  const tables = shopTables(queries);
  const old = await tables
    .selectFrom('shop_cart')
    .select('id')
    .where('changed_at', '<', before)
    .where('account_id', 'is', null)
    .orderBy('changed_at')
    .limit(limit)
    .execute();
  if (old.length === 0) return;
  const ids = old.map(({ id }) => id);
  const gone = await tables.deleteFrom('shop_cart').where('id', 'in', ids).where('changed_at', '<', before).returning('id').execute();
  await removeLines(
    queries,
    gone.map(({ id }) => id),
  );
}

/** As every change of a cart does first. */
export async function lockCart(queries: Queries, id: string): Promise<void> {
  await shopTables(queries)
    .updateTable('shop_cart')
    .set((cart) => ({ changed_at: cart.ref('changed_at') }))
    .where('id', '=', id)
    .execute();
}
