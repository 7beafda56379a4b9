/** A checker for errands: every acknowledged order has one result or one refund, and the miner has a coin for each page that was accepted. */
import { readableNumber } from '#core/readable-number.ts';
import { type Check, checkOf } from './check.ts';

export interface ErrandOrder {
  readonly id: string;
  /** Over: neither waiting nor with a miner. */
  readonly isOver: boolean;
  readonly coins: { readonly funded: number; readonly returned: number; readonly refunded: number };
  readonly delivered: number;
  readonly failed: number;
  /** Pages that were delivered and are not what the page server served for the order. */
  readonly wrongPages: number;
}

export function checkResults(orders: readonly ErrandOrder[], acceptedOrders: ReadonlySet<string>): Check {
  const violations = orders.flatMap(({ id, isOver, coins, delivered, failed, wrongPages }) => {
    if (!isOver) return [`${id} is not over after the time that is promised`];
    const kept = coins.funded - coins.returned - coins.refunded;
    return [
      ...(delivered + failed === 1 ? [] : [`${id} has ${delivered} results and ${failed} failures, and should have one of either`]),
      ...(kept === delivered ? [] : [`${id} cost ${kept} coins for ${delivered} results`]),
      ...(wrongPages === 0 ? [] : [`${id} delivered another page than was served`]),
      ...(acceptedOrders.has(id) && delivered === 0 ? [`a page for ${id} was accepted, and is not delivered`] : []),
    ];
  });
  const known = new Set(orders.map(({ id }) => id));
  const lost = [...acceptedOrders].filter((id) => !known.has(id)).length;
  return checkOf({
    id: 'results',
    says: 'every order has one result that was paid, or one refund',
    checked: orders.length,
    lost,
    doubled: orders.filter(({ delivered }) => delivered > 1).length,
    violations: [...violations, ...(lost > 0 ? [`${lost} orders of accepted pages are gone`] : [])],
  });
}

export interface Wages {
  readonly opening: number;
  readonly closing: number;
  /** Answers that the desk said it accepted. */
  readonly accepted: number;
  /** Answers whose outcome the miner was never told: each may have been accepted. */
  readonly unknown: number;
}

export function checkWages({ opening, closing, accepted, unknown }: Wages): Check {
  const earned = closing - opening;
  const fits = earned >= accepted && earned <= accepted + unknown;
  const range = unknown === 0 ? readableNumber(accepted) : `${readableNumber(accepted)} to ${readableNumber(accepted + unknown)}`;
  return checkOf({
    id: 'wages',
    says: `the miner has a coin for each of ${range} accepted pages`,
    checked: accepted + unknown,
    lost: Math.max(0, accepted - earned),
    doubled: Math.max(0, earned - accepted - unknown),
    violations: fits ? [] : [`the miner earned ${earned} coins for ${range} accepted pages`],
  });
}
