/** The age of prices when 2,000 browsers show them, with the whole house in one process and 100,000 trades a second. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { defaultCompanies } from '#modules/stocks/domain/companies.ts';
import type { Results } from '#modules/stocks/ports/results.ts';
import type { Bench, Report } from './bench.ts';
import { countedTrades, startHouse } from './house.ts';
import type { LiveClientsFound } from './live-clients.ts';

const sockets = 2_000;
const hz = 4;
const seconds = 15;
const tradesPerSecond = 100_000;
const historyLimitMs = 60_000;
const upToDateMs = 1_000;

export const bench: Bench = {
  name: 'live-view',
  says: `age of prices shown to ${sockets} sockets at ${hz} Hz, at ${tradesPerSecond} trades a second, beside bare sockets`,
  async run(report) {
    const { few, many, counted } = await measureHouse(report);
    const bytes = Math.round(many.bytes / many.messages);
    report.progress(`a bare broadcast of ${bytes} bytes to ${sockets} sockets`);
    const bare = await measureBare(bytes);

    report.figure({ what: 'trades counted a second meanwhile', value: counted, unit: '/s', aim: `about ${tradesPerSecond}` });
    report.figure({ what: 'updates a second that arrived', value: many.messages / many.seconds, unit: '/s', aim: `about ${sockets * hz}` });
    report.figure({ what: 'bytes of an update', value: bytes, unit: 'bytes' });
    report.figure({ what: 'age of a price on arrival, p50', value: ageAt(many.agesOnArrival, 0.5), unit: 'ms' });
    report.figure({ what: 'age of a price on arrival, p99', value: ageAt(many.agesOnArrival, 0.99), unit: 'ms', aim: '≤ 250' });
    report.figure({ what: 'the same with 20 sockets, p99', value: ageAt(few.agesOnArrival, 0.99), unit: 'ms' });
    report.figure({ what: 'age of a price when the next one replaces it, p99', value: ageAt(many.agesWhenReplaced, 0.99), unit: 'ms' });
    report.figure({ what: 'bare sockets: updates a second that arrived', value: bare.messages / bare.seconds, unit: '/s' });
    report.figure({ what: 'bare sockets: age on arrival, p50', value: ageAt(bare.agesOnArrival, 0.5), unit: 'ms' });
    report.figure({ what: 'bare sockets: age on arrival, p99', value: ageAt(bare.agesOnArrival, 0.99), unit: 'ms' });
  },
};

async function measureHouse(report: Report) {
  const intervalMs = (1_000 * defaultCompanies.length) / tradesPerSecond;
  const house = await startHouse(['up'], { TICKER_INTERVAL: String(intervalMs), SOCKETS_PER_ADDRESS: '0' });
  try {
    const url = `${house.url.replace('http', 'ws')}/live`;
    const results = await house.results();
    report.progress('until the history is counted');
    await untilUpToDate(results);
    report.progress('the house with 20 sockets');
    const few = await measureClients(url, 20, 5);
    report.progress(`the house with ${sockets} sockets`);
    const before = { trades: await countedTrades(results), atMs: performance.now() };
    const many = await measureClients(url, sockets, seconds);
    const counted = ((await countedTrades(results)) - before.trades) / ((performance.now() - before.atMs) / 1_000);
    return { few, many, counted };
  } finally {
    await house.stop();
  }
}

/** A new house first makes and counts trades of the minutes before its start. */
async function untilUpToDate(results: Results): Promise<void> {
  const untilMs = performance.now() + historyLimitMs;
  while (performance.now() < untilMs) {
    const cursors = await results.cursors();
    if (cursors.length === defaultCompanies.length && cursors.every((cursor) => Date.now() - cursor.lastAt < upToDateMs)) return;
    await setTimeout(100);
  }
  throw new Error(`the history was not counted within ${historyLimitMs} ms`);
}

async function measureBare(bytes: number): Promise<LiveClientsFound> {
  const server = start('bare-broadcast.ts', { bytes, hz, prices: defaultCompanies.length });
  try {
    return await measureClients(await firstLine(server), sockets, 5);
  } finally {
    server.kill();
  }
}

async function measureClients(url: string, count: number, forSeconds: number): Promise<LiveClientsFound> {
  const clients = start('live-clients.ts', { url, sockets: count, seconds: forSeconds, hz });
  return JSON.parse(await firstLine(clients)) as LiveClientsFound;
}

function start(script: string, options: Readonly<Record<string, string | number>>): ChildProcess {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  return spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the process has no output');
  const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`the process ended with ${code} before it said anything`)));
  const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), ended])) as [string];
  ended.catch(() => {});
  return line;
}

/** The age that this share of all prices did not exceed. */
function ageAt(ages: readonly number[], share: number): number {
  const wanted = ages.reduce((sum, count) => sum + count, 0) * share;
  let seen = 0;
  return ages.findIndex((count) => {
    seen += count;
    return seen >= wanted;
  });
}
