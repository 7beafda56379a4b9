/** How soon runs are started and on the customer's disk at 500 a second: a house, miners and clients, each in a process of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { State } from '#core/ports/state.ts';
import { realClock } from '#house/real-clock.ts';
import { type Bench, percentile, type Report } from './bench.ts';
import {
  addPerson,
  addTrustedMiner,
  auditBooks,
  errandsMode,
  ordersPerAccount,
  type PageServer,
  type Person,
  placeAll,
  plainSchedule,
  startMiner,
  startPageServer,
  startProgram,
} from './errands/market.ts';
import { type SavedResult, watchSaved } from './errands/saved-results.ts';
import { type BenchHouse, startHouse } from './house.ts';

/** Each runs every ten seconds. */
const orders = Number(process.env.KONTOR_BENCH_ORDERS ?? 5_000);
const everyMs = 10_000;
const customers = Math.ceil(orders / ordersPerAccount);
const miners = 2;
/** For placing the orders; the first runs come after it. */
const placingMs = 20_000;
/** Until everything that runs has been compiled. */
const warmUpMs = 10_000;
const measuredMs = 60_000;
/** The promise is 120 s. */
const lastLimitMs = 30_000;

export const bench: Bench = {
  name: 'errands-latency',
  says: `${orders / (everyMs / 1_000)} runs a second in a house in one process: from due to started, and to a file on the customer's disk`,
  async run(report) {
    const pages = await startPageServer();
    const house = await startHouse(['up'], errandsMode(pages));
    const folder = mkdtempSync(join(tmpdir(), 'kontor-bench-'));
    try {
      await measure(report, { house, pages, folder });
    } finally {
      await house.stop();
      pages.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

interface Place {
  readonly house: BenchHouse;
  readonly pages: PageServer;
  /** For the files of all customers. */
  readonly folder: string;
}

async function measure(report: Report, { house, pages, folder }: Place): Promise<void> {
  const state = await house.state();
  const start = realClock.now() + placingMs;
  const people = await placeOrders(report, state, pages, start);
  const folders = people.map((_, index) => join(folder, String(index)));
  const clients = people.map((person, index) => startProgram(['errands', 'fetch', '--to', folders[index] ?? ''], house, person));
  const mining = [];
  for (let index = 0; index < miners; index += 1) mining.push(startMiner(house, await addTrustedMiner(state, `miner-${index}`), pages));
  const watch = watchSaved(folders);
  try {
    const from = start + warmUpMs;
    if (realClock.now() > from) throw new Error('the orders were not placed in time');
    const to = from + measuredMs;
    const isMeasured = ({ dueAt }: SavedResult) => dueAt >= from && dueAt < to;
    for (const at of [from, (from + to) / 2, to]) {
      await sleep(Math.max(0, at - realClock.now()));
      report.progress(`${watch.results().length} results are on disk`);
    }
    const wanted = orders * (measuredMs / everyMs);
    const untilMs = performance.now() + lastLimitMs;
    while (watch.results().filter(isMeasured).length < wanted && performance.now() < untilMs) await sleep(100);
    await Promise.all(mining.map((miner) => miner.stop()));
    tell(report, watch.results().filter(isMeasured), wanted, house);
    report.progress('kontor audit');
    await auditBooks(house);
  } catch (error) {
    for (const program of [...mining, ...clients]) report.progress(program.said().slice(-500));
    throw error;
  } finally {
    watch.stop();
    await Promise.all([...mining, ...clients].map((program) => program.stop()));
  }
}

/** Spread evenly over time. Resolves the customers. */
async function placeOrders({ progress }: Report, state: State, pages: PageServer, start: number): Promise<readonly Person[]> {
  const people: Person[] = [];
  for (let customer = 0; customer < customers; customer += 1) {
    progress(`orders of customer ${customer + 1} of ${customers}`);
    const person = await addPerson(state, `customer-${customer}`);
    const first = customer * ordersPerAccount;
    const schedules = Array.from({ length: Math.min(ordersPerAccount, orders - first) }, (_, index) =>
      plainSchedule({
        start: start + Math.floor(((first + index) * everyMs) / orders),
        repeat: { kind: 'interval', seconds: everyMs / 1_000 },
        repetitions: null,
      }),
    );
    await placeAll(state, person, pages, schedules);
    people.push(person);
  }
  return people;
}

function tell({ figure }: Report, results: readonly SavedResult[], wanted: number, house: BenchHouse): void {
  const runs = new Set(results.map(({ order, slot }) => `${order}/${slot}`));
  if (runs.size !== wanted || results.length !== wanted)
    throw new Error(`of ${wanted} runs, ${runs.size} are on the disks of their customers, in ${results.length} lines`);
  const started = results.map(({ claimedAt, dueAt }) => claimedAt - dueAt);
  const saved = results.map(({ savedAt, dueAt }) => savedAt - dueAt);
  figure({ what: 'runs measured, each on disk once', value: wanted, unit: 'runs' });
  figure({ what: 'due → started, p50', value: percentile(started, 0.5), unit: 'ms' });
  figure({ what: 'due → started, p99', value: percentile(started, 0.99), unit: 'ms', aim: '≤ 50' });
  figure({ what: 'due → file on the disk of the customer, p50', value: percentile(saved, 0.5), unit: 'ms', aim: '≤ 500' });
  figure({ what: 'due → file on the disk of the customer, p99', value: percentile(saved, 0.99), unit: 'ms', aim: '≤ 2000' });
  figure({ what: 'the slowest', value: Math.max(...saved), unit: 'ms', aim: '≤ 120000' });
  figure({ what: 'memory of the house, at most', value: house.mostResidentMegabytes(), unit: 'MB', aim: '≤ 400' });
}
