/** Somebody sets the machine's clock, back or ahead, while the market runs: nothing is lost, nobody waits for the hour to pass. */
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

/** So many more trades are published and counted than are now. */
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

/** Every trade counted is in one bar of each interval, whatever time it is said to have been made at. */
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
  it('set back by an hour and then ahead by three while two houses run: both go on, and every law holds', async (t) => {
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
    // the standby has the right time for both roles: it takes over what the first let go
    await until(() => standby.publisher.status().says !== 'standing by', { describe: 'the other publisher to take over' });
    await countsMore(other, 5_000);
    await assertInOrder(other);
    const { publisher, aggregator } = standby;
    await publisher.stop();
    await until(async () => (await lag(other)) === 0, { describe: 'all that was published to be counted' });
    await aggregator.stop();
    await assertInBars(other);
  });

  for (const [what, stepMs] of [
    ['back', -hourMs],
    ['ahead', hourMs],
  ] as const) {
    it(`set ${what} by an hour after a consumer died: its partitions are taken over when its lease would have run out`, async (t) => {
      const market = openMarket(t, options);
      const clock = manualClock({ flowing: true });
      const before = await market.live({ clock });
      await startBoth(before);
      await countsMore(before, 2_000);
      await before.end();
      // on another machine, so that nobody can look whether its process is still there
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
