/** Who may use a promo code, and when: pure, so that the cart shows what the checkout decides. */

import type { ValuesOf } from '#core/refusals.ts';
import { refuse } from '#core/refuse.ts';
import { shopRefusals } from '../refusals.ts';

export interface Promo {
  readonly code: string;
  readonly kind: 'percent' | 'amount';
  /** Percent, or coins. */
  readonly value: number;
  readonly minSubtotal: number;
  readonly startsAt: number | null;
  readonly endsAt: number | null;
  readonly maxUses: number | null;
  readonly maxUsesPerAccount: number | null;
  readonly uses: number;
  readonly active: boolean;
}

type RefusalName = 'promo-unknown' | 'promo-not-yet' | 'promo-over' | 'promo-used-up' | 'promo-used-by-you' | 'promo-minimum';
export type PromoRefusal = {
  [Name in RefusalName]: { readonly name: Name; readonly values: ValuesOf<(typeof shopRefusals)[Name]> };
}[RefusalName];

/** Codes as people type them: `lotse 10 ` is `LOTSE10`. */
export function plainCode(code: string): string {
  return code.replaceAll(/\s/g, '').toUpperCase();
}

/** Names the uses of a code by an account. */
export function usesKey(code: string, accountId: string): string {
  return `${code}\n${accountId}`;
}

/** Refuses rules that make no sense. */
export function checkPromo({ code, kind, value, startsAt, endsAt }: Omit<Promo, 'uses'>): void {
  if (code.length < 2) throw refuse(shopRefusals, 'promo-too-short', {}, 'code');
  if (kind === 'percent' && value > 100) throw refuse(shopRefusals, 'promo-percent', {}, 'value');
  if (startsAt !== null && endsAt !== null && endsAt <= startsAt) throw refuse(shopRefusals, 'promo-ends-first', {}, 'endsAt');
}

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
export function promoSentence({ name, values }: PromoRefusal): string {
  return refuse(shopRefusals, name, values).message;
}
