/** What happens to an order after it was made: its states, cancelling, and refunds, with stock and coins in the same transaction. */
import { invariant } from '#core/errors.ts';
import type { Random } from '#core/ports/random.ts';
import type { Queries } from '#core/ports/state.ts';
import { refund as refundCoins } from '#modules/coins/post.ts';
import { type OrderState, refundShare, statesAfter } from '../../domain/arithmetic.ts';
import { refundNote } from '../../domain/house-notes.ts';
import { countUses } from '../cart/promos.ts';
import { holderOfOrder, releaseHolder } from '../catalogue/reservations.ts';
import { lockShelves, moveStock } from '../catalogue/stock.ts';
import { ledgerScope } from '../checkout/checkout.ts';
import { shopTables } from '../tables.ts';
import { enterState, linesOfOrder, lockOrder, type OrderLineRow, type OrderRow } from './orders.ts';

export interface ChangeContext {
  readonly random: Random;
  readonly now: number;
  /** Account id, or `shop` for the shop itself. */
  readonly by: string;
}

/** The states that move no goods and no money. */
export type PlainState = Extract<OrderState, 'packed' | 'shipped' | 'delivered'>;

export type StateChange =
  | { readonly outcome: 'changed' }
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'impossible'; readonly state: OrderState; readonly possible: readonly OrderState[] };

export async function changeState(
  queries: Queries,
  { orderId, to, note }: { orderId: string; to: PlainState; note: string },
  { now, by }: ChangeContext,
): Promise<StateChange> {
  const order = await lockOrder(queries, orderId);
  if (order === undefined) return { outcome: 'unknown' };
  const possible = statesAfter(order.state);
  if (!possible.includes(to)) return { outcome: 'impossible', state: order.state, possible };
  await enterState(queries, orderId, { state: to, by, note, at: now });
  return { outcome: 'changed' };
}

export interface RefundRequest {
  readonly orderId: string;
  readonly key: string;
  readonly bodyHash: string;
  readonly reason: string;
  /** `everything` that is left; pieces of lines; or an amount on top of the goods, which stay with the customer. */
  readonly what:
    | { readonly kind: 'everything'; readonly restock: boolean }
    | { readonly kind: 'pieces'; readonly pieces: readonly RefundedPieces[] }
    | { readonly kind: 'amount'; readonly amount: number };
}

interface RefundedPieces {
  readonly line: number;
  readonly quantity: number;
  /** Whether they go back on the shelf. */
  readonly restock: boolean;
}

export type RefundOutcome =
  | { readonly outcome: 'refunded'; readonly refundId: string; readonly amount: number; readonly repeated: boolean }
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'conflict' }
  | { readonly outcome: 'unpaid'; readonly state: OrderState }
  | { readonly outcome: 'no-line'; readonly line: number }
  | { readonly outcome: 'exceeds'; readonly line?: number; readonly left: number };

/** Money, goods and history together. An order of which everything went back is cancelled or returned. */
export async function refundOrder(queries: Queries, request: RefundRequest, context: ChangeContext): Promise<RefundOutcome> {
  const { orderId, key, bodyHash, what } = request;
  const order = await lockOrder(queries, orderId);
  if (order === undefined) return { outcome: 'unknown' };
  const before = await shopTables(queries)
    .selectFrom('shop_refund')
    .select(['id', 'amount', 'body_hash'])
    .where('order_id', '=', orderId)
    .where('request_key', '=', key)
    .executeTakeFirst();
  if (before !== undefined) {
    if (before.body_hash !== bodyHash) return { outcome: 'conflict' };
    return { outcome: 'refunded', refundId: before.id, amount: before.amount, repeated: true };
  }
  if (order.paid_at === null) return { outcome: 'unpaid', state: order.state };
  const left = order.total - order.refunded;
  if (left === 0) return { outcome: 'exceeds', left };
  if (what.kind === 'amount') {
    if (what.amount > left) return { outcome: 'exceeds', left };
    return giveBack(queries, order, request, { amount: what.amount, shares: [] }, context);
  }
  const lines = await linesOfOrder(queries, orderId);
  const shares = sharesOf(what.kind === 'everything' ? allPieces(lines, what.restock) : what.pieces, lines);
  if (!Array.isArray(shares)) return shares;
  const forGoods = shares.reduce((sum, { amount }) => sum + amount, 0);
  // Amounts that went back on top of goods before leave less for the goods themselves.
  const amount = what.kind === 'everything' ? left : Math.min(forGoods, left);
  return giveBack(queries, order, request, { amount, shares }, context);
}

interface Share extends RefundedPieces {
  readonly row: OrderLineRow;
  readonly amount: number;
}

function allPieces(lines: readonly OrderLineRow[], restock: boolean): readonly RefundedPieces[] {
  return lines
    .map(({ line, quantity, refunded_quantity }) => ({ line, quantity: quantity - refunded_quantity, restock }))
    .filter(({ quantity }) => quantity > 0);
}

function sharesOf(pieces: readonly RefundedPieces[], lines: readonly OrderLineRow[]): Share[] | RefundOutcome {
  const shares: Share[] = [];
  for (const { line, quantity, restock } of pieces) {
    const row = lines.find((candidate) => candidate.line === line);
    if (row === undefined) return { outcome: 'no-line', line };
    const left = row.quantity - row.refunded_quantity;
    if (quantity > left || shares.some((share) => share.line === line)) return { outcome: 'exceeds', line, left };
    shares.push({ line, quantity, restock, row, amount: refundShare(row.gross, row.quantity, row.refunded_quantity, quantity) });
  }
  return shares;
}

async function giveBack(
  queries: Queries,
  order: OrderRow,
  { key, bodyHash, reason }: RefundRequest,
  { amount, shares }: { amount: number; shares: readonly Share[] },
  context: ChangeContext,
): Promise<RefundOutcome> {
  const { random, now, by } = context;
  const tables = shopTables(queries);
  for (const { line, row, quantity, restock, amount: itsAmount } of shares) {
    await tables
      .updateTable('shop_order_line')
      .set({
        refunded_quantity: row.refunded_quantity + quantity,
        restocked_quantity: row.restocked_quantity + (restock ? quantity : 0),
        refunded: row.refunded + itsAmount,
      })
      .where('order_id', '=', order.id)
      .where('line', '=', line)
      .execute();
  }
  await restock(queries, shares);
  const payment = await tables.selectFrom('shop_payment').select('method').where('order_id', '=', order.id).executeTakeFirstOrThrow();
  const refundId = random.id();
  await tables
    .insertInto('shop_refund')
    .values({
      id: refundId,
      order_id: order.id,
      request_key: key,
      body_hash: bodyHash,
      amount,
      reason,
      by_whom: by,
      at: now,
      settled: payment.method === 'coins' || amount === 0 ? 1 : 0,
    })
    .execute();
  await tables
    .updateTable('shop_order')
    .set({ refunded: order.refunded + amount, changed_at: now })
    .where('id', '=', order.id)
    .execute();
  // The first pieces of a line of a few coins may be worth less than one: nothing moves.
  if (amount > 0 && payment.method === 'coins') await refundInCoins(queries, order, { refundId, amount }, context);
  await enterState(queries, order.id, {
    state: await stateAfterRefund(queries, order),
    by,
    note: refundNote(amount, reason),
    at: now,
  });
  return { outcome: 'refunded', refundId, amount, repeated: false };
}

async function restock(queries: Queries, shares: readonly Share[]): Promise<void> {
  const returned = new Map<string, { returned: number }>();
  for (const { row, quantity, restock } of shares) {
    if (restock) returned.set(row.variant_id, { returned: (returned.get(row.variant_id)?.returned ?? 0) + quantity });
  }
  await lockShelves(queries, [...returned.keys()]);
  await moveStock(queries, returned);
}

async function refundInCoins(
  queries: Queries,
  order: OrderRow,
  { refundId, amount }: { refundId: string; amount: number },
  { now }: ChangeContext,
): Promise<void> {
  const answer = await refundCoins(queries, {
    scope: ledgerScope,
    key: refundId,
    of: { scope: ledgerScope, key: order.id },
    amount,
    at: now,
    memo: `Refund of order ${order.id}`,
  });
  invariant(answer.outcome === 'posted', `the refund ${refundId} of order ${order.id} was ${answer.outcome}`);
}

/** Nothing left with the customer: cancelled before it was shipped, returned after. */
async function stateAfterRefund(queries: Queries, order: OrderRow): Promise<OrderState> {
  const lines = await linesOfOrder(queries, order.id);
  if (lines.some(({ quantity, refunded_quantity }) => refunded_quantity < quantity)) return order.state;
  const possible = statesAfter(order.state);
  return possible.find((state) => state === 'cancelled' || state === 'returned') ?? order.state;
}

export type Cancellation = RefundOutcome | { readonly outcome: 'cancelled' } | { readonly outcome: 'too-late'; readonly state: OrderState };

export interface CancelOptions {
  readonly onlyUnpaid?: boolean;
  /** Orders of other accounts count as unknown. */
  readonly ofAccount?: string;
}

/** By the customer while nothing is packed, or by the shop when a payment does not come. What was paid goes back. */
export async function cancelOrder(
  queries: Queries,
  orderId: string,
  reason: string,
  context: ChangeContext,
  { onlyUnpaid = false, ofAccount }: CancelOptions = {},
): Promise<Cancellation> {
  const order = await lockOrder(queries, orderId);
  if (order === undefined || (ofAccount ?? order.account_id) !== order.account_id) return { outcome: 'unknown' };
  switch (order.state) {
    case 'awaiting_payment':
      await endUnpaid(queries, order, reason, context);
      return { outcome: 'cancelled' };
    case 'cancelled':
      return { outcome: 'cancelled' };
    case 'paid': {
      if (onlyUnpaid) return { outcome: 'too-late', state: order.state };
      const what = { kind: 'everything', restock: true } as const;
      return refundOrder(queries, { orderId, key: `cancel:${orderId}`, bodyHash: '', reason, what }, context);
    }
    default:
      return { outcome: 'too-late', state: order.state };
  }
}

async function endUnpaid(queries: Queries, order: OrderRow, reason: string, { now, by }: ChangeContext): Promise<void> {
  if (order.promo_code !== null) await countUses(queries, [{ code: order.promo_code, accountId: order.account_id }], -1);
  await releaseHolder(queries, holderOfOrder(order.id));
  await enterState(queries, order.id, { state: 'cancelled', by, note: reason, at: now });
}

/** Cancels the order, or moves it on. */
export async function moveOrder(
  queries: Queries,
  { orderId, to, note }: { orderId: string; to: PlainState | 'cancelled'; note: string },
  context: ChangeContext,
): Promise<StateChange | Cancellation> {
  return to === 'cancelled' ? cancelOrder(queries, orderId, note, context) : changeState(queries, { orderId, to, note }, context);
}

/** Orders whose payment did not come in time, oldest first. */
export async function overdueOrders(queries: Queries, createdBefore: number, limit: number): Promise<readonly string[]> {
  const rows = await shopTables(queries)
    .selectFrom('shop_order')
    .select('id')
    .where('state', '=', 'awaiting_payment')
    .where('created_at', '<=', createdBefore)
    .orderBy('created_at')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}
