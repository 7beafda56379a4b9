/** What checkouts that are decided together depend on, read under locks. */
import type { Queries } from '#core/ports/state.ts';
import { isAmong } from '#core/sql/among.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import { type LockedAccount, lockAccounts, walletOf } from '#modules/coins/post.ts';
import type { CartToOrder, CheckoutBooks, CheckoutRequest } from '../../domain/checkout-plan.ts';
import { lockPromos, usesByAccounts } from '../cart/promos.ts';
import { findOffers } from '../catalogue/catalogue.ts';
import { holderOfCart, lockShelves, type Reserved, reservationsOf } from '../catalogue/stock.ts';
import { shopTables } from '../tables.ts';

interface LockedCart {
  readonly id: string;
  readonly account_id: string | null;
  readonly promo_code: string | null;
}

/**
 * Everything that is locked is locked in this order by all who lock: carts, promo codes, shelves, and the ledger's accounts.
 * What needs nothing of one another is sent together: the State keeps the order in which it was sent.
 */
export async function readBooks(queries: Queries, requests: readonly CheckoutRequest[]): Promise<Omit<CheckoutBooks, 'taxMode' | 'now'>> {
  const accountIds = [...new Set(requests.map(({ accountId }) => accountId))].sort();
  const payers = requests.filter(({ payment }) => payment === 'coins').map(({ accountId }) => accountId);
  const [carts, lines] = await Promise.all([lockCarts(queries, accountIds), linesOf(queries, accountIds)]);
  const codes = [...new Set(carts.flatMap(({ promo_code }) => promo_code ?? []))];
  const variantIds = [...new Set(lines.map(({ variant_id }) => variant_id))];
  const [promos, promoUses, shelves, wallets, offers] = await Promise.all([
    lockPromos(queries, codes),
    usesByAccounts(queries, codes, accountIds),
    lockShelves(queries, variantIds),
    lockAccounts(queries, payers.map(walletOf)),
    findOffers(queries, variantIds),
  ]);
  const anyReserved = [...shelves.values()].some((shelf) => shelf.reserved > 0);
  const reserved = await reservationsOf(queries, anyReserved ? carts.map(({ id }) => holderOfCart(id)) : []);
  return {
    carts: cartsToOrder(carts, lines, reserved),
    offers,
    shelves,
    promos,
    promoUses,
    available: new Map(payers.map((accountId) => [accountId, spendable(wallets.get(walletOf(accountId)))])),
  };
}

/** Who never had a wallet has no coins. */
function spendable(wallet: LockedAccount | undefined): number {
  return wallet === undefined ? 0 : wallet.posted - wallet.held - wallet.floor;
}

async function lockCarts(queries: Queries, accountIds: readonly string[]): Promise<readonly LockedCart[]> {
  return shopTables(queries)
    .selectFrom('shop_cart')
    .select(['id', 'account_id', 'promo_code'])
    .where(isAmong(queries, 'account_id', accountIds))
    .orderBy('id')
    .$if(dialectOf(queries) === 'postgres', (query) => query.forNoKeyUpdate())
    .execute();
}

interface CartLine {
  readonly cart_id: string;
  readonly variant_id: string;
  readonly quantity: number;
}

/** After the carts are locked, and in a statement of its own: one that waited for a lock still sees lines as they were before. */
async function linesOf(queries: Queries, accountIds: readonly string[]): Promise<readonly CartLine[]> {
  return shopTables(queries)
    .selectFrom('shop_cart')
    .innerJoin('shop_cart_line', 'shop_cart_line.cart_id', 'shop_cart.id')
    .select(['cart_id', 'variant_id', 'quantity'])
    .where(isAmong(queries, 'account_id', accountIds))
    .orderBy('added_at')
    .orderBy('variant_id')
    .execute();
}

/** By account. */
function cartsToOrder(
  carts: readonly LockedCart[],
  lines: readonly CartLine[],
  reserved: ReadonlyMap<string, readonly Reserved[]>,
): ReadonlyMap<string, CartToOrder> {
  const linesByCart = Map.groupBy(lines, ({ cart_id }) => cart_id);
  return new Map(
    carts.flatMap(({ id, account_id, promo_code }): [string, CartToOrder][] => {
      if (account_id === null) return [];
      const items = (linesByCart.get(id) ?? []).map(({ variant_id, quantity }) => ({ variantId: variant_id, quantity }));
      return [[account_id, { cartId: id, items, promoCode: promo_code ?? undefined, reserved: reserved.get(holderOfCart(id)) ?? [] }]];
    }),
  );
}
