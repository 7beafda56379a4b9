/** The machine's clock is set back or ahead while the market runs: nothing is lost, and nothing waits for the hour to pass. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { auditLaws } from '#core/laws/audit.ts';
import { aggregatorGroup, tradesTopic } from '#modules/stocks/domain/settings.ts';
import { stocksLaws } from '#modules/stocks/laws.ts';
import { aggregatorRole } from '#modules/stocks/roles/aggregator.ts';
import { publisherRole } from '#modules/stocks/roles/publisher.ts';
import { type Life, openMarket, stocksOptions } from '#modules/stocks/testing/stocks-market.ts';
import { manualClock } from '#testkit/clock.ts';
import { until } from '#testkit/until.ts';

const hourMs = 3_600_000;
const options = stocksOptions({ tradesPerSecond: 20_000 });
const laws = stocksLaws(options);

async function startBoth(life: Life) {
  const publisher = await life.start(publisherRole(options));
  const aggregator = await life.start(aggregatorRole(options));
  return { publisher, aggregator };
}

async function counted({ ports: { results } }: Life): Promise<number> {
  return (await results.cursors()).reduce((sum, { position }) => sum + position, 0);
}

/** Waits until `trades` more are counted. */
async function countsMore(life: Life, trades: number): Promise<void> {
  const from = await counted(life);
  await until(async () => (await counted(life)) >= from + trades, { describe: `${trades} more trades to be counted than ${from}` });
}

async function assertInOrder(life: Life): Promise<void> {
  const { ports } = life;
  const verdicts = await auditLaws({ laws, books: ports, scope: 'all', timeoutMs: 60_000 });
  assert.deepEqual(
    verdicts.flatMap(({ violations }) => violations),
    [],
  );
  assert.deepEqual(life.failures, []);
}

/** Asserts that every counted trade is in one bar of each interval, whatever its time. */
async function assertInBars({ ports: { results } }: Life): Promise<void> {
  for (const { company, position } of await results.cursors()) {
    for (const interval of ['1s', '1m', '1h'] as const) {
      const bars = await results.bars({ company, interval, from: 0, to: 1e15, limit: 100_000, take: 'oldest' });
      assert.equal(
        bars.reduce((sum, { count }) => sum + count, 0),
        position,
        `${company}, bars of ${interval}`,
      );
    }
  }
}

describe('the clock', () => {
  it('set back by an hour and then ahead by three while two houses run: both continue, and every law holds', async (t) => {
    const market = openMarket(t, options);
    const clock = manualClock({ flowing: true });
    const [one, other] = [await market.live({ clock }), await market.live({ clock })];
    await startBoth(one);
    const standby = await startBoth(other);
    for (const step of [-hourMs, 3 * hourMs, -2 * hourMs]) {
      await countsMore(one, 5_000);
      clock.setNow(clock.now() + step);
      await countsMore(one, 5_000);
      await assertInOrder(one);
    }
    await one.end();
    // The standby has the right time: it takes over both roles after the first one stops.
    await until(() => standby.publisher.status().says !== 'standing by', { describe: 'the other publisher to take over' });
    await countsMore(other, 5_000);
    await assertInOrder(other);
    const { publisher, aggregator } = standby;
    await publisher.stop();
    await until(async () => (await lag(other)) === 0, { describe: 'all published trades to be counted' });
    await aggregator.stop();
    await assertInBars(other);
  });

  for (const [what, stepMs] of [
    ['back', -hourMs],
    ['ahead', hourMs],
  ] as const) {
    it(`set ${what} by an hour after a consumer died: its partitions are taken over when its lease would have expired`, async (t) => {
      const market = openMarket(t, options);
      const clock = manualClock({ flowing: true });
      const before = await market.live({ clock });
      await startBoth(before);
      await countsMore(before, 2_000);
      await before.end();
      // On another machine, so that its process cannot be checked.
      const dead = 'elsewhere:1:dead#1';
      const leasedUntil = clock.now() + 1_000;
      market.onStreamFile((connection) => {
        connection.execute('update position set holder = ?, leased_until = ?', [dead, leasedUntil]);
        connection.execute('insert into consumer values (?, ?, ?, ?)', [tradesTopic, aggregatorGroup, dead, leasedUntil]);
      });
      clock.setNow(clock.now() + stepMs);
      const after = await market.live({ clock });
      await startBoth(after);
      await countsMore(after, 5_000);
      await assertInOrder(after);
    });
  }
});

async function lag({ ports: { stream, results } }: Life): Promise<number> {
  const ends = ((await stream.status(tradesTopic, aggregatorGroup)) ?? []).reduce((sum, { end }) => sum + end, 0);
  const positions = (await results.cursors()).reduce((sum, { position }) => sum + position, 0);
  return ends - positions;
}
