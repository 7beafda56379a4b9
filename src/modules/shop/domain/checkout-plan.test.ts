/** Checkouts decided together: what one takes, the next one does not get. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type CheckoutBooks, type CheckoutRequest, planCheckouts } from './checkout-plan.ts';
import type { Offer } from './goods.ts';
import { type Promo, usesKey } from './promos.ts';

const offer: Offer = {
  variantId: 'LAMP',
  variantName: '',
  productId: 'lamp',
  productName: 'Lamp',
  instrument: 'SHOP.SHIP',
  unitPrice: 10,
  taxBasisPoints: 0,
  active: true,
  available: 0,
};
const promo: Promo = {
  code: 'MOIN',
  kind: 'amount',
  value: 1,
  minSubtotal: 0,
  startsAt: null,
  endsAt: null,
  maxUses: 1,
  maxUsesPerAccount: 1,
  uses: 0,
  active: true,
};

function request(accountId: string, expectedTotal = 10): CheckoutRequest {
  return { accountId, key: accountId, bodyHash: '', guestCartId: undefined, payment: 'coins', expectedTotal, shipTo: '{}' };
}

/** Everybody has a lamp in the cart. */
function books({
  onHand = 9,
  coins = 100,
  reserved = 0,
  promoCode,
}: {
  onHand?: number;
  coins?: number;
  reserved?: number;
  promoCode?: string;
}) {
  const names = ['anna', 'ben', 'cleo'];
  const kept = (name: string) => (name === 'anna' && reserved > 0 ? [{ variantId: 'LAMP', quantity: reserved }] : []);
  const cartOf = (name: string) => ({ cartIds: [name], items: [{ variantId: 'LAMP', quantity: 1 }], promoCode, reserved: kept(name) });
  const whole: CheckoutBooks = {
    carts: new Map(names.map((name) => [name, cartOf(name)])),
    offers: new Map([['LAMP', offer]]),
    shelves: new Map([['LAMP', { onHand, reserved }]]),
    promos: new Map([['MOIN', promo]]),
    kept: new Map(),
    promoUses: new Map([[usesKey('MOIN', 'cleo'), 1]]),
    available: new Map(names.map((name) => [name, coins])),
    taxMode: 'included',
    now: 0,
  };
  return whole;
}

const outcomes = (requests: readonly CheckoutRequest[], of: CheckoutBooks) => planCheckouts(requests, of).map(({ outcome }) => outcome);

it('gives the last piece to the first who asks', () => {
  assert.deepEqual(outcomes([request('anna'), request('ben')], books({ onHand: 1 })), ['planned', 'short']);
});

it('leaves reserved pieces to the cart that has them, whichever comes first', () => {
  assert.deepEqual(outcomes([request('ben'), request('anna')], books({ onHand: 1, reserved: 1 })), ['short', 'planned']);
});

it('counts a code once for each order, in all and by account', () => {
  const three = [request('cleo', 9), request('anna', 9), request('ben', 9)];
  assert.deepEqual(outcomes(three, books({ promoCode: 'MOIN' })), ['promo-refused', 'planned', 'promo-refused']);
});

it('takes nothing for what it refuses', () => {
  const poor = books({ onHand: 1, coins: 100 });
  const broke = { ...poor, available: new Map([...poor.available, ['anna', 9]]) };
  assert.deepEqual(outcomes([request('anna'), request('ben', 11), request('ben')], broke), ['insufficient', 'price-changed', 'planned']);
});

it('makes one order of one cart, and none of what is not there', () => {
  assert.deepEqual(outcomes([request('anna'), request('anna'), request('nobody')], books({})), ['planned', 'empty', 'empty']);
  const gone = { ...books({}), offers: new Map([['LAMP', { ...offer, active: false }]]) };
  assert.deepEqual(outcomes([request('anna')], gone), ['gone']);
});
