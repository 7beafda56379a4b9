/** Compares the figures of the day with a count minute by minute. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Bar, type BarInterval, barIntervals } from '../ports/results.ts';
import { dayFigures, dayMs, dayWindow, maxDayHours, maxDayMinutes } from './day.ts';

const hour = barIntervals['1h'];
const minute = barIntervals['1m'];
const midnight = 1_772_496_000_000;

function bar(interval: BarInterval, startAt: number, priceCents: number, count = 1): Bar {
  return {
    company: 'MSFT',
    interval,
    startAt,
    count,
    sumPriceCents: priceCents * count,
    turnoverCents: priceCents * count,
    volume: count,
    buys: count,
    buyVolume: count,
    openCents: priceCents,
    highCents: priceCents,
    lowCents: priceCents,
    closeCents: priceCents,
  };
}

test('the window covers at most a day, to the minute, and the running hour', () => {
  fc.assert(
    fc.property(fc.integer({ min: midnight, max: midnight + 3 * dayMs }), (now) => {
      const window = dayWindow(now);
      assert.ok(window.from >= now - dayMs && window.from < now - dayMs + minute);
      assert.ok(window.to > now && window.to <= now + hour);
      assert.ok((window.hoursFrom - window.from) / minute < maxDayMinutes);
      assert.ok((window.to - window.hoursFrom) / hour <= maxDayHours);
    }),
  );
});

test('what is shown equals what a minute-by-minute count of the last 24 hours gives', () => {
  const trades = fc.record({ minutesAgo: fc.integer({ min: -30, max: 26 * 60 }), priceCents: fc.integer({ min: 1, max: 1_000 }) });
  fc.assert(
    fc.property(fc.array(trades, { maxLength: 40 }), fc.integer({ min: 0, max: hour }), (list, offset) => {
      const now = midnight + offset;
      const window = dayWindow(now);
      const records = list
        .map((trade) => ({ at: now - trade.minutesAgo * minute, priceCents: trade.priceCents }))
        .sort((a, b) => a.at - b.at);
      const minutes = records.map((record) => bar('1m', record.at - (record.at % minute), record.priceCents));
      const hours = records.map((record) => bar('1h', record.at - (record.at % hour), record.priceCents));
      const within = minutes.filter((item) => item.startAt >= window.from && item.startAt < window.to);
      const prices = within.map((item) => item.openCents);

      const figures = dayFigures(minutes, hours, window);

      assert.equal(figures.trades, within.length);
      assert.equal(figures.referenceCents, prices[0] ?? null);
      assert.equal(figures.highCents, prices.length === 0 ? null : Math.max(...prices));
      assert.equal(figures.lowCents, prices.length === 0 ? null : Math.min(...prices));
    }),
  );
});
