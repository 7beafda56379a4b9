/** Checkout: order, stock, coins and the sale on the tape in one transaction; many checkouts share one, and each has its answer. */
import { type Batcher, openBatcher } from '#core/batcher.ts';
import { invariant } from '#core/errors.ts';
import type { Random } from '#core/ports/random.ts';
import type { Queries, State } from '#core/ports/state.ts';
import { requestKeys } from '#core/request-keys.ts';
import { post, walletOf } from '#modules/coins/post.ts';
import { recordSales } from '#modules/stocks/tape.ts';
import { orderIdFrom } from '../../domain/arithmetic.ts';
import { type CheckoutRequest, planCheckouts, type Refusal } from '../../domain/checkout-plan.ts';
import { revenueAccount, type ShopSettings } from '../../domain/settings.ts';
import { removeOrdered } from '../cart/carts.ts';
import { countUses } from '../cart/promos.ts';
import { holderOfCart, holderOfOrder, removeReservations, writeReservations } from '../catalogue/reservations.ts';
import { moveStock } from '../catalogue/stock.ts';
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

/** The answer of a checkout is the id of its order. */
export const checkoutKeys = requestKeys({
  table: 'shop_request',
  columns: { scope: 'account_id', key: 'request_key', bodyHash: 'body_hash', answer: 'order_id', at: 'at' },
});

export type CheckoutDesk = Batcher<CheckoutRequest, CheckoutAnswer>;

/** Decides checkouts that arrive together in one transaction: one fsync and one lock of the shelf that all of them want. */
export function openCheckoutDesk(state: State, context: () => CheckoutContext): CheckoutDesk {
  return openBatcher({
    what: 'checkouts',
    maxWaiting: 1_000,
    maxBatch: 100,
    // The same key again must find the first answer stored.
    keyOf: ({ accountId }) => accountId,
    work: (requests) => state.write((queries) => checkOut(queries, requests, context())),
  });
}

/** An answer for each request, in order. What is refused changes nothing, and its key may be used again. */
export async function checkOut(
  queries: Queries,
  requests: readonly CheckoutRequest[],
  context: CheckoutContext,
): Promise<readonly CheckoutAnswer[]> {
  invariant(new Set(requests.map(({ accountId }) => accountId)).size === requests.length, 'an account checks out once in a call');
  const { random, taxMode, now } = context;
  const keyed = requests.map(({ accountId, key, bodyHash }) => ({ scope: accountId, key, bodyHash, answer: orderIdFrom(random.id()) }));
  // The keys first: of two requests with one key at the same moment, the second waits here for the first.
  const [claims, books] = await Promise.all([checkoutKeys.claim(queries, keyed, now), readBooks(queries, requests, now)]);
  const fresh = requests.filter((_, index) => claims[index]?.outcome === 'new');
  const plans = planCheckouts(fresh, { ...books, taxMode, now });
  const planOf = new Map(fresh.map((request, index) => [request, plans[index]]));
  const orders: NewOrder[] = [];
  const answers = requests.map((request, index): CheckoutAnswer => {
    const claim = claims[index];
    invariant(claim, 'every request was claimed');
    if (claim.outcome === 'conflict') return claim;
    if (claim.outcome === 'repeated') return { outcome: 'ordered', orderId: claim.answer, repeated: true };
    const plan = planOf.get(request);
    invariant(plan, 'every new request has its plan');
    if (plan.outcome !== 'planned') return plan;
    const { outcome: _, ...planned } = plan;
    const order = { ...planned, id: claim.answer, taxMode, now };
    orders.push(order);
    return { outcome: 'ordered', orderId: order.id, repeated: false, order };
  });
  const refused = keyed.filter((_, index) => claims[index]?.outcome === 'new' && answers[index]?.outcome !== 'ordered');
  await Promise.all([checkoutKeys.forget(queries, refused), write(queries, orders, context)]);
  return answers;
}

/** No other transaction can have spent the coins: the wallets have been locked since the orders were planned. */
async function pay(queries: Queries, orders: readonly NewOrder[], { now }: CheckoutContext): Promise<void> {
  const answers = await post(
    queries,
    orders.map(({ id, request, price }) => ({
      scope: ledgerScope,
      key: id,
      kind: 'purchase',
      debit: walletOf(request.accountId),
      credit: revenueAccount,
      amount: price.total,
      at: now,
      memo: `Order ${id}`,
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
  const cartIds = orders.flatMap(({ cart }) => cart.cartIds);
  const reserved = orders.flatMap(({ cart }) => (cart.reserved.length === 0 ? [] : cart.cartIds.map(holderOfCart)));
  const kept = waiting.map(({ id, cart }) => ({ holder: holderOfOrder(id), items: cart.items, expiresAt: now + reservationMs }));
  const uses = orders.flatMap(({ cart, request }) =>
    cart.promoCode === undefined ? [] : [{ code: cart.promoCode, accountId: request.accountId }],
  );
  const anyGuest = orders.some(({ request }) => request.guestCartId !== undefined);
  await Promise.all([
    pay(queries, paid, context),
    moveStock(queries, stockMoves(orders)),
    removeReservations(queries, reserved),
    writeReservations(queries, kept),
    writeOrders(queries, orders),
    removeOrdered(queries, cartIds, { anyCode: uses.length > 0, anyGuest }),
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
  for (const order of orders) {
    for (const { variantId, quantity } of order.cart.items) move(variantId)[isPaid(order) ? 'sold' : 'reserved'] += quantity;
    for (const { variantId, quantity } of order.cart.reserved) move(variantId).reserved -= quantity;
  }
  return moves;
}
