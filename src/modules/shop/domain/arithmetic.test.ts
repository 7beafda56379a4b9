/** The shop's arithmetic: whatever is ordered, discounted and given back, the sums are exact. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  type Discount,
  maxCartLines,
  maxPrice,
  maxQuantity,
  mergeCarts,
  orderIdFrom,
  orderStates,
  priceOrder,
  refundShare,
  statesAfter,
  tapePriceCents,
} from './arithmetic.ts';

const line = fc.record({
  unitPrice: fc.integer({ min: 1, max: maxPrice }),
  quantity: fc.integer({ min: 1, max: maxQuantity }),
  taxBasisPoints: fc.constantFrom(0, 700, 1_900, 2_500),
});
const lines = fc.array(line, { minLength: 1, maxLength: maxCartLines });
const discount: fc.Arbitrary<Discount | undefined> = fc.option(
  fc.record({ kind: fc.constantFrom('percent', 'amount'), value: fc.integer({ min: 1, max: 100 }), minSubtotal: fc.constant(0) }),
  { nil: undefined },
);

describe('prices of orders', () => {
  it('sum to the total, line by line, whatever the tax and the discount', () => {
    fc.assert(
      fc.property(lines, discount, fc.constantFrom('included', 'added'), (ordered, off, taxMode) => {
        const price = priceOrder(ordered, off, taxMode);
        const sum = (field: 'gross' | 'net' | 'tax' | 'discount') => price.lines.reduce((total, one) => total + one[field], 0);
        assert.equal(sum('gross'), price.total);
        assert.equal(sum('net') + sum('tax'), price.total);
        assert.equal(sum('discount'), price.discount);
        assert.equal(price.total, price.subtotal - price.discount + (taxMode === 'added' ? price.tax : 0));
        assert.ok(price.total >= 1 && price.lines.every(({ net, tax, gross, discount: less }) => Math.min(net, tax, gross, less) >= 0));
      }),
    );
  });

  it('contain the tax, or have it added', () => {
    const lamp = { unitPrice: 119, quantity: 1, taxBasisPoints: 1_900 };
    assert.deepEqual(priceOrder([lamp], undefined, 'included').lines, [{ discount: 0, net: 100, tax: 19, gross: 119 }]);
    assert.deepEqual(priceOrder([lamp], undefined, 'added').lines, [{ discount: 0, net: 119, tax: 23, gross: 142 }]);
  });

  it('leave a coin to pay, and no discount below the least that it wants', () => {
    const one = { unitPrice: 10, quantity: 1, taxBasisPoints: 0 };
    assert.equal(priceOrder([one], { kind: 'percent', value: 100, minSubtotal: 0 }, 'included').total, 1);
    assert.equal(priceOrder([one], { kind: 'amount', value: 5, minSubtotal: 11 }, 'included').total, 10);
  });
});

it('refunds of pieces, in whatever steps, sum to exactly the line', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1_000_000_000 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 11 }),
      (gross, steps) => {
        const quantity = steps.reduce((sum, step) => sum + step, 0);
        let before = 0;
        let given = 0;
        for (const step of steps) {
          given += refundShare(gross, quantity, before, step);
          before += step;
        }
        assert.equal(given, gross);
      },
    ),
  );
});

it('merged carts hold what both held, within the limits', () => {
  const merged = mergeCarts(
    [{ variantId: 'A', quantity: 60 }],
    [
      { variantId: 'A', quantity: 60 },
      { variantId: 'B', quantity: 2 },
    ],
  );
  assert.deepEqual(merged, [
    { variantId: 'A', quantity: maxQuantity },
    { variantId: 'B', quantity: 2 },
  ]);
  const many = Array.from({ length: maxCartLines }, (_, index) => ({ variantId: `M${index}`, quantity: 1 }));
  assert.equal(mergeCarts(many, [{ variantId: 'NEW', quantity: 1 }]).length, maxCartLines);
});

it('states lead nowhere but forward: none is reached twice', () => {
  const reachable = (state: (typeof orderStates)[number], seen: readonly string[]): void => {
    assert.ok(!seen.includes(state), `${[...seen, state].join(' → ')}`);
    for (const next of statesAfter(state)) reachable(next, [...seen, state]);
  };
  reachable('awaiting_payment', []);
  assert.deepEqual(
    orderStates.filter((state) => statesAfter(state).length === 0),
    ['cancelled', 'returned'],
  );
});

it('order ids can be read out, and differ where chance differs', () => {
  const id = orderIdFrom('0123456789abcdef0123456789abcdef');
  assert.match(id, /^KO-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
  assert.notEqual(id, orderIdFrom('1123456789abcdef0123456789abcdef'));
});

it('prices on the tape are what was paid for a piece, and never nothing', () => {
  assert.equal(tapePriceCents(10, 3, 1), 967);
  assert.equal(tapePriceCents(1, 99, 98), 1);
});
