/** Kept answers of the search for flights, beside a bare route with the same bytes and the classic stack; what recording costs a read. */
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FastifyInstance, fastify } from 'fastify';
import type { State } from '#core/ports/state.ts';
import { openMemoryCache } from '#engines/cache/memory.ts';
import { openPostgresState } from '#engines/state/postgres.ts';
import { openSqliteStream } from '#engines/stream/sqlite.ts';
import { processHolder } from '#house/process-holder.ts';
import { realClock } from '#house/real-clock.ts';
import { realRandom } from '#house/real-random.ts';
import { addRoutes } from '#http/route.ts';
import { worldAirports } from '#modules/flights/airports/airports.ts';
import type { AccessLog } from '#modules/flights/api/flights-api.ts';
import { placesIn } from '#modules/flights/api/search/places.ts';
import { searchRoutes } from '#modules/flights/api/search/routes.ts';
import { openVisitors } from '#modules/flights/api/visitors.ts';
import { accessTopic } from '#modules/flights/domain/access.ts';
import { dateOf, dayMs } from '#modules/flights/domain/time-zones.ts';
import { openAccessLog } from '#modules/flights/roles/accesses/access-log.ts';
import { silentLog } from '#testkit/log.ts';
import { silentMetrics } from '#testkit/metrics.ts';
import { upEngines } from '../tools/engines.ts';
import { type Bench, median, medianRatio, percentile, type Report } from './bench.ts';
import { startClassicFlights } from './classic-flights.ts';
import { runCustomers, startCustomersServer } from './customers-server.ts';
import { makeTimetable } from './flights-timetable.ts';
import { withPostgresDatabase } from './pgbench.ts';

const flights = 20_000;
const clients = 50;
const rounds = 5;
const roundMs = 2_000;

const places = placesIn(worldAirports);

export const bench: Bench = {
  name: 'flights-kept',
  says: 'kept answers of the search for flights beside a bare route and the classic stack (Flask, memcached, PostgreSQL)',
  async run(report) {
    const folder = mkdtempSync(join(tmpdir(), 'kontor-bench-'));
    const memcached = (await upEngines(['memcached'])).memcached?.url ?? '';
    try {
      await withPostgresDatabase(async (url) => {
        const state = await openPostgresState({ url, clock: realClock, log: silentLog() });
        await makeTimetable(state, flights, report);
        const classic = await startClassicFlights({ databaseUrl: url, memcached: firstServer(memcached) });
        try {
          await compare({ state, folder, classicPort: classic.port }, report);
        } finally {
          await classic.stop();
          await state.close();
        }
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

const firstServer = (url: string) => new URL(url.split(',')[0] ?? '').host;

const houses = ['recorded', 'unrecorded', 'bare', 'classic'] as const;

interface Houses {
  readonly state: State;
  readonly folder: string;
  readonly classicPort: number;
}

async function startSearch(state: State, accesses: AccessLog) {
  const cache = openMemoryCache({ maxEntries: 1_000, clock: realClock });
  const visitors = openVisitors('a key of the benchmark', realRandom);
  const routes = searchRoutes({ ports: { state, cache, clock: realClock }, visitors, accesses }, places);
  return startCustomersServer({ clock: realClock, random: realRandom, log: silentLog() }, [{ routes: (web) => addRoutes(web, routes) }]);
}

async function compare({ state, folder, classicPort }: Houses, report: Report): Promise<void> {
  const [clock, random, holder, log] = [realClock, realRandom, processHolder(), silentLog()];
  const stream = await openSqliteStream({ path: join(folder, 'stream.db'), clock, holder, log });
  await stream.declare({ name: accessTopic, keepMs: 60_000, keepBytes: 2 ** 26, maxBacklogBytes: 2 ** 30 });
  const accesses = openAccessLog({ ports: { state, stream, clock, random, holder, log, metrics: silentMetrics() }, key: 'bench' });
  const recorded = await startSearch(state, accesses);
  const unrecorded = await startSearch(state, { note() {} });
  const asked = `search?from=LHR&to=CDG&date=${dateOf(Math.floor(clock.now() / dayMs) + 30)}`;
  const path = `/api/flights/${asked}`;
  const kept = await fetch(recorded.url + path);
  const text = await kept.text();
  const bare = await startBare(text);
  const bareHeadBytes = headBytes(await fetch(`http://127.0.0.1:${bare.port}${path}`));
  const read = (port: number, readPath = path) =>
    runCustomers<{ perSecond: number; timesMs: number[] }>({
      kind: 'reads',
      port,
      clients,
      path: readPath,
      customer: 'reader',
      forMs: roundMs,
    });
  const rates: Record<(typeof houses)[number], number[]> = { recorded: [], unrecorded: [], bare: [], classic: [] };
  const timesMs: number[] = [];
  try {
    for (let round = 0; round <= rounds; round += 1) {
      report.progress(`kept answers, round ${round} of ${rounds}`);
      const found = {
        recorded: await read(recorded.port),
        unrecorded: await read(unrecorded.port),
        bare: await read(bare.port),
        classic: await read(classicPort, `/${asked}`),
      };
      // The first is for the compiler.
      if (round === 0) continue;
      for (const name of houses) rates[name].push(found[name].perSecond);
      timesMs.push(...found.recorded.timesMs);
    }
    report.figure({
      what: `kept answers of ${Buffer.byteLength(text)} bytes after ${headBytes(kept)} bytes of headers, ${clients} clients`,
      value: median(rates.recorded),
      unit: '/s',
    });
    report.figure({ what: 'time of a kept answer, p99', value: percentile(timesMs, 0.99), unit: 'ms' });
    report.figure({
      what: `peer: a bare Fastify route with the same bytes after ${bareHeadBytes} bytes of headers`,
      value: median(rates.bare),
      unit: '/s',
    });
    report.figure({ what: 'ratio', value: medianRatio(rates.recorded, rates.bare), unit: '', aim: '≥ 0.8' });
    report.figure({ what: 'peer: Flask, memcached, PostgreSQL under gunicorn', value: median(rates.classic), unit: '/s' });
    report.figure({ what: 'times the classic stack', value: medianRatio(rates.recorded, rates.classic), unit: '×', aim: '≥ 10' });
    const cost = (1 - medianRatio(rates.recorded, rates.unrecorded)) * 100;
    report.figure({ what: 'what recording costs a read', value: cost, unit: '%', aim: '≤ 5' });
    report.figure({ what: 'accesses dropped', value: accesses.dropped(), unit: '', aim: '0' });
  } finally {
    await Promise.all([recorded.stop(), unrecorded.stop(), bare.server.close()]);
    await accesses.stop();
    await stream.close();
  }
}

/** As they are sent, each in a line. */
function headBytes({ headers }: Response): number {
  return [...headers].reduce((sum, [name, value]) => sum + `${name}: ${value}\r\n`.length, 0);
}

async function startBare(text: string): Promise<{ server: FastifyInstance; port: number }> {
  const server = fastify();
  server.get('/*', (_request, reply) => reply.type('application/json; charset=utf-8').send(text));
  await server.listen({ host: '127.0.0.1', port: 0 });
  return { server, port: (server.server.address() as AddressInfo).port };
}
