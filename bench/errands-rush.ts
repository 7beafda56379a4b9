/** A rush: runs that are all due in the same second, and eight miners. All are delivered within the promise, and no process grows. */
import { setTimeout as sleep } from 'node:timers/promises';
import { realClock } from '#house/real-clock.ts';
import { promiseMs } from '#modules/errands/domain/orders.ts';
import type { Bench, Report } from './bench.ts';
import {
  addPerson,
  addTrustedMiner,
  auditBooks,
  errandsMode,
  ordersPerAccount,
  type PageServer,
  placeAll,
  plainSchedule,
  readDelivered,
  startMiner,
  startPageServer,
} from './errands/market.ts';
import { type BenchHouse, mostResidentMegabytes, startHouse } from './house.ts';

const runs = Number(process.env.KONTOR_BENCH_ORDERS ?? 100_000);
const miners = 8;
/** For placing the orders, which are made into runs at once. */
const placingMs = 10_000 + runs * 0.5;
const dueWithinMs = 1_000;
/** Each look counts all results: rarely. */
const lookEveryMs = 2_000;

export const bench: Bench = {
  name: 'errands-rush',
  says: `${runs} runs that are due in the same second, fetched by ${miners} processes of kontor mine for a house in one process`,
  async run(report) {
    const pages = await startPageServer();
    const house = await startHouse(['up'], errandsMode(pages));
    try {
      await measure(report, house, pages);
    } finally {
      await house.stop();
      pages.stop();
    }
  },
};

async function measure(report: Report, house: BenchHouse, pages: PageServer): Promise<void> {
  const { progress, figure } = report;
  const state = await house.state();
  const start = realClock.now() + placingMs;
  progress('the orders are placed');
  for (let first = 0; first < runs; first += ordersPerAccount) {
    const count = Math.min(ordersPerAccount, runs - first);
    const schedules = Array.from({ length: count }, (_, index) =>
      plainSchedule({ start: start + Math.floor(((first + index) * dueWithinMs) / runs), repeat: { kind: 'once' }, repetitions: 1 }),
    );
    await placeAll(state, await addPerson(state, `customer-${first}`), pages, schedules);
  }
  const leftMs = start - realClock.now();
  if (leftMs < 0) throw new Error('the orders were not placed in time');
  progress(`all are placed, ${Math.round(leftMs / 1_000)} s before they are due`);
  const mining = [];
  for (let index = 0; index < miners; index += 1) mining.push(startMiner(house, await addTrustedMiner(state, `miner-${index}`), pages));
  try {
    await sleep(Math.max(0, start - realClock.now()));
    let found = await readDelivered(state);
    while (found.results < runs && realClock.now() < start + promiseMs + lookEveryMs) {
      await sleep(lookEveryMs);
      found = await readDelivered(state);
      progress(`${found.results} of ${runs} have a result after ${Math.round((realClock.now() - start) / 1_000)} s`);
    }
    const largest = Math.max(...mining.map(({ child }) => mostResidentMegabytes(child.pid ?? 0)));
    await Promise.all(mining.map((miner) => miner.stop()));
    figure({ what: 'runs with a result', value: found.results, unit: 'runs', aim: `${runs}` });
    figure({ what: 'delivered', value: found.delivered, unit: 'runs', aim: `${runs}` });
    figure({ what: 'due → delivered, the slowest', value: found.slowestMs / 1_000, unit: 's', aim: '≤ 120' });
    const seconds = (found.lastDeliveredAt - start) / 1_000;
    figure({ what: 'delivered a second', value: found.delivered / seconds, unit: 'pages/s' });
    figure({ what: 'memory of the house with all roles, at most', value: house.mostResidentMegabytes(), unit: 'MB', aim: '≤ 400' });
    figure({ what: 'memory of a miner, at most', value: largest, unit: 'MB', aim: '≤ 400' });
    progress('kontor audit');
    await auditBooks(house);
  } finally {
    await Promise.all(mining.map((miner) => miner.stop()));
  }
}
