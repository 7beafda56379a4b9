/** Expected refusals of the shop, as errors that name what is wrong and the mend. */
import { type ErrorCode, type KontorError, type ReasonIn, refusal, unreachable } from '#core/errors.ts';
import type { HouseReasons } from '#core/house-refusals.ts';
import { promoSentence } from '../domain/promo-rule.ts';
import type { Short } from '../store/catalogue/stock.ts';
import type { CheckoutAnswer } from '../store/checkout/checkout.ts';
import type { Cancellation, RefundOutcome, StateChange } from '../store/orders/order-changes.ts';
import type { ShopReasons } from './reasons.ts';

type Reason = ReasonIn<ShopReasons & HouseReasons>;

function refuse(code: ErrorCode, reason: Reason, message: string, field?: string): KontorError {
  return refusal<ShopReasons & HouseReasons>(code, reason, message, field);
}

export function noProduct(id: string): KontorError {
  return refuse(
    'not_found',
    { name: 'no-product', values: { id } },
    `There is no product ${id}: GET /api/shop/products lists those there are.`,
  );
}

export function noVariant(id: string): KontorError {
  return refuse('not_found', { name: 'no-variant', values: { id } }, `There is no variant ${id}: the products name theirs.`);
}

export function noOrder(id: string): KontorError {
  return refuse('not_found', { name: 'no-order', values: { id } }, `There is no order ${id}: GET /api/shop/orders lists yours.`);
}

function keyConflict(): KontorError {
  const message = 'This key was used for another body: give every new request a key of its own, and repeat a request unchanged.';
  return conflict('Idempotency-Key', { name: 'key-reused', values: {} }, message);
}

export function conflict(field: string, reason: Reason, message: string): KontorError {
  return refuse('conflict', reason, message, field);
}

export function invalidField(field: string, reason: Reason, message: string): KontorError {
  return refuse('invalid_input', reason, message, field);
}

export function tooFew({ variantId, wanted, available }: Omit<Short, 'outcome'>): KontorError {
  const soldOut = available <= 0;
  const left = soldOut ? 'is sold out' : `has only ${available} left`;
  return conflict(
    variantId,
    soldOut
      ? { name: 'sold-out', values: { variant: variantId } }
      : { name: 'few-left', values: { variant: variantId, left: available, wanted } },
    `${variantId} ${left}, and the cart holds ${wanted}: change the cart.`,
  );
}

export function checkoutRefusal(answer: Exclude<CheckoutAnswer, { outcome: 'ordered' }>): KontorError {
  switch (answer.outcome) {
    case 'conflict':
      return keyConflict();
    case 'empty':
      return conflict(
        'cart',
        { name: 'cart-empty', values: {} },
        'The cart is empty: put something into it with PUT /api/shop/cart/lines/VARIANT.',
      );
    case 'gone': {
      const { variantId } = answer;
      return conflict(
        variantId,
        { name: 'no-longer-sold', values: { variant: variantId } },
        `${variantId} is no longer sold: take it out of the cart.`,
      );
    }
    case 'short':
      return tooFew(answer);
    case 'promo-refused':
      return conflict('promo', answer.why, `${promoSentence(answer.why)} Take the code out of the cart, or use another.`);
    case 'price-changed': {
      const { total } = answer;
      return conflict(
        'expectedTotal',
        { name: 'total-changed', values: { total } },
        `The cart comes to ${total} coins by now: look at it again, and send that as expectedTotal.`,
      );
    }
    case 'insufficient': {
      const { total, available } = answer;
      return conflict(
        'payment',
        { name: 'coins-short', values: { total, available } },
        `The order costs ${total} coins, and the wallet has ${available}: earn or receive more, or order less.`,
      );
    }
    default:
      return unreachable(answer);
  }
}

export function stateRefusal(orderId: string, change: Exclude<StateChange, { outcome: 'changed' }>): KontorError {
  if (change.outcome === 'unknown') return noOrder(orderId);
  const { state } = change;
  const possible = change.possible.length === 0 ? 'nothing can follow' : `only ${change.possible.join(' or ')} can follow`;
  return conflict('state', { name: 'state-cannot', values: { state } }, `The order is ${state}: ${possible}.`);
}

type RefusedRefund = Exclude<RefundOutcome, { outcome: 'refunded' }>;

export function refundRefusal(orderId: string, refused: RefusedRefund): KontorError {
  switch (refused.outcome) {
    case 'unknown':
      return noOrder(orderId);
    case 'conflict':
      return keyConflict();
    case 'unpaid': {
      const { state } = refused;
      const message = `The order is ${state} and was never paid: there is nothing to give back.`;
      return conflict('state', { name: 'never-paid', values: { state } }, message);
    }
    case 'no-line': {
      const { line } = refused;
      return conflict('lines', { name: 'no-line', values: { line } }, `The order has no line ${line}.`);
    }
    case 'exceeds': {
      const { line, left } = refused;
      return line === undefined
        ? conflict('amount', { name: 'refund-coins', values: { left } }, `Of the order ${left} coins are left to give back.`)
        : conflict(
            'lines',
            { name: 'refund-pieces', values: { line, left } },
            `Of line ${line} at most ${left} pieces can go back, named once.`,
          );
    }
    default:
      return unreachable(refused);
  }
}

export function cancellationRefusal(orderId: string, refused: Exclude<Cancellation, { outcome: 'cancelled' | 'refunded' }>): KontorError {
  if (refused.outcome !== 'too-late') return refundRefusal(orderId, refused);
  const { state } = refused;
  const message = `The order is ${state} already and cannot be cancelled any more: ask for a refund.`;
  return conflict('state', { name: 'too-late-to-cancel', values: { state } }, message);
}
