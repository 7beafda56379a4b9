/** The stocks market as separate processes on RabbitMQ and PostgreSQL behind NGINX, with repeated kill -9 of any part. */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { freePort } from '#cluster/free-port.ts';
import { nginxConfiguration } from '#cluster/nginx/configuration.ts';
import type { NginxServer } from '#cluster/nginx/server.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { rounds } from '#testkit/rounds.ts';
import { until } from '#testkit/until.ts';
import { startNginx } from '../../tools/engines/nginx.ts';
import { enginesFolder } from '../../tools/engines/place.ts';
import { type PostgresServer, startPostgres } from '../../tools/engines/postgres.ts';
import { placeOf } from '../../tools/engines.ts';
import { startHouse, type TestHouse } from '../e2e/house.ts';
import { type Books, type Environment, readBooks, sumPositions } from '../faults/books.ts';
import { type OwnRabbitmq, ownRabbitmq } from './rabbitmq-server.ts';
import { engineFor } from './require-engine.ts';

const recoveryLimitMs = 90_000;
const unavailable = [];
for (const name of ['nginx', 'postgres', 'rabbitmq']) unavailable.push((await engineFor(name)).skip);
const skip = unavailable.find((reason) => reason !== false) ?? false;

interface Part {
  readonly name: string;
  kill(): Promise<void>;
  start(): Promise<void>;
}

describe('the market as separate processes', { skip, timeout: 1_500_000 }, () => {
  const folder = path.join(enginesFolder(), `test-market-${process.pid}`);
  let postgres: PostgresServer;
  let rabbitmq: OwnRabbitmq;
  let nginx: NginxServer;
  let environment: Environment;
  const parts: Part[] = [];
  const houses: TestHouse[] = [];

  before(async () => {
    postgres = await startPostgres({ folder: path.join(folder, 'postgres'), softwareFolder: placeOf('postgres').softwareFolder });
    rabbitmq = await ownRabbitmq(1);
    const node = rabbitmq.nodes[0];
    assert.ok(node);
    environment = {
      STATE_URL: postgres.url,
      STREAM_URL: rabbitmq.url,
      STOCK: 'MSFT,TSLA,AAPL,SAP',
      TICKER_INTERVAL: '0.1',
      STOCKS_HISTORY_MINUTES: '10',
      LOG_LEVEL: 'warn',
      // The test sets the speed of the tape, through NGINX.
      DEMO: 'on',
      RATE_LIMIT_PER_MINUTE: '0',
    };
    parts.push({ name: 'PostgreSQL', kill: () => postgres.kill(), start: () => postgres.start() });
    parts.push({ name: 'RabbitMQ', kill: () => node.kill(), start: () => node.start() });
    await addHouse('publisher', ['stocks-publisher']);
    for (const count of [1, 2, 3]) await addHouse(`aggregator ${count}`, ['stocks-aggregator']);
    const views = [
      await addHouse('live view 1', ['stocks-liveview', 'auditor']),
      await addHouse('live view 2', ['stocks-liveview', 'auditor']),
    ];
    nginx = await startNginx({
      folder: path.join(folder, 'nginx'),
      softwareFolder: placeOf('nginx').softwareFolder,
      http: (port) =>
        nginxConfiguration({
          listen: `127.0.0.1:${port}`,
          served: [{ path: '/', upstreams: views.map(({ url }) => new URL(url).host) }],
        }),
    });
    parts.push({ name: 'NGINX', kill: () => nginx.kill(), start: () => nginx.start() });
  });

  after(async () => {
    for (const house of houses) await house.remove();
    await nginx?.stop();
    await rabbitmq?.stop();
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function addHouse(name: string, roles: readonly string[]): Promise<TestHouse> {
    const house = await startHouse({ command: ['run', ...roles], env: environment, port: await freePort() });
    const index = houses.push(house) - 1;
    parts.push({
      name,
      kill: () => (houses[index] as TestHouse).kill(),
      start: async () => {
        houses[index] = await (houses[index] as TestHouse).restart();
      },
    });
    return house;
  }

  /** The proof that a viewer gets through NGINX: trades counted and open. */
  async function shownTrades(): Promise<number> {
    const response = await fetch(`${nginx.url}/api/stocks/proof`, { signal: AbortSignal.timeout(2_000) });
    if (!response.ok) throw new Error(`the proof answered ${response.status}`);
    const { counted, open } = (await response.json()) as { counted: number; open: number };
    return counted + open;
  }

  async function untilShownPast(trades: number, what: string): Promise<void> {
    let last = '';
    await until(
      async () => {
        try {
          const shown = await shownTrades();
          last = `${shown} of more than ${trades} trades`;
          return shown > trades;
        } catch (error) {
          last = error instanceof Error ? error.message : String(error);
          return false;
        }
      },
      { timeoutMs: recoveryLimitMs, describe: () => `${what}; last seen: ${last}` },
    );
  }

  it('after each kill it continues, the laws hold, and every published trade is counted once', async (t) => {
    const seed = Number(process.env.KONTOR_TEST_SEED ?? randomInt(1_000_000));
    t.diagnostic(`KONTOR_TEST_SEED=${seed}`);
    const random = seededRandom(seed);
    await untilShownPast(10_000, 'the market to run');
    const recoveries = new Map<string, number[]>();
    await rounds(t, { what: 'kills', seconds: 120, slowestRoundSeconds: 20 }, async (kill) => {
      const part = parts[random.int(parts.length)] as Part;
      const stored = sumPositions((await readBooks(environment, 'recent')).cursors);
      const killedAtMs = performance.now();
      await part.kill();
      await part.start();
      // Trades published after the kill pass through all parts.
      await untilShownPast(stored + 20_000, `the market to go on after kill ${kill}, of ${part.name}`);
      recoveries.set(part.name, [...(recoveries.get(part.name) ?? []), performance.now() - killedAtMs]);
      const { violations } = await readBooks(environment, 'recent');
      assert.deepEqual(violations, [], `kill ${kill}, of ${part.name}`);
    });
    for (const [name, times] of recoveries) {
      const sorted = times.toSorted((a, b) => a - b);
      t.diagnostic(
        `${name}: ${times.length} kills, shown again after ${seconds(sorted[sorted.length >> 1])} (median), ${seconds(sorted.at(-1))} at most`,
      );
    }
    await stopPublishing();
    const countedByMs = performance.now() + recoveryLimitMs;
    let books = await readBooks(environment, 'all');
    while (openIn(books).length > 0 && performance.now() < countedByMs) books = await readBooks(environment, 'all');
    assert.deepEqual(books.violations, []);
    assert.equal(books.cursors.length, 4);
    assert.deepEqual(openIn(books), [], 'published = counted');
  });

  async function stopPublishing(): Promise<void> {
    const response = await fetch(`${nginx.url}/api/stocks/rate`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ tradesPerSecond: 0 }),
    });
    assert.equal(response.status, 200, await response.text());
  }
});

/** Companies with published trades that are not counted. */
function openIn({ cursors, published }: Books): readonly string[] {
  return cursors.flatMap(({ company, position }) =>
    position === published.get(company) ? [] : [`${company}: ${position} of ${published.get(company)}`],
  );
}

function seconds(ms: number | undefined): string {
  return `${((ms ?? Number.NaN) / 1_000).toFixed(1)} s`;
}
