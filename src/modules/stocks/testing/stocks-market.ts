/** The stocks market's roles on the embedded engines, in lives: each opens the same files anew, as another process does. */
import { join } from 'node:path';
import { verdictMigrations } from '#core/laws/verdicts.ts';
import { leaseMigrations } from '#core/lease.ts';
import { outboxMigrations } from '#core/outbox.ts';
import type { Frame, Topic } from '#core/ports/stream.ts';
import type { Role, Service } from '#core/role.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { openMemoryCache } from '#engines/cache/memory.ts';
import { openFolderLake } from '#engines/lake/folder.ts';
import { SqliteConnection } from '#engines/sqlite/connection.ts';
import { openSqliteState } from '#engines/state/sqlite.ts';
import { openSqliteStream } from '#engines/stream/sqlite.ts';
import { StreamTables } from '#engines/stream/sqlite-tables.ts';
import { type ManualClock, manualClock } from '#testkit/clock.ts';
import { processHolder, type TestHolder } from '#testkit/holder.ts';
import { type RecordingLog, recordingLog } from '#testkit/log.ts';
import { silentMetrics } from '#testkit/metrics.ts';
import { testSecrets } from '#testkit/seal.ts';
import { type Cleanup, temporaryFolder } from '#testkit/temporary-folder.ts';
import { until } from '#testkit/until.ts';
import { defaultCompanies } from '../domain/companies.ts';
import { type StocksSettings, tradesTopic } from '../domain/settings.ts';
import { decodeTrade } from '../domain/trades.ts';
import { openStateResults } from '../engines/results/state.ts';
import { resultsMigrations } from '../engines/results/tables.ts';
import type { StocksPorts } from '../ports/ports.ts';
import { stocksMigrations } from '../store/tables.ts';
import type { TradeRecord } from './results-model.ts';

export interface Market {
  readonly options: StocksSettings;
  /** A process on this market's files. */
  live(options?: LifeOptions): Promise<Life>;
  /** What the tape holds now, trade by trade. */
  tape(company: string): readonly TradeRecord[];
  /** Work on the stream's own tables, such as the loss of its last moments. No life may be running. */
  onStreamFile(work: (connection: SqliteConnection) => void): void;
}

interface LifeOptions {
  /** By default the engines' time flows, and the roles' stands still until the test moves it. */
  readonly clock?: ManualClock;
}

export interface Life {
  readonly ports: StocksPorts;
  readonly clock: ManualClock;
  readonly log: RecordingLog;
  readonly holder: TestHolder;
  /** What roles said they cannot go on with. */
  readonly failures: readonly unknown[];
  start(role: Role<never>): Promise<Service<never>>;
  /** Lets time pass as the roles know it, a little at a time, until the condition holds. */
  pass(condition: () => boolean | Promise<boolean>, describe: string | (() => string)): Promise<void>;
  /** Stops the roles, the last one first, and closes the engines. */
  end(): Promise<void>;
}

const publishTimeoutMs = 500;
const leaseMs = 1_000;
const stepMs = 50;

export function stocksOptions(options: Partial<StocksSettings> & { readonly codes?: readonly string[] } = {}): StocksSettings {
  const { codes = ['MSFT', 'LHA'], ...others } = options;
  return {
    seed: 'test',
    companies: defaultCompanies.filter(({ code }) => codes.includes(code)),
    owners: { simulated: new Set(codes), moduleNames: [] },
    bridgedCompanies: [],
    batchSize: 100,
    tradesPerSecond: 1_000,
    historyMinutes: 0,
    retention: { batchesPerCompany: 100_000, barsMs: { '1s': 1e12, '1m': 1e12, '1h': 1e12 } },
    maxBacklogBytes: 10_000_000,
    ...others,
  };
}

export function openMarket(t: Cleanup, options: StocksSettings = stocksOptions(), keep: Partial<Topic> = {}): Market {
  const lives = new Set<Life>();
  // before the folder goes, whatever runs on it ends
  t.after(async () => {
    for (const life of lives) await life.end();
  });
  const folder = temporaryFolder(t);
  const streamPath = join(folder, 'stream.db');
  const topic: Topic = { name: tradesTopic, keepMs: 600_000, keepBytes: 10_000_000, maxBacklogBytes: options.maxBacklogBytes, ...keep };

  function readStream<Result>(readOnly: boolean, work: (connection: SqliteConnection) => Result): Result {
    const connection = new SqliteConnection({ path: streamPath, readOnly });
    try {
      return work(connection);
    } finally {
      connection.close();
    }
  }

  return {
    options,
    async live(lifeOptions = {}) {
      const life = await openLife(folder, topic, lifeOptions, () => lives.delete(life));
      lives.add(life);
      return life;
    },
    tape: (company) => readStream(true, (connection) => recordsOf(new StreamTables(connection).read(tradesTopic, company, 0, Infinity))),
    onStreamFile: (work) => readStream(false, work),
  };
}

function recordsOf(frames: readonly Frame[]): readonly TradeRecord[] {
  return frames.flatMap(({ first, count, body }) =>
    Array.from({ length: count }, (_, index) => ({ seq: first + index, ...decodeTrade(body, index) })),
  );
}

async function openLife(folder: string, topic: Topic, { clock: givenClock }: LifeOptions, ended: () => void): Promise<Life> {
  const engineClock = givenClock ?? manualClock({ flowing: true });
  const clock = givenClock ?? manualClock({ startAt: engineClock.now() });
  const log = recordingLog();
  const holder = processHolder('life');
  const state = await openSqliteState({ path: join(folder, 'kontor.db'), clock: engineClock, log });
  await state.migrate([...leaseMigrations, ...verdictMigrations, ...outboxMigrations, ...resultsMigrations, ...stocksMigrations]);
  const streamOptions = { path: join(folder, 'stream.db'), clock: engineClock, holder, log, publishTimeoutMs, leaseMs, maxRetryMs: 100 };
  const stream = await openSqliteStream(streamOptions);
  await stream.declare(topic);
  const ports: StocksPorts = {
    state,
    stream,
    results: openStateResults({ state }),
    cache: openMemoryCache({ maxEntries: 100, clock }),
    lake: openFolderLake({ folder: join(folder, 'lake'), clock, holder }),
    mail: { post: () => Promise.reject(new Error('the stocks market writes no letters')) },
    secrets: testSecrets(),
    clock,
    random: seededRandom(1),
    holder,
    log,
    metrics: silentMetrics(),
  };
  const failures: unknown[] = [];
  const services: Service<never>[] = [];
  let ending: Promise<void> | undefined;

  async function end(): Promise<void> {
    for (const service of services.reverse()) await service.stop();
    await stream.close();
    await state.close();
    ended();
  }

  return {
    ports,
    clock,
    log,
    holder,
    failures,
    async start(role) {
      const service = await role.start({ ports, fail: (error) => failures.push(error) });
      services.push(service);
      return service;
    },
    pass: (condition, describe) =>
      until(
        async () => {
          await clock.advance(stepMs);
          return await condition();
        },
        { describe },
      ).then(() => {}),
    end: () => {
      ending ??= end();
      return ending;
    },
  };
}
