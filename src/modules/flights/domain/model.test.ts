/** Prices stay within their bounds, follow demand, and cannot be moved by few. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { usualViews } from './comparables.ts';
import { decayUnit, decayWeight, windowHours } from './decay.ts';
import { demandOf, exponential, type FareNow, priceOf, truncated, viewUnit } from './model.ts';

const day = 86_400_000;
const asOf = Date.UTC(2028, 1, 29, 23, 59, 59, 999);

const fares = fc
  .record({
    base: fc.integer({ min: 1, max: 100_000 }),
    seats: fc.integer({ min: 1, max: 900 }),
    soldShare: fc.integer({ min: 0, max: 100 }),
    departsIn: fc.integer({ min: 0, max: 200 * day }),
    at: fc.integer({ min: 0, max: 100 }),
    low: fc.integer({ min: 0, max: 7 }),
    high: fc.integer({ min: 0, max: 7 }),
  })
  .map(({ base, seats, soldShare, departsIn, at, low, high }): FareNow => {
    const [floor, ceiling] = [Math.ceil(base / 2), base * 3];
    const before = floor + Math.floor(((ceiling - floor) * at) / 100);
    return {
      base,
      floor,
      ceiling,
      seats,
      sold: Math.floor((seats * soldShare) / 100),
      departsAt: asOf + departsIn,
      before,
      dayLow: before - Math.floor((before * low) / 100),
      dayHigh: before + Math.floor((before * high) / 100),
    };
  });
const views = fc.integer({ min: 0, max: 1e12 });

test('a price is between floor and ceiling, moves at most 5 % a run and 15 % a day, and not by less than 2 %', () => {
  fc.assert(
    fc.property(fares, views, views, (fare, own, usual) => {
      const { price, target, demand, sales } = priceOf(fare, { views: own, usualViews: usual }, asOf);
      for (const value of [price, target]) assert.ok(Number.isInteger(value) && fare.floor <= value && value <= fare.ceiling);
      assert.ok(Math.abs(demand) <= 1e6 && Math.abs(sales) <= 1e6);
      assert.ok(Math.abs(price - fare.before) * 100 <= fare.before * 5);
      if (price !== fare.before) {
        assert.ok(Math.abs(price - fare.before) * 100 >= fare.before * 2);
        assert.ok(price * 100 <= Math.max(fare.dayLow * 115, fare.before * 100));
        assert.ok(price * 100 >= Math.min(fare.dayHigh * 85, fare.before * 100));
      }
    }),
    { numRuns: 2_000 },
  );
});

test('quotients are exact up to 2^53', () => {
  const near = fc.integer({ min: -3, max: 3 });
  const divisors = fc.oneof(
    fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    fc.maxSafeInteger().map((value) => Math.abs(value) + 1),
  );
  fc.assert(
    fc.property(fc.maxSafeInteger(), divisors, near, (dividend, divisor, beside) => {
      for (const value of [dividend, dividend - (dividend % divisor) + beside]) {
        if (!Number.isSafeInteger(value)) continue;
        assert.equal(BigInt(truncated(value, divisor)), BigInt(value) / BigInt(divisor));
        assert.ok(!Object.is(truncated(value, divisor), -0));
      }
    }),
    { numRuns: 5_000 },
  );
});

test('more views, more seats sold, and fewer views of others never lower the target', () => {
  fc.assert(
    fc.property(fares, views, views, views, (fare, own, more, usual) => {
      const targetOf = (change: Partial<FareNow>, views: number, usualViews: number) =>
        priceOf({ ...fare, ...change }, { views, usualViews }, asOf).target;
      const target = targetOf({}, own, usual);
      assert.ok(targetOf({}, own + more, usual) >= target);
      assert.ok(targetOf({}, own, usual + more) <= target);
      assert.ok(targetOf({ sold: fare.seats }, own, usual) >= target);
    }),
    { numRuns: 2_000 },
  );
});

test('the exponential is exact to a millionth over all that it is asked', () => {
  for (let percent = -63; percent <= 63; percent += 1)
    assert.ok(Math.abs(exponential(percent * 1e6) / 2 ** 26 / Math.exp(percent / 100) - 1) < 1e-6);
});

test('the numbers of model-1 never change', () => {
  const fare = {
    base: 200,
    floor: 100,
    ceiling: 600,
    seats: 180,
    sold: 90,
    departsAt: asOf + 10 * day,
    before: 200,
    dayLow: 190,
    dayHigh: 205,
  };
  assert.deepEqual(priceOf(fare, { views: 100 * viewUnit, usualViews: 20 * viewUnit }, asOf), {
    asOf,
    base: 200,
    floor: 100,
    ceiling: 600,
    views: 6_553_600,
    usualViews: 1_310_720,
    demand: 500_000,
    seats: 180,
    sold: 90,
    expectedSold: 66,
    daysOut: 10,
    sales: 133_333,
    target: 232,
    before: 200,
    dayLow: 190,
    dayHigh: 205,
    price: 210,
    limitedBy: 'run',
  });
});

test('decay halves every 12 hours, and ends after 72', () => {
  assert.equal(decayWeight(0), decayUnit);
  for (let age = 0; age + 12 < windowHours; age += 1) assert.equal(decayWeight(age + 12), decayWeight(age) >> 1);
  assert.equal(decayWeight(windowHours), 0);
  assert.equal(decayWeight(-1), 0);
});

test('attention alone moves a target by at most 20 %; one network in an hour by less than the least change', () => {
  const steady: FareNow = {
    base: 50_000,
    floor: 25_000,
    ceiling: 150_000,
    seats: 100,
    sold: 0,
    departsAt: asOf + 130 * day,
    before: 50_000,
    dayLow: 50_000,
    dayHigh: 50_000,
  };
  const most = priceOf(steady, { views: Number.MAX_SAFE_INTEGER, usualViews: 0 }, asOf);
  assert.ok(most.target <= 60_000, String(most.target));
  const network = priceOf(steady, { views: 4 * viewUnit, usualViews: 0 }, asOf);
  assert.equal(network.price, steady.before);
  assert.ok(network.target < 50_000 * 1.017);
  let lasting = 0;
  for (let age = 0; age < windowHours; age += 1) lasting += 4 * viewUnit * decayWeight(age);
  const demand = demandOf(Math.floor(lasting / decayUnit), 0);
  assert.ok(demand < 640_000, String(demand));
  assert.ok(priceOf(steady, { views: Math.floor(lasting / decayUnit), usualViews: 0 }, asOf).target <= 56_100);
});

test('flights are compared with five of their route or more, otherwise with all that fly as long', () => {
  const flight = (origin: string, views: number, hours = 1) => ({
    origin,
    destination: 'LIS',
    departsAt: asOf + 20 * day,
    arrivesAt: asOf + 20 * day + hours * 3_600_000,
    views,
  });
  const five = [1, 2, 3, 4, 100].map((views) => flight('FRA', views));
  const two = [7, 9].map((views) => flight('HAM', views));
  const far = [flight('JFK', 50, 8)];
  assert.deepEqual(usualViews([...five, ...two, ...far], asOf), [3, 3, 3, 3, 3, 4, 4, 50]);
});
