/** The stocks market as separate processes on Kafka, unmodified: every trade is counted once, though an aggregator is killed. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '#core/seeded-random.ts';
import { openState } from '#house/engines.ts';
import { readHouseConfig } from '#house/read-config.ts';
import { realClock } from '#house/real-clock.ts';
import { openStateResults } from '#modules/stocks/engines/results/state.ts';
import { processHolder } from '#testkit/holder.ts';
import { silentLog } from '#testkit/log.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { until } from '#testkit/until.ts';
import { readBooks, spawnHouse, sumPositions } from '../faults/books.ts';
import { emptyKafkaPlace } from './kafka-places.ts';
import { engineFor } from './require-engine.ts';

const { skip } = await engineFor('kafka', 'alone');
const openTimeoutMs = 60_000;
const progressTrades = 5_000;

describe('the market on Kafka', { skip, timeout: 300_000 }, () => {
  it('another aggregator takes over from a killed one, and every published trade is counted once', async (t) => {
    const folder = temporaryFolder(t);
    const { url, proxy } = await emptyKafkaPlace();
    await proxy.stop();
    const environment = {
      DATA_DIR: folder,
      STREAM_URL: url,
      STOCK: 'MSFT,TSLA,AAPL,SAP',
      TICKER_INTERVAL: '0.5',
      STOCKS_HISTORY_MINUTES: '0',
      LOG_LEVEL: 'info',
    };
    const running = new Set<ReturnType<typeof spawnHouse>>();
    t.after(async () => {
      for (const { child, ended } of running) {
        child.kill('SIGKILL');
        await ended;
      }
    });
    const start = async (role: string) => {
      const house = spawnHouse(['run', role], environment);
      running.add(house);
      await until(house.opened, { timeoutMs: openTimeoutMs, describe: () => `${role} to open:\n${house.output()}` });
      return house;
    };
    const kill = async (house: ReturnType<typeof spawnHouse>) => {
      house.child.kill('SIGKILL');
      await house.ended;
      running.delete(house);
    };
    const { config } = readHouseConfig({ environment, flags: new Map() });
    const basics = { clock: realClock, random: seededRandom(1), holder: processHolder('test'), log: silentLog() };
    const openResults = async () => {
      const state = await openState(config, basics, { mustExist: true });
      t.after(() => state.close());
      return openStateResults({ state });
    };
    const first = await start('stocks-aggregator');
    const results = await openResults();
    const counted = async () => sumPositions(await results.cursors());
    const goOn = async (when: string) => {
      const from = await counted();
      await until(async () => (await counted()) > from + progressTrades, {
        timeoutMs: openTimeoutMs,
        describe: `trades to be counted ${when}`,
      });
    };

    await start('stocks-aggregator');
    const publisher = await start('stocks-publisher');
    await goOn('at all');
    await kill(first);
    await goOn('by the other aggregator');
    publisher.child.kill('SIGTERM');
    await publisher.ended;
    running.delete(publisher);

    let books = await readBooks(environment, 'all');
    const open = () => books.cursors.filter(({ company, position }) => position !== books.published.get(company));
    await until(
      async () => {
        books = await readBooks(environment, 'all');
        return open().length === 0;
      },
      { timeoutMs: openTimeoutMs, describe: () => `the last trades to be counted: ${JSON.stringify(open())}` },
    );
    assert.equal(books.cursors.length, 4);
    assert.deepEqual(books.violations, []);
  });
});
