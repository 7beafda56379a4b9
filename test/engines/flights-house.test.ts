/** A whole house of flights on PostgreSQL, Kafka, memcached and HDFS, while each of these servers is killed under load and comes back. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { auditLaws } from '#core/laws/audit.ts';
import type { Ports } from '#core/ports/ports.ts';
import { readHouseConfig } from '#house/read-config.ts';
import { visit } from '#house/visit.ts';
import { houseAccounts, openAccount, post } from '#modules/coins/post.ts';
import { type AccessKind, accessKinds, accessTopic, recorderGroup } from '#modules/flights/domain/access.ts';
import type { Warehouse } from '#modules/flights/ports/warehouse.ts';
import { replay } from '#modules/flights/roles/pricer/replay.ts';
import { reprice } from '#modules/flights/roles/pricer/reprice.ts';
import { verifyLake } from '#modules/flights/roles/recorder/verify.ts';
import { readKnown, readPartitions } from '#modules/flights/store/access/lake-state.ts';
import { bookingTables } from '#modules/flights/store/booking/tables.ts';
import { timetable } from '#modules/flights/store/timetable/tables.ts';
import { until } from '#testkit/until.ts';
import { startMemcached } from '../../tools/engines/caches.ts';
import { startHdfs } from '../../tools/engines/hdfs.ts';
import { startKafka } from '../../tools/engines/kafka.ts';
import { enginesFolder } from '../../tools/engines/place.ts';
import { type PostgresServer, startPostgres } from '../../tools/engines/postgres.ts';
import { placeOf } from '../../tools/engines.ts';
import { startHouse, type TestHouse } from '../e2e/house.ts';
import { type FlightsLoad, openCustomer, startFlightsLoad } from './flights-load.ts';
import { emptyKafkaPlace } from './kafka-places.ts';
import { ownFolder } from './lake-servers.ts';
import { engineFor } from './require-engine.ts';

const hdfs = await engineFor('hdfs', 'alone');
const kafkaServer = await engineFor('kafka', 'alone');
const memcached = await engineFor('memcached', 'alone');
const skip =
  [hdfs, kafkaServer, memcached, await engineFor('postgres')].map((server) => server.skip).find((reason) => reason !== false) ?? false;
const recoveryTimeoutMs = 120_000;
/** What goes on while a server is gone. */
const [searchesMeanwhile, bookingsMeanwhile] = [30, 3];

type VisitedPorts = Ports & { readonly warehouse: Warehouse };

interface Killable {
  kill(): Promise<void>;
  start(): Promise<void>;
}

describe('a house of flights whose servers are killed', { skip, timeout: 480_000 }, () => {
  const folder = path.join(enginesFolder(), `test-flights-${process.pid}`);
  let postgres: PostgresServer;
  let environment: Readonly<Record<string, string>>;
  let front: TestHouse;
  let workers: TestHouse;
  let load: FlightsLoad;

  before(async () => {
    postgres = await startPostgres({ folder, softwareFolder: placeOf('postgres').softwareFolder });
    const kafka = await emptyKafkaPlace();
    await kafka.proxy.stop();
    environment = {
      STATE_URL: postgres.url,
      SECRETS_KEY: 'one-key-for-all-processes-of-this-house',
      STREAM_URL: kafka.url,
      CACHE_URL: memcached.url,
      LAKE_URL: `${hdfs.url}/${ownFolder()}`,
      DEMO: 'on',
      FLIGHTS_DEMO_FLIGHTS: '2000',
      FLIGHTS_SIMULATED_VISITORS: 'off',
      FLIGHTS_LAND_SECONDS: '1',
      // The test says when.
      FLIGHTS_PRICE_MINUTES: '0',
      RATE_LIMIT_PER_MINUTE: '0',
      LOG_LEVEL: 'warn',
    };
    front = await startHouse({ command: ['run', 'flights-web', 'people', 'coins'], env: environment });
    workers = await startHouse({ command: ['run', 'flights-recorder', 'flights-pricer'], env: environment });
    const { cookie, id } = await openCustomer(front.url, 'ada');
    await visitHouse(({ state, clock }) =>
      state.write(async (queries) => {
        const accounts = { debit: houseAccounts.mint, credit: await openAccount(queries, { owner: id, kind: 'wallet', mode: 'strict' }) };
        return post(queries, [{ scope: 'test', key: 'coins', kind: 'grant', amount: 10_000_000, at: clock.now(), ...accounts }]);
      }),
    );
    load = await startFlightsLoad({ url: front.url, cookie, searchers: 3, bookers: 2 });
  });
  after(async () => {
    try {
      await load?.stop();
    } finally {
      await Promise.all([front?.remove(), workers?.remove()]);
      await postgres?.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  function visitHouse<Result>(work: (ports: VisitedPorts) => Promise<Result>): Promise<Result> {
    const { config } = readHouseConfig({ environment: { ...environment, DATA_DIR: workers.dataDir }, flags: new Map() });
    return visit(config, { mustExist: true }, (engines, basics) => work({ ...basics, ...engines } as unknown as VisitedPorts));
  }

  async function goesOn(when: string): Promise<void> {
    const { searches, bookings } = load;
    const [searched, booked] = [searches, bookings.size];
    await until(() => load.searches >= searched + searchesMeanwhile && bookings.size >= booked + bookingsMeanwhile, {
      timeoutMs: recoveryTimeoutMs,
      describe: () => `searches and bookings ${when}; ${load.searches - searched} and ${bookings.size - booked}; ${load.failed.at(-1)}`,
    });
  }

  const pricesNow = () =>
    visitHouse(async ({ state }) => {
      const rows = await state.read((queries) =>
        timetable(queries).selectFrom('flights_fare').select(['flight_id', 'price']).where('cabin', '=', 'economy').execute(),
      );
      return new Map(rows.map(({ flight_id, price }) => [flight_id, price]));
    });

  async function killed(name: string, killables: readonly Killable[]): Promise<void> {
    const last = await pricesNow();
    load.quoted.clear();
    for (const server of killables) await server.kill();
    await goesOn(`without ${name}`);
    for (const [flight, price] of load.quoted) assert.equal(price, last.get(flight), `${flight} without ${name}`);
    for (const server of killables) await server.start();
    await goesOn(`with ${name} again`);
    assert.deepEqual(load.failed, [], `requests that failed without ${name}`);
  }

  it('search and booking go on with the last price while the cache, the stream and the lake are gone', async () => {
    await goesOn('at all');
    await killed('memcached', (await startMemcached(placeOf('memcached'))).nodes);
    await killed('Kafka', (await startKafka({ ...placeOf('kafka'), nodes: 1 })).nodes);
    await visitHouse((ports) => reprice(ports, { dryRun: false }));
    await killed('HDFS', [await startHdfs(placeOf('hdfs'))]);
  });

  it('both come back after PostgreSQL was gone, and no booking that was acknowledged is lost', async (t) => {
    await postgres.kill();
    await postgres.start();
    await goesOn('with PostgreSQL again');
    await load.stop();
    t.diagnostic(`${load.searches} searches, ${load.bookings.size} bookings, ${load.failed.length} requests failed without PostgreSQL`);
    const stored = await visitHouse(({ state }) =>
      state.read((queries) => bookingTables(queries).selectFrom('flights_booking').select('id').execute()),
    );
    const ids = new Set(stored.map(({ id }) => id));
    assert.deepEqual(
      [...load.bookings].filter((id) => !ids.has(id)),
      [],
    );
  });

  it('the lake has every access, the laws hold, and all prices can be replayed', async (t) => {
    const landed = await visitHouse((ports) => landedAccesses(ports, load));
    t.diagnostic(`${landed.opened} pages and ${landed.booked} bookings are in the lake`);
    for (const kind of ['opened', 'booked'] as const) assert.ok(landed[kind] <= load[kind].asked, `${landed[kind]} ${kind}`);
    const { config } = readHouseConfig({ environment: { ...environment, DATA_DIR: workers.dataDir }, flags: new Map() });
    const verdicts = await visit(config, { mustExist: true }, (engines, basics, { laws }) =>
      auditLaws({ laws, books: { ...basics, ...engines }, scope: 'all', timeoutMs: recoveryTimeoutMs }),
    );
    assert.deepEqual(
      verdicts.flatMap(({ violations }) => violations),
      [],
    );
    const { changed } = await visitHouse((ports) => reprice(ports, { dryRun: false }));
    assert.ok(changed > 0, 'the second run changes prices');
    const { prices, differences } = await visitHouse((ports) => replay(ports));
    assert.deepEqual(differences, []);
    assert.ok(prices > 0);
    assert.deepEqual((await visitHouse((ports) => verifyLake(ports))).faults, []);
    const metrics = await (await fetch(`${front.url}/metrics`)).text();
    assert.match(metrics, /^kontor_flights_accesses_dropped_total 0$/m);
  });
});

/** Waits until everything that was answered is in the lake. */
async function landedAccesses(ports: VisitedPorts, { opened, booked }: FlightsLoad): Promise<Record<AccessKind, number>> {
  let landed: Record<string, number> = {};
  await until(
    async () => {
      if (!(await hasCaughtUp(ports))) return false;
      landed = await accessesByKind(ports);
      return (landed.opened ?? 0) >= opened.answered && (landed.booked ?? 0) >= booked.answered;
    },
    {
      timeoutMs: recoveryTimeoutMs,
      describe: () => `${opened.answered} pages and ${booked.answered} bookings in the lake; ${JSON.stringify(landed)}`,
    },
  );
  return landed as Record<AccessKind, number>;
}

/** Whether the lake has all that is on the topic. */
async function hasCaughtUp({ state, stream }: VisitedPorts): Promise<boolean> {
  const partitions = (await stream.status(accessTopic, recorderGroup)) ?? assert.fail('Kafka knows where its partitions end');
  const landed = await state.read(readPartitions);
  return partitions.every(({ partition, end }) => end === landed.find((one) => one.partition === partition)?.position);
}

async function accessesByKind({ state, lake, warehouse }: VisitedPorts): Promise<Record<string, number>> {
  const { files } = await state.read(readKnown);
  const local = [];
  for (const { path } of files) local.push((await lake.local(path)) ?? assert.fail(`${path} is missing`));
  try {
    const sql = 'select kind, count(*) as counted from accesses group by kind order by kind';
    const answer = await warehouse.rows({ sql, tables: { accesses: { files: local.map(({ file }) => file) } } });
    const [kinds, counts] = [answer.numbers('kind'), answer.numbers('counted')];
    return Object.fromEntries(Array.from(kinds, (kind, index) => [accessKinds[kind] ?? 'lost', counts[index] ?? 0]));
  } finally {
    for (const { release } of local) release();
  }
}
