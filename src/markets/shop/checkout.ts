/** Checkout: order, stock, coins and the sale on the tape in one transaction; many checkouts share one, and each has its answer. */
import { sql } from 'kysely';
import { balancesOf } from '#core/coins/accounts.ts';
import { houseAccounts, post, walletOf } from '#core/coins/ledger.ts';
import { invariant } from '#core/errors.ts';
import type { Random } from '#core/ports/random.ts';
import type { Dialect, Queries } from '#core/ports/state.ts';
import { rowsFrom } from '#core/sql/rows.ts';
import { findOffers } from './catalogue.ts';
import {
  type CartToOrder,
  type CheckoutBooks,
  type CheckoutRequest,
  type PlannedOrder,
  planCheckouts,
  type Refusal,
} from './checkout-plan.ts';
import { orderIdFrom } from './domain.ts';
import type { ShopOptions } from './options.ts';
import { type NewOrder, salesOf, writeOrders } from './order-writing.ts';
import { countUses, lockPromos, usesByAccounts } from './promos.ts';
import {
  holderOfCart,
  holderOfOrder,
  lockShelves,
  moveStock,
  type Reserved,
  removeReservations,
  reservationsOf,
  writeReservations,
} from './stock.ts';
import { shopTables } from './tables.ts';

export interface CheckoutContext extends Pick<ShopOptions, 'taxMode' | 'reservationMs' | 'putOnTape'> {
  readonly dialect: Dialect;
  readonly random: Random;
  readonly now: number;
}

export type CheckoutAnswer =
  | { readonly outcome: 'ordered'; readonly orderId: string; readonly repeated: false; readonly order: NewOrder }
  | { readonly outcome: 'ordered'; readonly orderId: string; readonly repeated: true }
  /** The key was used before, for something else. */
  | { readonly outcome: 'conflict' }
  | Refusal;

/** The ledger's scope for what the shop asks of it; keys are ids of orders and refunds. */
export const ledgerScope = 'shop';

/** An answer for each request, in order. What is refused changes nothing, and its key may be used again. */
export async function checkOut(
  queries: Queries,
  requests: readonly CheckoutRequest[],
  context: CheckoutContext,
): Promise<readonly CheckoutAnswer[]> {
  invariant(new Set(requests.map(({ accountId }) => accountId)).size === requests.length, 'an account checks out once in a call');
  const claims = await claim(queries, requests, context);
  const orderIds = new Map<CheckoutRequest, string>();
  for (const [index, request] of requests.entries()) {
    const claimed = claims[index];
    if (claimed?.outcome === 'new') orderIds.set(request, claimed.orderId);
  }
  const fresh = [...orderIds.keys()];
  const decided = await decide(queries, orderIds, context);
  const refused = fresh.filter((_, index) => decided[index]?.outcome !== 'ordered');
  await forgetClaims(queries, context.dialect, refused);
  const answers = decided.values();
  return requests.map((_, index): CheckoutAnswer => {
    const claimed = claims[index];
    invariant(claimed, 'every request was claimed');
    if (claimed.outcome === 'conflict') return claimed;
    if (claimed.outcome === 'repeated') return { outcome: 'ordered', orderId: claimed.orderId, repeated: true };
    const answer = answers.next().value;
    invariant(answer, 'every new request has an answer');
    if (answer.outcome !== 'ordered') return answer;
    return { ...answer, orderId: answer.order.id, repeated: false };
  });
}

type Claim =
  | { readonly outcome: 'new'; readonly orderId: string }
  | { readonly outcome: 'repeated'; readonly orderId: string }
  | { readonly outcome: 'conflict' };
type Decision = { readonly outcome: 'ordered'; readonly order: NewOrder } | Refusal;

/** The keys first: of two requests with one key at the same moment, the second waits here for the first. */
async function claim(
  queries: Queries,
  requests: readonly CheckoutRequest[],
  { dialect, random, now }: CheckoutContext,
): Promise<readonly Claim[]> {
  const columns = { account_id: 'text', request_key: 'text', body_hash: 'text', order_id: 'text', at: 'bigint' } as const;
  const orderIds = requests.map(() => orderIdFrom(random.id()));
  const rows = requests
    .map(({ accountId, key, bodyHash }, index) => ({
      ...{ account_id: accountId, request_key: key, body_hash: bodyHash, order_id: orderIds[index] ?? '', at: now },
    }))
    .sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
  const inserted = await sql<{ account_id: string; request_key: string }>`
    insert into shop_request (account_id, request_key, body_hash, order_id, at) ${rowsFrom(dialect, columns, rows)}
    on conflict (account_id, request_key) do nothing returning account_id, request_key`.execute(queries);
  const claimed = new Set(inserted.rows.map(nameOf));
  const claims: Claim[] = [];
  for (const [index, { accountId, key, bodyHash }] of requests.entries()) {
    if (claimed.delete(nameOf({ account_id: accountId, request_key: key }))) {
      claims.push({ outcome: 'new', orderId: orderIds[index] ?? '' });
      continue;
    }
    const before = await shopTables(queries)
      .selectFrom('shop_request')
      .select(['body_hash', 'order_id'])
      .where('account_id', '=', accountId)
      .where('request_key', '=', key)
      .executeTakeFirstOrThrow();
    const repeated = before.body_hash === bodyHash;
    claims.push(repeated ? { outcome: 'repeated', orderId: before.order_id } : { outcome: 'conflict' });
  }
  return claims;
}

function nameOf({ account_id, request_key }: { account_id: string; request_key: string }): string {
  return `${account_id}\n${request_key}`;
}

async function forgetClaims(queries: Queries, dialect: Dialect, refused: readonly CheckoutRequest[]): Promise<void> {
  if (refused.length === 0) return;
  const rows = refused.map(({ accountId, key }) => ({ account_id: accountId, request_key: key }));
  await sql`delete from shop_request where (account_id, request_key) in
    (${rowsFrom(dialect, { account_id: 'text', request_key: 'text' }, rows)})`.execute(queries);
}

async function decide(
  queries: Queries,
  orderIds: ReadonlyMap<CheckoutRequest, string>,
  context: CheckoutContext,
): Promise<readonly Decision[]> {
  const requests = [...orderIds.keys()];
  if (requests.length === 0) return [];
  const plans = planCheckouts(requests, await readBooks(queries, requests, context));
  const planned = plans
    .filter((plan) => plan.outcome === 'planned')
    .map((plan) => newOrder(plan, orderIds.get(plan.request) ?? '', context));
  const short = await pay(queries, planned, context);
  const accepted = planned.filter(({ id }) => !short.has(id));
  await write(queries, accepted, context);
  const orders = planned.values();
  return plans.map((plan): Decision => {
    if (plan.outcome !== 'planned') return plan;
    const order = orders.next().value;
    invariant(order, 'every plan has its order');
    return short.get(order.id) ?? { outcome: 'ordered', order };
  });
}

/** Everything that is locked is locked in this order by all who lock: carts, promo codes, shelves, and the ledger's accounts. */
async function readBooks(queries: Queries, requests: readonly CheckoutRequest[], context: CheckoutContext): Promise<CheckoutBooks> {
  const { dialect, taxMode, now } = context;
  const accountIds = [...new Set(requests.map(({ accountId }) => accountId))].sort();
  const carts = await lockCarts(queries, dialect, accountIds);
  const codes = [...new Set(carts.flatMap(({ promo_code }) => promo_code ?? []))];
  const promos = await lockPromos(queries, dialect, codes);
  const promoUses = await usesByAccounts(queries, codes, accountIds);
  const ids = carts.map(({ id }) => id);
  const items = Map.groupBy(await linesOf(queries, ids), ({ cart_id }) => cart_id);
  const variantIds = [...new Set([...items.values()].flatMap((lines) => lines.map(({ variant_id }) => variant_id)))];
  const offers = await findOffers(queries, variantIds);
  const shelves = await lockShelves(queries, dialect, variantIds);
  const anyReserved = [...shelves.values()].some((shelf) => shelf.reserved > 0);
  const reserved = await reservationsOf(queries, anyReserved ? ids.map(holderOfCart) : []);
  const payers = requests.filter(({ payment }) => payment === 'coins').map(({ accountId }) => accountId);
  const balances = await balancesOf(queries, [...new Set(payers)].map(walletOf));
  return {
    carts: new Map(
      carts.flatMap(({ id, account_id, promo_code }): [string, CartToOrder][] => {
        if (account_id === null) return [];
        const its = (items.get(id) ?? []).map(({ variant_id, quantity }) => ({ variantId: variant_id, quantity }));
        const kept: readonly Reserved[] = reserved.get(holderOfCart(id)) ?? [];
        return [[account_id, { cartId: id, items: its, promoCode: promo_code ?? undefined, reserved: kept }]];
      }),
    ),
    ...{ offers, shelves, promos, promoUses, taxMode, now },
    available: new Map(payers.map((accountId) => [accountId, balances.get(walletOf(accountId))?.available ?? 0])),
  };
}

async function lockCarts(queries: Queries, dialect: Dialect, accountIds: readonly string[]) {
  return shopTables(queries)
    .selectFrom('shop_cart')
    .select(['id', 'account_id', 'promo_code'])
    .where('account_id', 'in', accountIds)
    .orderBy('id')
    .$if(dialect === 'postgres', (query) => query.forNoKeyUpdate())
    .execute();
}

/** After the carts are locked, and in a statement of its own: one that waited for a lock still sees lines as they were before. */
async function linesOf(queries: Queries, cartIds: readonly string[]) {
  if (cartIds.length === 0) return [];
  return shopTables(queries)
    .selectFrom('shop_cart_line')
    .select(['cart_id', 'variant_id', 'quantity'])
    .where('cart_id', 'in', cartIds)
    .orderBy('added_at')
    .orderBy('variant_id')
    .execute();
}

function newOrder({ request, cart, offers, price }: PlannedOrder, id: string, { taxMode, now }: CheckoutContext): NewOrder {
  return { id, request, cart, offers, price, taxMode, now };
}

/** Resolves the orders whose coins were spent elsewhere in the meantime. */
async function pay(
  queries: Queries,
  orders: readonly NewOrder[],
  { dialect, now }: CheckoutContext,
): Promise<ReadonlyMap<string, Refusal>> {
  const payable = orders.filter(({ request }) => request.payment === 'coins');
  const answers = await post(
    queries,
    dialect,
    payable.map(({ id, request, price }) => ({
      ...{ scope: ledgerScope, key: id, kind: 'purchase', at: now, memo: `Order ${id}` },
      ...{ debit: walletOf(request.accountId), credit: houseAccounts.shopRevenue, amount: price.total },
    })),
  );
  const short = new Map<string, Refusal>();
  payable.forEach(({ id, price }, index) => {
    const answer = answers[index];
    invariant(
      answer?.outcome === 'posted' || answer?.outcome === 'insufficient',
      `the payment of the new order ${id} was ${answer?.outcome}`,
    );
    if (answer.outcome === 'insufficient') short.set(id, { outcome: 'insufficient', available: answer.available, total: price.total });
  });
  return short;
}

async function write(queries: Queries, orders: readonly NewOrder[], context: CheckoutContext): Promise<void> {
  if (orders.length === 0) return;
  const { dialect, now, reservationMs, putOnTape } = context;
  const paid = orders.filter(({ request }) => request.payment === 'coins');
  const waiting = orders.filter(({ request }) => request.payment === 'provider');
  await moveStock(queries, dialect, stockMoves(orders));
  await removeReservations(
    queries,
    orders.filter(({ cart }) => cart.reserved.length > 0).map(({ cart }) => holderOfCart(cart.cartId)),
  );
  await writeReservations(
    queries,
    dialect,
    waiting.map(({ id, cart }) => ({ holder: holderOfOrder(id), items: cart.items, expiresAt: now + reservationMs })),
  );
  await writeOrders(queries, dialect, orders);
  await emptyCarts(
    queries,
    orders.map(({ cart }) => cart),
  );
  const uses = orders.flatMap(({ cart, request }) =>
    cart.promoCode === undefined ? [] : [{ code: cart.promoCode, accountId: request.accountId }],
  );
  await countUses(queries, dialect, uses, 1);
  if (paid.length > 0) await putOnTape(queries, paid.flatMap(salesOf), now);
}

/** Net of all orders together. What waits for its payment is reserved, the rest is sold; what the carts had reserved is let go. */
function stockMoves(orders: readonly NewOrder[]) {
  const moves = new Map<string, { sold: number; reserved: number }>();
  const move = (variantId: string) => {
    const known = moves.get(variantId) ?? { sold: 0, reserved: 0 };
    moves.set(variantId, known);
    return known;
  };
  for (const { request, cart } of orders) {
    for (const { variantId, quantity } of cart.items) move(variantId)[request.payment === 'coins' ? 'sold' : 'reserved'] += quantity;
    for (const { variantId, quantity } of cart.reserved) move(variantId).reserved -= quantity;
  }
  return moves;
}

async function emptyCarts(queries: Queries, carts: readonly CartToOrder[]): Promise<void> {
  const ids = carts.map(({ cartId }) => cartId);
  await shopTables(queries).deleteFrom('shop_cart_line').where('cart_id', 'in', ids).execute();
  const withCode = carts.filter(({ promoCode }) => promoCode !== undefined).map(({ cartId }) => cartId);
  if (withCode.length > 0)
    await shopTables(queries).updateTable('shop_cart').set({ promo_code: null }).where('id', 'in', withCode).execute();
}
