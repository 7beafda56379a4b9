/** Who may use a promo code, and when: pure, so that the cart shows what the checkout decides. */
import { type ReasonIn, unreachable } from '#core/errors.ts';
import type { PromoReasons } from '../api/reasons.ts';
import type { Promo } from '../store/cart/promos.ts';

export type PromoRefusal = ReasonIn<PromoReasons>;

/** Why the code cannot be used now; undefined when it can. */
export function promoRefusal(promo: Promo | undefined, usesOfAccount: number, subtotal: number, now: number): PromoRefusal | undefined {
  if (promo === undefined || !promo.active) return { name: 'promo-unknown', values: {} };
  const { code, startsAt, endsAt, maxUses, maxUsesPerAccount, minSubtotal } = promo;
  if (startsAt !== null && now < startsAt) return { name: 'promo-not-yet', values: { code, from: startsAt } };
  if (endsAt !== null && now >= endsAt) return { name: 'promo-over', values: { code } };
  if (maxUses !== null && promo.uses >= maxUses) return { name: 'promo-used-up', values: { code } };
  if (maxUsesPerAccount !== null && usesOfAccount >= maxUsesPerAccount)
    return { name: 'promo-used-by-you', values: { code, times: maxUsesPerAccount } };
  if (subtotal < minSubtotal) return { name: 'promo-minimum', values: { code, coins: minSubtotal } };
  return undefined;
}

/** The same in a sentence. */
export function promoSentence(refusal: PromoRefusal): string {
  switch (refusal.name) {
    case 'promo-unknown':
      return 'There is no such promo code: check its spelling.';
    case 'promo-not-yet':
      return `${refusal.values.code} is not valid yet.`;
    case 'promo-over':
      return `${refusal.values.code} is no longer valid.`;
    case 'promo-used-up':
      return `${refusal.values.code} has been used up.`;
    case 'promo-used-by-you':
      return `${refusal.values.code} can be used ${refusal.values.times === 1 ? 'once' : `${refusal.values.times} times`} by one account, and was.`;
    case 'promo-minimum':
      return `${refusal.values.code} is for orders of at least ${refusal.values.coins} coins.`;
    default:
      return unreachable(refusal);
  }
}
