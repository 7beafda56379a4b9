/** Promo codes: each reason to refuse one, at its very limit, and a sentence for each. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Promo, promoRefusal, promoSentence } from './promos.ts';

const promo: Promo = {
  code: 'MOIN',
  kind: 'percent',
  value: 10,
  minSubtotal: 50,
  startsAt: 100,
  endsAt: 200,
  maxUses: 3,
  maxUsesPerAccount: 2,
  uses: 2,
  active: true,
};
const at = (now: number, change: Partial<Promo> = {}, { uses = 1, subtotal = 50 } = {}) =>
  promoRefusal({ ...promo, ...change }, uses, subtotal, now);

test('a code is good up to its limits', () => {
  for (const now of [100, 199]) assert.equal(at(now), undefined);
  assert.equal(at(150, { startsAt: null, endsAt: null, maxUses: null, maxUsesPerAccount: null, uses: 99 }, { uses: 99 }), undefined);
});

test('beyond them it is refused for its reason', () => {
  const code = 'MOIN';
  const cases = [
    [promoRefusal(undefined, 0, 50, 150), { name: 'promo-unknown', values: {} }, /no such promo code/],
    [at(150, { active: false }), { name: 'promo-unknown', values: {} }, /no such promo code/],
    [at(99), { name: 'promo-not-yet', values: { code, from: 100 } }, /MOIN is valid from 1970-01-01/],
    [at(200), { name: 'promo-over', values: { code } }, /no longer valid/],
    [at(150, { uses: 3 }), { name: 'promo-used-up', values: { code } }, /used up/],
    [at(150, {}, { uses: 2 }), { name: 'promo-used-by-you', values: { code, times: 2 } }, /used MOIN 2 times/],
    [at(150, {}, { subtotal: 49 }), { name: 'promo-minimum', values: { code, coins: 50 } }, /at least 50 coins/],
  ] as const;
  for (const [refusal, reason, sentence] of cases) {
    assert.deepEqual(refusal, reason);
    assert.match(refusal ? promoSentence(refusal) : '', sentence);
  }
});
