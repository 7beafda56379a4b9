/** Search, prices and booking go on while the cache, the lake or the stream is gone; then nothing is missing in the lake but what was dropped. */
import assert from 'node:assert/strict';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { KontorError } from '#core/errors.ts';
import { leaseMigrations } from '#core/lease.ts';
import type { Metrics } from '#core/ports/metrics.ts';
import type { Ports } from '#core/ports/ports.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { openMemcachedCache } from '#engines/cache/memcached.ts';
import { openFolderLake } from '#engines/lake/folder.ts';
import { openSqliteStream } from '#engines/stream/sqlite.ts';
import { worldAirports } from '#modules/flights/airports/airports.ts';
import { accessTopic } from '#modules/flights/domain/access.ts';
import type { FlightsSettings } from '#modules/flights/domain/settings.ts';
import { dateOf, dayMs } from '#modules/flights/domain/time-zones.ts';
import { timetableDays } from '#modules/flights/domain/timetable.ts';
import { openDuckdbWarehouse } from '#modules/flights/engines/warehouse/duckdb.ts';
import type { OwnPorts } from '#modules/flights/ports/ports.ts';
import { recorderRole } from '#modules/flights/roles/flights-recorder.ts';
import { flightsWebRole } from '#modules/flights/roles/flights-web.ts';
import { replay } from '#modules/flights/roles/pricer/replay.ts';
import { reprice } from '#modules/flights/roles/pricer/reprice.ts';
import { verifyLake } from '#modules/flights/roles/recorder/verify.ts';
import { readPartitions } from '#modules/flights/store/access/lake-state.ts';
import { writeServices } from '#modules/flights/store/timetable/services.ts';
import { rollOn } from '#modules/flights/store/timetable/upkeep.ts';
import { openFlightsWorld } from '#modules/flights/testing/flights-world.ts';
import { serviceOf } from '#modules/flights/testing/timetable-world.ts';
import { manualClock } from '#testkit/clock.ts';
import { closing } from '#testkit/closing.ts';
import { processHolder } from '#testkit/holder.ts';
import { silentLog } from '#testkit/log.ts';
import { testSecrets } from '#testkit/seal.ts';
import { temporaryFile, temporaryFolder } from '#testkit/temporary-folder.ts';
import { temporaryState } from '#testkit/temporary-state.ts';
import { until } from '#testkit/until.ts';
import { startTestWebServer } from '#testkit/web-server.ts';
import { readableFolder } from './disks.ts';

const settings = {
  flightsDemoTimetable: 'off',
  flightsSimulatedVisitors: 'off',
  flightsKeepDays: 30,
  flightsQuoteMinutes: 10,
  flightsLandSeconds: 0,
  lakeUrl: 'a folder',
} as unknown as FlightsSettings;
/** A slow disk may take 5 s for a booking; who waits for the stream waits for 10. */
const slowestAnswerMs = 9_000;

/** Counts what was dropped, in place of Prometheus. */
function countingMetrics(): Metrics & { dropped(): number } {
  let dropped = 0;
  return {
    counter: (name) => ({
      add(count = 1) {
        if (name === 'kontor_flights_accesses_dropped_total') dropped += count;
      },
    }),
    gauge: () => ({ set() {} }),
    histogram: () => ({ observe() {} }),
    dropped: () => dropped,
  };
}

/** One process with the roles of flights. Its cache is a server that does not answer; its stream can be cut off. */
async function openHouse(t: TestContext, folder: string) {
  const closed = closing(t);
  const state = await temporaryState(t, leaseMigrations);
  const world = await openFlightsWorld(state);
  const clock = manualClock({ startAt: world.clock.now(), flowing: true });
  const [holder, log, random, metrics] = [processHolder('house'), silentLog(), seededRandom(5), countingMetrics()];
  const real = closed(await openSqliteStream({ ...temporaryFile(t), clock, holder, log }));
  await real.declare({ name: accessTopic, keepMs: 60_000, keepBytes: 2 ** 26, maxBacklogBytes: 2 ** 26 });
  let cut = false;
  const whole: Ports['stream'] = {
    declare: (topic) => real.declare(topic),
    publish: (...frame) => (cut ? Promise.reject(new KontorError('unavailable', 'the stream is gone')) : real.publish(...frame)),
    end: (...partition) => (cut ? Promise.reject(new KontorError('unavailable', 'the stream is gone')) : real.end(...partition)),
    status: (...group) => real.status(...group),
    consume: (...group) => real.consume(...group),
    ping: () => real.ping(),
    close: () => real.close(),
  };
  const cache = closed(openMemcachedCache({ url: 'memcached://127.0.0.1:1', clock, random, log }));
  const lake = openFolderLake({ folder, clock, holder });
  const warehouse = closed(openDuckdbWarehouse({ memoryMiB: 128, threads: 1, clock }));
  const ports = {
    state,
    stream: whole,
    cache,
    lake,
    warehouse,
    clock,
    holder,
    log,
    random,
    metrics,
    secrets: testSecrets(),
  } as unknown as Ports & OwnPorts;
  const fail = (error: unknown) => assert.fail(String(error));
  await state.write((queries) => writeServices(queries, [serviceOf('KO1001', 'LIS', 'BER')], clock.now()));
  await rollOn({ state, airports: worldAirports(), now: clock.now() }, timetableDays);
  const recorder = await recorderRole(settings).start({ ports, fail });
  const service = await flightsWebRole(settings).start({ ports, fail });
  let running = true;
  const stop = async () => {
    if (!running) return;
    running = false;
    const stopped = service.stop();
    // It waits for the stream for a while.
    await clock.advance(10_000);
    await stopped;
  };
  t.after(stop);
  t.after(() => recorder.stop());
  assert.ok(service.web);
  const server = await startTestWebServer(t, {
    webs: [service.web],
    clock,
    limits: { requestsPerMinute: 0 },
    sessions: {
      demo: false,
      identify: async ({ secret }) => ({
        account: { id: secret, email: 'anna@example.org', name: secret, role: 'member' },
        kind: 'session',
        id: secret,
        scopes: ['read', 'write'],
      }),
    },
  });
  const date = dateOf(Math.floor(clock.now() / dayMs) + 20);
  const flight = `KO1001-${date.replaceAll('-', '')}`;
  await world.customer('anna', 1_000_000);
  const landed = async () => (await state.read(readPartitions)).reduce((sum, { position }) => sum + position, 0);
  const cutStream = (gone: boolean) => {
    cut = gone;
  };
  return { ports, server, date, flight, landed, recorder, stop, cutStream, dropped: () => metrics.dropped() };
}

type House = Awaited<ReturnType<typeof openHouse>>;

let keys = 0;

/** Searches, looks, asks for the price and books: 5 accesses. */
async function buy({ server, date, flight }: House): Promise<void> {
  const headers = { cookie: 'kontor_session=anna', 'content-type': 'application/json' };
  async function send(method: string, path: string, body?: object) {
    keys += 1;
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const startedMs = performance.now();
    const answer = await server.send(`/api/flights${path}`, {
      method,
      headers: { ...headers, 'idempotency-key': `outage-${keys}` },
      ...content,
    });
    assert.ok(answer.status < 300, `${path}: ${answer.status} ${answer.text}`);
    assert.ok(performance.now() - startedMs < slowestAnswerMs, `${path} took too long`);
    return answer.json();
  }
  const found = await send('GET', `/search?from=LIS&to=BER&date=${date}`);
  assert.equal(found.total, 1);
  await send('GET', `/flights/${flight}`);
  await send('GET', `/flights/${flight}/prices?cabin=economy`);
  const { id, total } = await send('POST', '/quotes', { flights: [flight], cabin: 'economy', passengers: 1 });
  const anna = { givenName: 'Anna', familyName: 'Test', seats: [null] };
  const { tickets } = await send('POST', '/bookings', { quoteId: id, expectedTotal: total, passengers: [anna] });
  assert.equal(tickets.length, 1);
}

const accessesOfPurchase = 5;
const purchasesMeanwhile = 3;

/** Buys while something is gone, and again when it is back: all accesses are in the lake then. */
async function buyThroughout(house: House, bought: number, restore: () => void): Promise<number> {
  for (let purchase = 0; purchase < purchasesMeanwhile; purchase += 1) await buy(house);
  restore();
  await buy(house);
  return untilLanded(house, bought + purchasesMeanwhile + 1);
}

async function untilLanded({ landed, dropped }: House, purchases: number): Promise<number> {
  let last = 0;
  await until(
    async () => {
      last = await landed();
      return last + dropped() === purchases * accessesOfPurchase;
    },
    {
      timeoutMs: 60_000,
      describe: () => `${purchases * accessesOfPurchase} accesses in the lake; ${last} are, and ${dropped()} were dropped`,
    },
  );
  return purchases;
}

async function assertWhole({ ports }: House): Promise<void> {
  assert.deepEqual((await verifyLake(ports)).faults, []);
  assert.deepEqual((await replay(ports)).differences, []);
}

it('without cache, then without lake, then without stream: people search, see prices and book', async (t) => {
  const folder = join(temporaryFolder(t), 'lake');
  const house = await openHouse(t, folder);
  await buy(house);
  let bought = await untilLanded(house, 1);

  renameSync(folder, `${folder}-away`);
  writeFileSync(folder, 'a file in its place');
  const justNow = house.ports.clock.now();
  await assert.rejects(reprice(house.ports, { asOf: justNow, dryRun: false }), { code: 'unavailable' });
  bought = await buyThroughout(house, bought, () => {
    rmSync(folder);
    renameSync(`${folder}-away`, folder);
  });
  await reprice(house.ports, { dryRun: false });
  assert.equal(house.dropped(), 0);
  await assertWhole(house);

  house.cutStream(true);
  bought = await buyThroughout(house, bought, () => house.cutStream(false));
  assert.equal(house.dropped(), 0);

  house.cutStream(true);
  await buy(house);
  await house.stop();
  assert.equal(house.dropped(), accessesOfPurchase, 'what waits when a process ends without a stream is dropped and counted');
  house.cutStream(false);
  await untilLanded(house, bought + 1);
  await assertWhole(house);
});

it('a lake that cannot be written: accesses wait on the stream, and land when it can', async (t) => {
  const readable = readableFolder(t);
  if (!readable) return t.skip('needs the right to mount a file system');
  const house = await openHouse(t, readable.folder);
  await buy(house);
  await untilLanded(house, 1);
  readable.setWritable(false);
  await buy(house);
  await until(() => /cannot be written/.test(house.recorder.status().says), { describe: 'the recorder says why accesses wait' });
  await buyThroughout(house, 2, () => readable.setWritable(true));
  assert.equal(house.dropped(), 0);
  await assertWhole(house);
});
