/** Fare rules: their edges to the millisecond, and what holds for every fare. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fastCheck from 'fast-check';
import { type Fare, refundOf, refundShare } from './fares.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** A flight 30 days after it is booked, at time 0. */
const fare: Fare = { bookedAt: 0, firstDepartureAt: 30 * dayMs, flightCancelled: false };

describe('what comes back of a fare', () => {
  it('follows the rules at their edges', () => {
    const percentAt = (now: number, changes: Partial<Fare> = {}) => refundShare({ ...fare, ...changes }, now);
    assert.deepEqual(percentAt(0), { refundPercent: 100, until: dayMs });
    assert.equal(percentAt(dayMs).refundPercent, 100);
    assert.deepEqual(percentAt(dayMs + 1), { refundPercent: 90, until: 23 * dayMs });
    assert.equal(percentAt(23 * dayMs).refundPercent, 90);
    assert.deepEqual(percentAt(23 * dayMs + 1), { refundPercent: 50, until: 29 * dayMs });
    assert.deepEqual(percentAt(29 * dayMs + 1), { refundPercent: 0, until: null });
    assert.equal(percentAt(30 * dayMs).refundPercent, 0);
    assert.deepEqual(percentAt(30 * dayMs, { flightCancelled: true }), { refundPercent: 100, until: null });
  });

  it('is half from the start for a flight in less than 7 days, and everything only while it is further away', () => {
    assert.equal(refundShare({ ...fare, firstDepartureAt: 6 * dayMs }, 0).refundPercent, 50);
    assert.equal(refundShare({ ...fare, firstDepartureAt: 7 * dayMs }, 0).refundPercent, 100);
    assert.deepEqual(refundShare({ ...fare, firstDepartureAt: 7 * dayMs + hourMs }, 0), { refundPercent: 100, until: hourMs });
    assert.equal(refundShare({ ...fare, firstDepartureAt: 7 * dayMs + hourMs }, hourMs + 1).refundPercent, 50);
    assert.equal(refundShare({ ...fare, firstDepartureAt: hourMs }, 0).refundPercent, 0);
  });

  const anyFare = fastCheck.record({
    bookedAt: fastCheck.integer({ min: 0, max: 200 * dayMs }),
    ahead: fastCheck.integer({ min: 0, max: 120 * dayMs }),
    flightCancelled: fastCheck.boolean(),
  });
  const anyTotal = fastCheck.integer({ min: 1, max: 9 * 4 * 1_000_000 });
  const anyWait = fastCheck.integer({ min: 0, max: 130 * dayMs });

  it('is never less than nothing, more than was paid, or more than it was before', () => {
    const property = fastCheck.property(anyFare, anyTotal, anyWait, anyWait, ({ bookedAt, ahead, flightCancelled }, total, one, other) => {
      const rules = { bookedAt, firstDepartureAt: bookedAt + ahead, flightCancelled };
      const [early, late] = [bookedAt + Math.min(one, other), bookedAt + Math.max(one, other)];
      const refunds = [early, late].map((now) => refundOf(total, refundShare(rules, now)));
      const [first = 0, second = 0] = refunds;
      for (const refund of refunds) assert.ok(Number.isSafeInteger(refund) && refund >= 0 && refund <= total);
      assert.ok(second <= first);
      if (flightCancelled) assert.equal(second, total);
    });
    fastCheck.assert(property);
  });

  it('changes just after the time that it says, and not before', () => {
    const property = fastCheck.property(anyFare, anyWait, ({ bookedAt, ahead, flightCancelled }, wait) => {
      const rules = { bookedAt, firstDepartureAt: bookedAt + ahead, flightCancelled };
      const { refundPercent, until } = refundShare(rules, bookedAt + wait);
      if (until === null) {
        assert.equal(refundShare(rules, bookedAt + wait + 200 * dayMs).refundPercent, refundPercent);
        return;
      }
      assert.equal(refundShare(rules, until).refundPercent, refundPercent);
      assert.ok(refundShare(rules, until + 1).refundPercent < refundPercent);
    });
    fastCheck.assert(property);
  });
});
