/** Accesses to flights from the handler to the lake, and prices computed from the lake, beside Spark on the same files. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leaseMigrations } from '#core/lease.ts';
import type { Ports } from '#core/ports/ports.ts';
import { openFolderLake } from '#engines/lake/folder.ts';
import { openSqliteState } from '#engines/state/sqlite.ts';
import { openSqliteStream } from '#engines/stream/sqlite.ts';
import { processHolder } from '#house/process-holder.ts';
import { realClock } from '#house/real-clock.ts';
import { realRandom } from '#house/real-random.ts';
import { accessTopic } from '#modules/flights/domain/access.ts';
import { decayWeight } from '#modules/flights/domain/decay.ts';
import { hourMs } from '#modules/flights/domain/lake-paths.ts';
import type { FlightsSettings } from '#modules/flights/domain/settings.ts';
import { openDuckdbWarehouse } from '#modules/flights/engines/warehouse/duckdb.ts';
import { hourViewsSql } from '#modules/flights/engines/warehouse/queries.ts';
import type { OwnPorts } from '#modules/flights/ports/ports.ts';
import { openAccessLog } from '#modules/flights/roles/accesses/access-log.ts';
import { recorderRole } from '#modules/flights/roles/flights-recorder.ts';
import { windowOf } from '#modules/flights/roles/pricer/views.ts';
import { verifyLake } from '#modules/flights/roles/recorder/verify.ts';
import { readPartitions } from '#modules/flights/store/access/lake-state.ts';
import { flightsMigrations } from '#modules/flights/store/migrations.ts';
import { silentLog } from '#testkit/log.ts';
import { silentMetrics } from '#testkit/metrics.ts';
import { startSpark } from '../test/engines/spark-job.ts';
import { enginesFolder } from '../tools/engines/place.ts';
import { sparkPython } from '../tools/engines/spark.ts';
import { askProcess } from './asked-process.ts';
import type { Bench, Report } from './bench.ts';
import type { RepriceOrder, RepriceReport } from './flights-lake-subject.ts';
import { makeLake } from './made-lake.ts';

/** Smaller for a try: `KONTOR_BENCH_FLIGHTS=20000 KONTOR_BENCH_ACCESSES=1000000`. */
const flights = Number(process.env.KONTOR_BENCH_FLIGHTS ?? 200_000);
const accesses = Number(process.env.KONTOR_BENCH_ACCESSES ?? 50_000_000);
const recorded = Math.ceil(accesses / 5);
const warehouseMiB = 512;
/** A page of search results notes as many flights at once. */
const flightsOfPage = 50;
const visitorCount = 20_000;
/** The log drops what does not fit into its buffer: the bench waits before. */
const maxUnpublished = 128 * 1_024;
const landingLimitMs = 600_000;

export const bench: Bench = {
  name: 'flights-lake',
  says: `${recorded.toLocaleString('en-US')} accesses to the lake; ${flights.toLocaleString('en-US')} flights repriced from ${accesses.toLocaleString('en-US')} accesses, beside Spark`,
  async run(report) {
    const folder = mkdtempSync(join(tmpdir(), 'kontor-bench-'));
    try {
      await benchRecording(join(folder, 'recording'), report);
      await benchPricing(join(folder, 'pricing'), report);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

async function openBooks(folder: string) {
  const [clock, random, holder, log, metrics] = [realClock, realRandom, processHolder(), silentLog(), silentMetrics()];
  const lake = openFolderLake({ folder: join(folder, 'lake'), clock, holder });
  await lake.ping();
  const state = await openSqliteState({ path: join(folder, 'kontor.db'), clock, log });
  const stream = await openSqliteStream({ path: join(folder, 'stream.db'), clock, holder, log });
  const warehouse = openDuckdbWarehouse({ memoryMiB: warehouseMiB, threads: 2, clock });
  return {
    ports: { state, stream, lake, warehouse, clock, random, holder, log, metrics },
    close: () => Promise.all([warehouse.close(), stream.close(), state.close()]),
  };
}

/** One process does it all, as a house does. */
async function benchRecording(folder: string, report: Report): Promise<void> {
  const { ports, close } = await openBooks(folder);
  try {
    await ports.state.migrate([...leaseMigrations, ...flightsMigrations]);
    await ports.stream.declare({ name: accessTopic, keepMs: 60_000, keepBytes: 2 ** 26, maxBacklogBytes: 2 ** 28 });
    const settings = { flightsLandSeconds: 0 } as FlightsSettings;
    const recorder = await recorderRole(settings).start({
      ports: ports as unknown as Ports & OwnPorts,
      fail: (error) => report.progress(String(error)),
    });
    const log = openAccessLog({ ports, key: 'bench' });
    const startedMs = realClock.monotonicMs();
    for (let noted = 0; noted < recorded; noted += flightsOfPage) {
      const page = noted / flightsOfPage;
      const visitor = { holder: `visitor:${page % visitorCount}`, guestHolder: undefined, network: `10.0.${page % 256}.0/24` };
      log.note(
        visitor,
        'listed',
        Array.from({ length: flightsOfPage }, (_, place) => `KO${1 + ((page * 7 + place) % 9_000)}-20270101`),
      );
      if (page % 20 === 0) await untilPublished(ports.stream, noted + flightsOfPage - maxUnpublished);
    }
    await untilLanded(ports.state, recorded, report);
    const seconds = (realClock.monotonicMs() - startedMs) / 1_000;
    report.figure({ what: 'accesses from the handler to the lake', value: recorded / seconds, unit: '/s', aim: '≥ 200,000' });
    report.figure({ what: 'accesses dropped', value: log.dropped(), unit: '', aim: '0' });
    await log.stop();
    await recorder.stop();
    const { files, faults } = await verifyLake(ports);
    report.figure({ what: 'files in the lake', value: files, unit: '' });
    report.figure({ what: 'faults found by lake verify', value: faults.length, unit: '', aim: '0' });
  } finally {
    await close();
  }
}

/** The process has one partition. */
async function untilPublished(stream: Ports['stream'], accesses: number): Promise<void> {
  await realClock.sleep(0);
  while (accesses > 0 && ((await stream.end(accessTopic, '0')) ?? 0) < accesses) await realClock.sleep(1);
}

async function untilLanded(state: Ports['state'], accesses: number, report: Report): Promise<void> {
  const limitMs = realClock.monotonicMs() + landingLimitMs;
  for (let last = 0; ; ) {
    const landed = (await state.read(readPartitions)).reduce((sum, { position }) => sum + position, 0);
    if (landed >= accesses) return;
    if (landed - last >= 1_000_000) report.progress(`${landed.toLocaleString('en-US')} accesses landed`);
    if (landed - last >= 1_000_000) last = landed;
    if (realClock.monotonicMs() > limitMs) throw new Error(`only ${landed} of ${accesses} accesses landed in time`);
    await realClock.sleep(10);
  }
}

async function benchPricing(folder: string, report: Report): Promise<void> {
  const asOf = realClock.now() - 60_000;
  report.progress('making the timetable and the lake');
  const { ports, close } = await openBooks(folder);
  const { state, lake, warehouse } = ports;
  const made = await makeLake({ state, lake, warehouse, asOf, flights, accesses });
  await close();
  report.figure({ what: 'flights', value: made, unit: '' });
  report.progress('computing prices');
  // What a first run finds stays in the lake: the next one reads the hour under way alone.
  const first = await repriced({ folder, asOf, memoryMiB: warehouseMiB, dryRun: true });
  const next = await repriced({ folder, asOf: asOf + 1, memoryMiB: warehouseMiB, dryRun: true });
  const storing = await repriced({ folder, asOf: asOf + 2, memoryMiB: warehouseMiB, dryRun: false });
  report.figure({ what: `${first.prices} prices computed from all accesses`, value: first.tookMs / 1_000, unit: 's', aim: '≤ 10' });
  report.figure({ what: 'memory of the process and of the warehouse, at most', value: first.peakMiB, unit: 'MiB', aim: '≤ 1,024' });
  report.figure({ what: 'computed again, of which only the last hour is new', value: next.tookMs / 1_000, unit: 's' });
  report.figure({ what: `computed again, with ${storing.changed} changes stored`, value: storing.tookMs / 1_000, unit: 's' });
  await benchSpark(folder, asOf, first.tookMs / 1_000, report);
}

function repriced(order: RepriceOrder): Promise<RepriceReport> {
  return askProcess('./flights-lake-subject.ts', order);
}

/** Only what the SQL finds, as our figure has the rest of a run, too. Its session is warm. */
async function benchSpark(folder: string, asOf: number, ourSeconds: number, report: Report): Promise<void> {
  report.progress('starting Spark');
  const spark = startSpark(sparkPython(enginesFolder()));
  const { ports, close } = await openBooks(folder);
  try {
    const hours = hourFiles(join(folder, 'lake/access'));
    const { first, last } = windowOf(asOf);
    const numbers = Float64Array.from({ length: last - first + 1 }, (_, index) => first + index);
    const columns = { hour: numbers, weight: numbers.map((hour) => decayWeight(last - hour)) };
    const weights = join(folder, 'weights.parquet');
    await writeFile(weights, await ports.warehouse.parquet({ sql: 'select * from given', tables: { given: { columns } } }));
    await spark.rows({ sql: hourViewsSql, tables: { accesses: hours.slice(0, 1) } });

    report.progress('Spark, all hours in one query');
    const startedMs = realClock.monotonicMs();
    await spark.rows({ sql: demandOfAllHours, tables: { accesses: hours, weights: [weights] } });
    const wholeSeconds = (realClock.monotonicMs() - startedMs) / 1_000;
    report.figure({ what: 'peer: Spark local, the demand of all hours in one query', value: wholeSeconds, unit: 's' });
    report.figure({ what: 'how many times faster', value: wholeSeconds / ourSeconds, unit: '', aim: '≥ 5' });

    report.progress('Spark, hour by hour');
    const hourlyMs = realClock.monotonicMs();
    for (const file of hours) await spark.rows({ sql: hourViewsSql, tables: { accesses: [file] } });
    const hourlySeconds = (realClock.monotonicMs() - hourlyMs) / 1_000;
    report.figure({ what: 'peer: Spark local, the views of each hour, one after another', value: hourlySeconds, unit: 's' });
    report.figure({ what: 'how many times faster', value: hourlySeconds / ourSeconds, unit: '', aim: '≥ 5' });
  } finally {
    await spark.stop();
    await close();
  }
}

function hourFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.parquet'))
    .sort()
    .map((path) => join(folder, path));
}

/** The same in one query, with the hour as one more thing to group by: what suits Spark best, as one would write it for Spark. */
const demandOfAllHours = `WITH visits AS (
  SELECT CAST(at_ms DIV ${hourMs} AS BIGINT) AS hour, flight, account, CASE WHEN account = 1 THEN 0 ELSE network END AS network, visitor,
    MAX(CASE WHEN kind = 0 THEN 8192 ELSE 65536 END) AS weight
  FROM accesses
  WHERE kind < 4
  GROUP BY CAST(at_ms DIV ${hourMs} AS BIGINT), flight, account, CASE WHEN account = 1 THEN 0 ELSE network END, visitor
),
networks AS (
  SELECT hour, flight, CASE WHEN account = 0 AND SUM(weight) > 262144 THEN 262144 ELSE SUM(weight) END AS weight
  FROM visits
  GROUP BY hour, flight, account, network
)
SELECT networks.flight, CAST(SUM(networks.weight * weights.weight) AS BIGINT) AS views
FROM networks JOIN weights ON weights.hour = networks.hour
GROUP BY networks.flight
ORDER BY networks.flight`;
