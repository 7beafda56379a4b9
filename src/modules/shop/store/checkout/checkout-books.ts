/** What checkouts that are decided together depend on, read under locks. */
import type { Queries } from '#core/ports/state.ts';
import { isAmong } from '#core/sql/among.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import { type LockedAccount, lockAccounts, walletOf } from '#modules/coins/post.ts';
import { mergeCarts } from '../../domain/arithmetic.ts';
import type { CartToOrder, CheckoutBooks, CheckoutRequest } from '../../domain/checkout-plan.ts';
import type { Pieces } from '../../domain/goods.ts';
import { lockPromos, usesByAccounts } from '../cart/promos.ts';
import { findOffers } from '../catalogue/products.ts';
import { holderOfCart, reservationsOf } from '../catalogue/reservations.ts';
import { lockShelves } from '../catalogue/stock.ts';
import { shopTables } from '../tables.ts';
import { keptFor } from './kept.ts';

/**
 * Everybody who locks does so in this order: carts of members, carts of guests, promo codes, shelves, and the ledger's accounts.
 * What does not depend on each other is sent together: the State keeps the order in which it was sent.
 */
export async function readBooks(
  queries: Queries,
  requests: readonly CheckoutRequest[],
  now: number,
): Promise<Omit<CheckoutBooks, 'taxMode' | 'now'>> {
  const accountIds = [...new Set(requests.map(({ accountId }) => accountId))].sort();
  const payers = requests.filter(({ payment }) => payment === 'coins').map(({ accountId }) => accountId);
  const [carts, lines] = await Promise.all([lockCarts(queries, requests), linesOf(queries, requests)]);
  const codes = [...new Set(carts.flatMap(({ promo_code }) => promo_code ?? []))];
  const variantIds = [...new Set(lines.map(({ variantId }) => variantId))];
  const [promos, promoUses, shelves, wallets, offers] = await Promise.all([
    lockPromos(queries, codes),
    usesByAccounts(queries, codes, accountIds),
    lockShelves(queries, variantIds),
    lockAccounts(queries, payers.map(walletOf)),
    findOffers(queries, variantIds),
  ]);
  const anyReserved = [...shelves.values()].some((shelf) => shelf.reserved > 0);
  const waiting = requests.filter(({ payment }) => payment !== 'coins').map(({ accountId }) => accountId);
  const [reserved, kept] = await Promise.all([
    reservationsOf(queries, anyReserved ? carts.map(({ id }) => holderOfCart(id)) : []),
    keptFor(queries, waiting, now),
  ]);
  return {
    kept,
    carts: cartsToOrder(
      requests,
      carts,
      Map.groupBy(lines, ({ cart_id }) => cart_id),
      reserved,
    ),
    offers,
    shelves,
    promos,
    promoUses,
    available: new Map(payers.map((accountId) => [accountId, spendable(wallets.get(walletOf(accountId)))])),
  };
}

/** An account that never had a wallet has no coins. */
function spendable(wallet: LockedAccount | undefined): number {
  return wallet === undefined ? 0 : wallet.posted - wallet.held - wallet.floor;
}

/** The accounts' own carts, and those of the guests that they were. */
function cartsOf(queries: Queries, requests: readonly CheckoutRequest[]) {
  const own = isAmong(
    queries,
    'shop_cart.account_id',
    requests.map(({ accountId }) => accountId),
  );
  const guests = requests.flatMap(({ guestCartId }) => guestCartId ?? []);
  const carts = shopTables(queries).selectFrom('shop_cart');
  if (guests.length === 0) return carts.where(own);
  return carts.where((cart) =>
    cart.or([own, cart.and([isAmong(queries, 'shop_cart.id', guests), cart('shop_cart.account_id', 'is', null)])]),
  );
}

interface LockedCart {
  readonly id: string;
  readonly account_id: string | null;
  readonly promo_code: string | null;
}

async function lockCarts(queries: Queries, requests: readonly CheckoutRequest[]): Promise<readonly LockedCart[]> {
  return cartsOf(queries, requests)
    .select(['id', 'account_id', 'promo_code'])
    .orderBy((cart) => cart('account_id', 'is', null))
    .orderBy('id')
    .$if(dialectOf(queries) === 'postgres', (query) => query.forNoKeyUpdate())
    .execute();
}

interface CartLine extends Pieces {
  readonly cart_id: string;
}

/** After the carts are locked, and in a statement of its own: one that waited for a lock still sees lines as they were before. */
async function linesOf(queries: Queries, requests: readonly CheckoutRequest[]): Promise<readonly CartLine[]> {
  return cartsOf(queries, requests)
    .innerJoin('shop_cart_line', 'shop_cart_line.cart_id', 'shop_cart.id')
    .select(['cart_id', 'variant_id as variantId', 'quantity'])
    .orderBy('added_at')
    .orderBy('variant_id')
    .execute();
}

/** By account. A guest's cart joins the order of the first account that names it. */
function cartsToOrder(
  requests: readonly CheckoutRequest[],
  carts: readonly LockedCart[],
  lines: ReadonlyMap<string, readonly Pieces[]>,
  reserved: ReadonlyMap<string, readonly Pieces[]>,
): ReadonlyMap<string, CartToOrder> {
  const ofAccounts = new Map(carts.map((cart) => [cart.account_id, cart]));
  const ofGuests = new Map(carts.filter(({ account_id }) => account_id === null).map((cart) => [cart.id, cart]));
  const toOrder = new Map<string, CartToOrder>();
  for (const { accountId, guestCartId = '' } of requests) {
    const own = ofAccounts.get(accountId);
    const guest = ofGuests.get(guestCartId);
    ofGuests.delete(guestCartId);
    const ids = [own, guest].flatMap((cart) => cart?.id ?? []);
    toOrder.set(accountId, {
      cartIds: ids,
      items: mergeCarts(lines.get(own?.id ?? '') ?? [], lines.get(guest?.id ?? '') ?? []),
      promoCode: own?.promo_code ?? guest?.promo_code ?? undefined,
      reserved: ids.flatMap((id) => reserved.get(holderOfCart(id)) ?? []),
    });
  }
  return toOrder;
}
