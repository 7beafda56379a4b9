/** Checkout: order, stock, coins and the sale on the tape in one transaction; many checkouts share one, and each has its answer. */
import { sql } from 'kysely';
import { invariant } from '#core/errors.ts';
import type { Random } from '#core/ports/random.ts';
import type { Queries } from '#core/ports/state.ts';
import { isAmong } from '#core/sql/among.ts';
import { rowsFrom } from '#core/sql/rows.ts';
import { post, walletOf } from '#modules/coins/post.ts';
import { recordSales } from '#modules/stocks/tape.ts';
import { orderIdFrom } from '../../domain/arithmetic.ts';
import { type CartToOrder, type CheckoutRequest, type PlannedOrder, planCheckouts, type Refusal } from '../../domain/checkout-plan.ts';
import { revenueAccount, type ShopSettings } from '../../domain/settings.ts';
import { countUses } from '../cart/promos.ts';
import { holderOfCart, holderOfOrder, moveStock, removeReservations, writeReservations } from '../catalogue/stock.ts';
import { shopTables } from '../tables.ts';
import { readBooks } from './checkout-books.ts';
import { isPaid, type NewOrder, salesOf, writeOrders } from './order-writing.ts';

export interface CheckoutContext extends Pick<ShopSettings, 'taxMode' | 'reservationMs'> {
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
  const [claims, books] = await Promise.all([claim(queries, requests, context), readBooks(queries, requests)]);
  const fresh = requests.filter((_, index) => claims[index]?.outcome === 'new');
  const plans = planCheckouts(fresh, { ...books, taxMode: context.taxMode, now: context.now });
  const planOf = new Map(fresh.map((request, index) => [request, plans[index]]));
  const orders: NewOrder[] = [];
  const answers = requests.map((request, index): CheckoutAnswer => {
    const claimed = claims[index];
    invariant(claimed, 'every request was claimed');
    if (claimed.outcome === 'conflict') return claimed;
    if (claimed.outcome === 'repeated') return { outcome: 'ordered', orderId: claimed.orderId, repeated: true };
    const plan = planOf.get(request);
    invariant(plan, 'every new request has its plan');
    if (plan.outcome !== 'planned') return plan;
    const order = newOrder(plan, claimed.orderId, context);
    orders.push(order);
    return { outcome: 'ordered', orderId: order.id, repeated: false, order };
  });
  const refused = fresh.filter((request) => planOf.get(request)?.outcome !== 'planned');
  await Promise.all([forgetClaims(queries, refused), write(queries, orders, context)]);
  return answers;
}

type Claim =
  | { readonly outcome: 'new'; readonly orderId: string }
  | { readonly outcome: 'repeated'; readonly orderId: string }
  | { readonly outcome: 'conflict' };

const claimColumns = { account_id: 'text', request_key: 'text', body_hash: 'text', order_id: 'text', at: 'bigint' } as const;
const nameColumns = { account_id: 'text', request_key: 'text' } as const;

/** The keys first: of two requests with one key at the same moment, the second waits here for the first. */
async function claim(queries: Queries, requests: readonly CheckoutRequest[], { random, now }: CheckoutContext): Promise<readonly Claim[]> {
  const orderIds = requests.map(() => orderIdFrom(random.id()));
  const rows = requests
    .map(({ accountId, key, bodyHash }, index) => ({
      account_id: accountId,
      request_key: key,
      body_hash: bodyHash,
      order_id: orderIds[index] ?? '',
      at: now,
    }))
    .sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
  const inserted = await sql<{ account_id: string; request_key: string }>`
    insert into shop_request (account_id, request_key, body_hash, order_id, at) ${rowsFrom(queries, claimColumns, rows)}
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

async function forgetClaims(queries: Queries, refused: readonly CheckoutRequest[]): Promise<void> {
  if (refused.length === 0) return;
  const rows = refused.map(({ accountId, key }) => ({ account_id: accountId, request_key: key }));
  await sql`delete from shop_request where (account_id, request_key) in
    (${rowsFrom(queries, nameColumns, rows)})`.execute(queries);
}

function newOrder({ request, cart, offers, price }: PlannedOrder, id: string, { taxMode, now }: CheckoutContext): NewOrder {
  return { id, request, cart, offers, price, taxMode, now };
}

/** Nobody else can have spent the coins: the wallets have been locked since the orders were planned. */
async function pay(queries: Queries, orders: readonly NewOrder[], { now }: CheckoutContext): Promise<void> {
  const answers = await post(
    queries,
    orders.map(({ id, request, price }) => ({
      scope: ledgerScope,
      key: id,
      kind: 'purchase',
      at: now,
      memo: `Order ${id}`,
      debit: walletOf(request.accountId),
      credit: revenueAccount,
      amount: price.total,
    })),
  );
  for (const [index, { id }] of orders.entries()) {
    invariant(answers[index]?.outcome === 'posted', `the payment of the new order ${id} was ${answers[index]?.outcome}`);
  }
}

/** What everything needs is locked by now: nothing here waits for anything else, and all of it is sent together. */
async function write(queries: Queries, orders: readonly NewOrder[], context: CheckoutContext): Promise<void> {
  if (orders.length === 0) return;
  const { now, reservationMs } = context;
  const paid = orders.filter(isPaid);
  const waiting = orders.filter((order) => !isPaid(order));
  const carts = orders.map(({ cart }) => cart);
  const reserved = carts.filter((cart) => cart.reserved.length > 0).map(({ cartId }) => holderOfCart(cartId));
  const kept = waiting.map(({ id, cart }) => ({ holder: holderOfOrder(id), items: cart.items, expiresAt: now + reservationMs }));
  const uses = orders.flatMap(({ cart, request }) =>
    cart.promoCode === undefined ? [] : [{ code: cart.promoCode, accountId: request.accountId }],
  );
  await Promise.all([
    pay(queries, paid, context),
    moveStock(queries, stockMoves(orders)),
    removeReservations(queries, reserved),
    writeReservations(queries, kept),
    writeOrders(queries, orders),
    emptyCarts(queries, carts),
    countUses(queries, uses, 1),
    recordSales(queries, paid.flatMap(salesOf), now),
  ]);
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
  const withCode = carts.filter(({ promoCode }) => promoCode !== undefined).map(({ cartId }) => cartId);
  const tables = shopTables(queries);
  const lines = tables.deleteFrom('shop_cart_line').where(isAmong(queries, 'cart_id', ids));
  const codes = tables
    .updateTable('shop_cart')
    .set({ promo_code: null })
    .where(isAmong(queries, 'id', withCode));
  await Promise.all([lines.execute(), withCode.length > 0 && codes.execute()]);
}
