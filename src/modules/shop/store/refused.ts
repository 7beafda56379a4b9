/** What the stores answer instead of doing it, as errors that say what is wrong and what to do. */
import { type KontorError, unreachable } from '#core/errors.ts';
import { houseRefusals } from '#core/house-refusals.ts';
import { refuse } from '#core/refuse.ts';
import { shopRefusals } from '../refusals.ts';
import type { CheckoutAnswer } from './checkout/checkout.ts';
import type { Cancellation, RefundOutcome, StateChange } from './orders/order-changes.ts';

export function noOrder(id: string): KontorError {
  return refuse(shopRefusals, 'no-order', { id });
}

export function checkoutRefusal(answer: Exclude<CheckoutAnswer, { outcome: 'ordered' }>): KontorError {
  switch (answer.outcome) {
    case 'conflict':
      return refuse(houseRefusals, 'key-reused', {}, 'Idempotency-Key');
    case 'empty':
      return refuse(shopRefusals, 'cart-empty', {}, 'cart');
    case 'gone':
      return refuse(shopRefusals, 'no-longer-sold', { variant: answer.variantId }, answer.variantId);
    case 'short': {
      const { variantId, wanted, available } = answer;
      if (available <= 0) return refuse(shopRefusals, 'sold-out', { variant: variantId }, variantId);
      return refuse(shopRefusals, 'few-left', { variant: variantId, left: available, wanted }, variantId);
    }
    case 'unpaid-orders':
      return refuse(shopRefusals, 'unpaid-orders', { most: answer.most }, 'payment');
    case 'unpaid-today':
      return refuse(shopRefusals, 'unpaid-today', { most: answer.most }, 'payment');
    case 'kept-pieces':
      return refuse(shopRefusals, 'kept-pieces', { most: answer.most }, 'cart');
    case 'kept-share':
      return refuse(shopRefusals, 'kept-share', { variant: answer.variantId, most: answer.most }, answer.variantId);
    case 'promo-refused':
      return refuse(shopRefusals, answer.why.name, answer.why.values, 'promo');
    case 'price-changed':
      return refuse(shopRefusals, 'total-changed', { total: answer.total }, 'expectedTotal');
    case 'insufficient':
      return refuse(shopRefusals, 'coins-short', { total: answer.total, available: answer.available }, 'payment');
    default:
      return unreachable(answer);
  }
}

type Refused = Exclude<StateChange | RefundOutcome | Cancellation, { outcome: 'changed' | 'refunded' | 'cancelled' }>;

export function orderRefusal(orderId: string, refused: Refused): KontorError {
  switch (refused.outcome) {
    case 'unknown':
      return noOrder(orderId);
    case 'conflict':
      return refuse(houseRefusals, 'key-reused', {}, 'Idempotency-Key');
    case 'impossible':
      return refuse(shopRefusals, 'state-cannot', { state: refused.state, possible: refused.possible.join(' or ') }, 'state');
    case 'too-late':
      return refuse(shopRefusals, 'too-late-to-cancel', { state: refused.state }, 'state');
    case 'unpaid':
      return refuse(shopRefusals, 'never-paid', { state: refused.state }, 'state');
    case 'no-line':
      return refuse(shopRefusals, 'no-line', { line: refused.line }, 'lines');
    case 'exceeds': {
      const { line, left } = refused;
      if (line === undefined) return refuse(shopRefusals, 'refund-coins', { left }, 'amount');
      return refuse(shopRefusals, 'refund-pieces', { line, left }, 'lines');
    }
    default:
      return unreachable(refused);
  }
}
