/** Processes for tests to kill: one lands accesses and keeps the lake in order, the other computes prices from it. */
import { join } from 'node:path';
import { KontorError } from '#core/errors.ts';
import { leaseMigrations } from '#core/lease.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { State } from '#core/ports/state.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { openFolderLake } from '#engines/lake/folder.ts';
import { openSqliteStream } from '#engines/stream/sqlite.ts';
import { type ManualClock, manualClock } from '#testkit/clock.ts';
import { processHolder } from '#testkit/holder.ts';
import { silentLog } from '#testkit/log.ts';
import { silentMetrics } from '#testkit/metrics.ts';
import { accessTopic, recorderGroup } from '../domain/access.ts';
import type { FlightsSettings } from '../domain/settings.ts';
import { openDuckdbWarehouse } from '../engines/warehouse/duckdb.ts';
import type { OwnPorts } from '../ports/ports.ts';
import { recorderRole } from '../roles/flights-recorder.ts';
import { prunePrices } from '../roles/pricer/prune.ts';
import { reprice } from '../roles/pricer/reprice.ts';
import { keepLake } from '../roles/recorder/upkeep.ts';
import { readPartitions } from '../store/access/lake-state.ts';
import { flightsMigrations } from '../store/migrations.ts';
import { timetable } from '../store/timetable/tables.ts';
import { accessFrame } from './access-world.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const hoursLookedAt = 4;
const visitorsOfFrame = 50;
const keepSettings = { flightsLakeCompactHours: 0, flightsLakeCompactMib: 32, flightsLakeKeepDays: 30 };

type LakeBooks = Awaited<ReturnType<typeof openLakeBooks>>;

/** The lake and the stream in a folder that several processes share. */
export async function openLakeBooks(state: State, folder: string) {
  const clock: ManualClock = manualClock({ flowing: true });
  const [holder, log] = [processHolder('lake'), silentLog()];
  const stream = await openSqliteStream({ path: join(folder, 'stream.db'), clock, holder, log });
  await stream.declare({ name: accessTopic, keepMs: 60_000, keepBytes: 2 ** 26, maxBacklogBytes: 2 ** 26 });
  const lake = openFolderLake({ folder: join(folder, 'lake'), clock, holder });
  const warehouse = openDuckdbWarehouse({ memoryMiB: 128, threads: 1, clock });
  const ports = { state, stream, lake, warehouse, clock, holder, log, metrics: silentMetrics(), random: seededRandom(process.pid) };
  return {
    ...ports,
    startRecorder: () => startRecorder(ports as unknown as Ports & OwnPorts),
    landed: async () => (await state.read(readPartitions)).reduce((sum, { position }) => sum + position, 0),
    async close() {
      await Promise.all([stream.close(), warehouse.close(), lake.close()]);
    },
  };
}

function startRecorder(ports: Ports & OwnPorts) {
  const settings = { flightsLandSeconds: 0 } as FlightsSettings;
  const fail = (error: unknown) => {
    throw error;
  };
  return recorderRole(settings).start({ ports, fail });
}

/** Flights of one route, so many that some have not been looked at yet. */
export async function addLakeFlights(state: State, count: number): Promise<readonly string[]> {
  await state.migrate([...leaseMigrations, ...flightsMigrations]);
  const departsAt = Date.now() + 100 * dayMs;
  const ids = Array.from({ length: count }, (_, index) => `KO${index + 1}-20990101`);
  const flight = { origin: 'HAM', destination: 'LIS', day: 47_117, departs_at: departsAt, arrives_at: departsAt + 3 * hourMs };
  const fare = { cabin: 'economy', seats: 180, sold: 0, base: 1_000, floor: 500, ceiling: 3_000, price: 1_000, priced_at: 0 } as const;
  await state.write(async (queries) => {
    const tables = timetable(queries);
    for (const id of ids) {
      const number = id.split('-')[0] ?? '';
      await tables
        .insertInto('flights_flight')
        .values({ id, number, aircraft: 'A320', state: 'scheduled', ...flight })
        .execute();
      await tables
        .insertInto('flights_fare')
        .values({ flight_id: id, ...fare })
        .execute();
    }
  });
  return ids;
}

/** Publishes accesses of some hours, which the recorder lands, and keeps the lake in order meanwhile. Reports what has landed. */
export async function recordAccesses(
  state: State,
  folder: string,
  flights: readonly string[],
  report: (landed: number) => void,
): Promise<void> {
  const books = await openLakeBooks(state, folder);
  await books.startRecorder();
  const publishing = async () => {
    for (let end = (await books.stream.end(accessTopic, '0')) ?? 0; ; end += visitorsOfFrame) {
      const frame = end / visitorsOfFrame;
      const at = books.clock.now() - (frame % hoursLookedAt) * hourMs;
      const flight = flights[frame % flights.length] ?? '';
      const accesses = Array.from({ length: visitorsOfFrame }, (_, visitor) => ({ at, flight, visitor: end + visitor, account: true }));
      await books.stream.publish(accessTopic, '0', accessFrame(end + 1, accesses));
      await untilTaken(books, end - 20 * visitorsOfFrame);
    }
  };
  const keeping = async () => {
    for (let round = 0; ; round += 1) {
      // Every other time it is the next day, so that what was replaced is removed.
      const clock = { ...books.clock, now: () => books.clock.now() + (round % 2) * 25 * hourMs };
      await keepLake({ ...books, clock }, keepSettings);
      report(await books.landed());
    }
  };
  await Promise.all([publishing(), keeping()]);
}

/** The recorder is at most so far behind. */
async function untilTaken({ stream, clock }: LakeBooks, number: number): Promise<void> {
  const acknowledged = async () => (await stream.status(accessTopic, recorderGroup))?.[0]?.acknowledged ?? 0;
  while ((await acknowledged()) < number) await clock.sleep(5);
}

/** Computes prices again and again, and removes old changes now and then. Reports how many runs were made. */
export async function priceFlights(state: State, folder: string, report: (runs: number) => void): Promise<void> {
  const books = await openLakeBooks(state, folder);
  for (let run = 1; ; run += 1) {
    // Changes of the last two seconds stay.
    if (run % 8 === 0) await prunePrices({ ...books, clock: { ...books.clock, now: () => books.clock.now() + 4 * dayMs - 2_000 } }, 4);
    try {
      await reprice(books, { asOf: books.clock.now(), dryRun: false });
      report(run);
    } catch (error) {
      // The days of the other process are short: it removes a replaced file while this one looks for it or reads it.
      if (!(error instanceof KontorError && error.code === 'unavailable')) throw error;
    }
  }
}
