/** Expected refusals of the shop, as errors that name what is wrong and the mend. */
import { KontorError, unreachable } from '#core/errors.ts';
import type { CheckoutAnswer } from './checkout.ts';
import type { Cancellation, RefundOutcome, StateChange } from './order-changes.ts';
import type { Short } from './stock.ts';

export function noProduct(id: string): KontorError {
  return new KontorError('not_found', `There is no product ${id}: GET /api/shop/products lists those there are.`);
}

export function noOrder(id: string): KontorError {
  return new KontorError('not_found', `There is no order ${id}: GET /api/shop/orders lists yours.`);
}

const otherBody = 'This key was used for another body: give every new request a key of its own, and repeat a request unchanged.';

function keyConflict(): KontorError {
  return conflict('Idempotency-Key', otherBody);
}

export function conflict(field: string, message: string): KontorError {
  return new KontorError('conflict', message, { details: [{ field, message }] });
}

export function invalidField(field: string, message: string): KontorError {
  return new KontorError('invalid_input', message, { details: [{ field, message }] });
}

export function tooFew({ variantId, wanted, available }: Omit<Short, 'outcome'>): KontorError {
  const left = available <= 0 ? 'is sold out' : `has only ${available} left`;
  return conflict(variantId, `${variantId} ${left}, and the cart holds ${wanted}: change the cart.`);
}

export function checkoutRefusal(answer: Exclude<CheckoutAnswer, { outcome: 'ordered' }>): KontorError {
  switch (answer.outcome) {
    case 'conflict':
      return keyConflict();
    case 'empty':
      return conflict('cart', 'The cart is empty: put something into it with PUT /api/shop/cart/lines/VARIANT.');
    case 'gone':
      return conflict(answer.variantId, `${answer.variantId} is no longer sold: take it out of the cart.`);
    case 'short':
      return tooFew(answer);
    case 'promo-refused':
      return conflict('promo', `${answer.why} Take the code out of the cart, or use another.`);
    case 'price-changed':
      return conflict('expectedTotal', `The cart comes to ${answer.total} coins by now: look at it again, and send that as expectedTotal.`);
    case 'insufficient':
      return conflict(
        'payment',
        `The order costs ${answer.total} coins, and the wallet has ${answer.available}: earn or receive more, or order less.`,
      );
    default:
      return unreachable(answer);
  }
}

export function stateRefusal(orderId: string, change: Exclude<StateChange, { outcome: 'changed' }>): KontorError {
  if (change.outcome === 'unknown') return noOrder(orderId);
  const possible = change.possible.length === 0 ? 'nothing can follow' : `only ${change.possible.join(' or ')} can follow`;
  return conflict('state', `The order is ${change.state}: ${possible}.`);
}

type RefusedRefund = Exclude<RefundOutcome, { outcome: 'refunded' }>;

export function refundRefusal(orderId: string, refused: RefusedRefund): KontorError {
  switch (refused.outcome) {
    case 'unknown':
      return noOrder(orderId);
    case 'conflict':
      return keyConflict();
    case 'unpaid':
      return conflict('state', `The order is ${refused.state} and was never paid: there is nothing to give back.`);
    case 'no-line':
      return conflict('lines', `The order has no line ${refused.line}.`);
    case 'exceeds':
      return refused.line === undefined
        ? conflict('amount', `Of the order ${refused.left} coins are left to give back.`)
        : conflict('lines', `Of line ${refused.line} at most ${refused.left} pieces can go back, named once.`);
    default:
      return unreachable(refused);
  }
}

export function cancellationRefusal(orderId: string, refused: Exclude<Cancellation, { outcome: 'cancelled' | 'refunded' }>): KontorError {
  if (refused.outcome !== 'too-late') return refundRefusal(orderId, refused);
  return conflict('state', `The order is ${refused.state} already and cannot be cancelled any more: ask for a refund.`);
}
