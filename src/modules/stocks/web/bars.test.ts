/** Candles from bars, the live price on the last of them, and the feed that loads them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BarFeed, type BarQuestion, barLimits } from './bar-feed.ts';
import { candlesFrom, type Span, withPrice } from './bars.ts';
import { averages, vwaps } from './indicators.ts';
import { sampleBar } from './sample.ts';
import { sparkPath } from './spark-path.ts';

const span: Span = { interval: '1s', intervalMs: 1_000, candleMs: 2_000, candles: 4, refreshMs: 1_000 };

test('finer bars join into coarser candles', () => {
  const bars = [
    sampleBar(2_000, { openCents: 10, highCents: 15, lowCents: 9, closeCents: 12, volume: 5 }),
    sampleBar(3_000, { openCents: 12, highCents: 14, lowCents: 7, closeCents: 8, volume: 6 }),
    sampleBar(7_000, { openCents: 8, highCents: 8, lowCents: 8, closeCents: 8, volume: 1 }),
  ];
  assert.deepEqual(candlesFrom(bars, 2_000), [
    { startAt: 2_000, openCents: 10, highCents: 15, lowCents: 7, closeCents: 8, volume: 11, turnoverCents: 1_100 },
    { startAt: 6_000, openCents: 8, highCents: 8, lowCents: 8, closeCents: 8, volume: 1, turnoverCents: 100 },
  ]);
});

test('indicators follow the last candles, and begin where there are enough', () => {
  const candles = candlesFrom(
    [
      sampleBar(0, { closeCents: 100, vwapCents: 90, volume: 1 }),
      sampleBar(2_000, { closeCents: 200, vwapCents: 120, volume: 3 }),
      sampleBar(4_000, { closeCents: 400, vwapCents: 300, volume: 0 }),
    ],
    2_000,
  );
  assert.deepEqual(averages(candles, 2), [undefined, 150, 300]);
  assert.deepEqual(vwaps(candles, 2), [undefined, 112.5, 120]);
  assert.deepEqual(vwaps(candles.slice(2), 1), [undefined], 'nothing was traded');
});

test('a live price moves the last candle, begins a new one, and changes nothing in the past', () => {
  const [last] = candlesFrom([sampleBar(2_000)], 2_000);
  assert.deepEqual(withPrice(last, 120, 3_999, 2_000), { ...last, highCents: 120, closeCents: 120 });
  assert.equal(withPrice(last, 120, 4_000, 2_000)?.startAt, 4_000);
  assert.equal(withPrice(last, 120, 1_999, 2_000), undefined);
});

/** A server with bars at every second from 0 up to `seconds`. */
function server(seconds: number) {
  const asked: BarQuestion[] = [];
  const state = { seconds };
  const ask = async (question: BarQuestion) => {
    asked.push(question);
    const { from = 0, to = Number.POSITIVE_INFINITY, limit, take } = question;
    const all = Array.from({ length: state.seconds }, (_, index) => sampleBar(index * 1_000)).filter(
      ({ startAt }) => startAt >= from && startAt < to,
    );
    const bars = take === 'newest' ? all.slice(-limit) : all.slice(0, limit);
    const more = bars.length < all.length;
    return { company: 'MSFT', interval: '1s' as const, bars, next: more ? 'another page' : null };
  };
  return { ask, asked, state };
}

const ends = (feed: BarFeed) => [feed.candles()[0]?.startAt, feed.candles().at(-1)?.startAt];

test('the newest bars come first, earlier ones on demand, until there are none', async () => {
  const { ask } = server(1_200);
  const feed = new BarFeed(span, ask);
  await feed.loadNewest();
  assert.deepEqual(ends(feed), [700_000, 1_198_000]);
  assert.equal(await feed.loadEarlier(), true);
  assert.equal(await feed.loadEarlier(), true);
  assert.deepEqual(ends(feed), [0, 1_198_000]);
  assert.equal(feed.hasEarlier(), false);
  assert.equal(await feed.loadEarlier(), false);
});

test('earlier bars are asked for once at a time', async () => {
  const { ask, asked } = server(1_200);
  const feed = new BarFeed(span, ask);
  await feed.loadNewest();
  const both = await Promise.all([feed.loadEarlier(), feed.loadEarlier()]);
  assert.deepEqual(both, [true, false]);
  assert.equal(asked.length, 2);
});

test('a refresh asks from the last bar on, which may have been filling', async () => {
  const { ask, asked, state } = server(100);
  const feed = new BarFeed(span, ask);
  await feed.loadNewest();
  state.seconds = 103;
  await feed.refresh();
  assert.deepEqual(asked.at(-1), { from: 99_000, limit: barLimits.page, take: 'oldest' });
  assert.equal(feed.candles().length, 52);
});

test('a chart that began empty loads the newest bars when there are some', async () => {
  const { ask, state } = server(0);
  const feed = new BarFeed(span, ask);
  await feed.loadNewest();
  assert.deepEqual(feed.candles(), []);
  state.seconds = 1_000;
  await feed.refresh();
  assert.deepEqual(ends(feed), [500_000, 998_000]);
  assert.equal(feed.hasEarlier(), true);
});

test('after a long pause it starts over instead of catching up for ever', async () => {
  const { ask, asked, state } = server(10);
  const feed = new BarFeed(span, ask);
  await feed.loadNewest();
  state.seconds = 10_000;
  await feed.refresh();
  assert.equal(asked.length, 1 + barLimits.catchUpPages + 1);
  assert.deepEqual(ends(feed), [9_500_000, 9_998_000]);
});

test('a live price shows at once and gives way to the whole bar', async () => {
  const { ask, state } = server(10);
  const feed = new BarFeed(span, ask);
  await feed.loadNewest();
  assert.equal(feed.price(130, 11_000), true);
  assert.deepEqual(feed.candles().at(-1), {
    startAt: 10_000,
    openCents: 130,
    highCents: 130,
    lowCents: 130,
    closeCents: 130,
    volume: 0,
    turnoverCents: 0,
  });
  state.seconds = 12;
  await feed.refresh();
  assert.equal(feed.candles().at(-1)?.volume, 20);
});

test('a failed request for earlier bars can be tried again', async () => {
  const { ask } = server(1_200);
  let fails = false;
  const feed = new BarFeed(span, (question) => (fails ? Promise.reject(new Error('no answer')) : ask(question)));
  await feed.loadNewest();
  fails = true;
  await assert.rejects(feed.loadEarlier());
  fails = false;
  assert.equal(await feed.loadEarlier(), true);
});

test('a sparkline leaves gaps out, ends with the live price, and needs two points', () => {
  const size = { width: 100, height: 20 };
  const spark = { company: 'MSFT', stepMs: 1_000, endAt: 3_000, closesCents: [null, 100, null, 200] };
  const shape = sparkPath(spark, 300, 4_000, size);
  assert.equal(shape?.line, 'M25.0 18.0L75.0 10.0L100.0 2.0');
  assert.equal(shape?.rises, true);
  assert.equal(sparkPath({ ...spark, closesCents: [null, 100] }, 90, 3_000, size), undefined);
});
