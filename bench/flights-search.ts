/** Search over many flights on SQLite and PostgreSQL, each for something that was not asked before. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { State } from '#core/ports/state.ts';
import { openPostgresState } from '#engines/state/postgres.ts';
import { openSqliteState } from '#engines/state/sqlite.ts';
import { realClock } from '#house/real-clock.ts';
import { realRandom } from '#house/real-random.ts';
import { worldAirports } from '#modules/flights/airports/airports.ts';
import { placesIn } from '#modules/flights/api/search/places.ts';
import { searchAnswer } from '#modules/flights/api/search/search-answers.ts';
import { dateOf, dayMs } from '#modules/flights/domain/time-zones.ts';
import { RoutesKnown } from '#modules/flights/store/timetable/routes-known.ts';
import { silentLog } from '#testkit/log.ts';
import { type Bench, median, percentile, type Report } from './bench.ts';
import { makeTimetable } from './flights-timetable.ts';
import { withPostgresDatabase } from './pgbench.ts';
import { withoutIndexes } from './without-indexes.ts';

/** Ten million take about twenty minutes to make on SQLite. */
const flights = Number(process.env.KONTOR_BENCH_FLIGHTS ?? 1_000_000);
/** `sqlite` or `postgres` alone, or both. */
const engines = (process.env.KONTOR_BENCH_STATE ?? 'sqlite,postgres').split(',');
const searches = 1_500;
const warmUpSearches = 300;

const airports = worldAirports();
const places = placesIn(worldAirports);

export const bench: Bench = {
  name: 'flights-search',
  says: `searches over ${flights.toLocaleString('en-US')} flights on SQLite and PostgreSQL; KONTOR_BENCH_FLIGHTS says how many, KONTOR_BENCH_STATE on which`,
  async run(report) {
    const folder = mkdtempSync(join(tmpdir(), 'kontor-bench-'));
    try {
      if (engines.includes('sqlite')) {
        const state = await openSqliteState({ path: join(folder, 'kontor.db'), clock: realClock, log: silentLog() });
        await benchUncached(state, 'SQLite', report, () => makeTimetable(state, flights, report));
        await state.close();
      }
      if (engines.includes('postgres')) await withPostgresDatabase((url) => benchPostgres(url, report));
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

async function benchPostgres(url: string, report: Report): Promise<void> {
  const state = await openPostgresState({ url, clock: realClock, log: silentLog() });
  const inBulk = (fill: () => Promise<void>) => withoutIndexes(url, ['flights_flight', 'flights_fare'], fill);
  await benchUncached(state, 'PostgreSQL', report, () => makeTimetable(state, flights, report, inBulk));
  await state.close();
}

/** Each search has another pair of airports and day, so that nothing was asked before. */
async function benchUncached(state: State, engine: string, report: Report, make: () => Promise<number>): Promise<void> {
  report.figure({ what: `timetable made on ${engine}`, value: await make(), unit: 's' });
  const routes = new RoutesKnown(airports);
  const codes = await state.read(async (queries) => (await routes.graph(queries)).busiest());
  const now = realClock.now();
  const timesMs: number[] = [];
  let found = 0;
  for (let count = 0; count < searches + warmUpSearches; count += 1) {
    const [from, to] = differentTwo(codes.slice(0, 200));
    const date = dateOf(Math.floor(now / dayMs) + 2 + realRandom.int(110));
    const asked = { from, to, date, flexDays: 0, passengers: 1, cabin: 'economy', maxStops: 1, sort: 'price', limit: 20 } as const;
    const window = { departFromMinute: 0, departToMinute: 1_439 };
    const beganMs = realClock.monotonicMs();
    const { answer } = await state.read((queries) => searchAnswer(queries, { ...asked, ...window }, { airports, routes, places, now }));
    if (count >= warmUpSearches) timesMs.push(realClock.monotonicMs() - beganMs);
    found += answer.total;
  }
  report.figure({ what: `journeys found by a search on ${engine}`, value: found / (searches + warmUpSearches), unit: '' });
  report.figure({ what: `uncached search on ${engine}, p50`, value: median(timesMs), unit: 'ms' });
  report.figure({ what: `uncached search on ${engine}, p99`, value: percentile(timesMs, 0.99), unit: 'ms', aim: '≤ 20' });
}

function differentTwo(codes: readonly string[]): readonly [string, string] {
  const from = codes[realRandom.int(codes.length)] ?? '';
  const to = codes[realRandom.int(codes.length)] ?? '';
  return from === to ? differentTwo(codes) : [from, to];
}
