/** A house in a separate process for benchmarks, on a folder that is removed afterwards, and access to its books. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { State } from '#core/ports/state.ts';
import { openState } from '#house/engines.ts';
import { processHolder } from '#house/process-holder.ts';
import { readHouseConfig } from '#house/read-config.ts';
import { realClock } from '#house/real-clock.ts';
import { realRandom } from '#house/real-random.ts';
import { openStateResults } from '#modules/stocks/engines/results/state.ts';
import type { Results } from '#modules/stocks/ports/results.ts';
import { silentLog } from '#testkit/log.ts';

const kontor = fileURLToPath(new URL('../bin/kontor.js', import.meta.url));
const startLimitMs = 30_000;

/** Options of a house that makes and counts trades as fast as it can, and none from before its start. */
export const bulkMode = { TICKER_INTERVAL: '0', STOCKS_HISTORY_MINUTES: '0' };

export interface BenchHouse {
  readonly folder: string;
  readonly url: string;
  /** The time from the start of the process until it reported that it is open. */
  readonly openedAfterMs: number;
  residentMegabytes(): number;
  /** The most that it ever had. */
  mostResidentMegabytes(): number;
  /** Processor time used so far. */
  processorMs(): number;
  /** The books of the house, opened by this process, too. */
  state(): Promise<State>;
  results(): Promise<Results>;
  /** Ends the process; its books can still be read. */
  halt(): Promise<void>;
  stop(): Promise<void>;
}

export async function startHouse(args: readonly string[], env: Readonly<Record<string, string>>): Promise<BenchHouse> {
  const folder = mkdtempSync(join(tmpdir(), 'kontor-bench-'));
  const startedMs = performance.now();
  // As npm start does; processes of single roles start without it.
  const flags = args[0] === 'up' ? ['--max-semi-space-size=4'] : [];
  const child = spawn(process.execPath, [...flags, kontor, ...args], {
    env: {
      ...process.env,
      PORT: '0',
      DATA_DIR: folder,
      SECRETS_KEY: 'one-key-for-all-houses-of-the-benchmarks',
      LOG_FORMAT: 'json',
      LOG_LEVEL: 'info',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = await openedUrl(child);
  let state: State | undefined;
  const openBooks = async () => {
    const { config } = readHouseConfig({ environment: { DATA_DIR: folder, ...env }, flags: new Map() });
    const basics = { clock: realClock, random: realRandom, holder: processHolder(), log: silentLog() };
    state ??= await openState(config, basics, { mustExist: true });
    return state;
  };
  const halt = async () => {
    child.kill('SIGTERM');
    await exited;
  };
  return {
    folder,
    url,
    openedAfterMs: performance.now() - startedMs,
    residentMegabytes: () => megabytes(child.pid ?? 0, 'VmRSS'),
    mostResidentMegabytes: () => mostResidentMegabytes(child.pid ?? 0),
    processorMs: () => processorMs(child.pid ?? 0),
    state: openBooks,
    results: async () => openStateResults({ state: await openBooks() }),
    halt,
    async stop() {
      await state?.close();
      await halt();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The most memory that a process ever had. */
export function mostResidentMegabytes(pid: number): number {
  return megabytes(pid, 'VmHWM');
}

function megabytes(pid: number, what: 'VmRSS' | 'VmHWM'): number {
  return Number(new RegExp(`${what}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;
}

/** Of any process of this machine, in steps of 10 ms. */
export function processorMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function openedUrl(child: ChildProcess): Promise<string> {
  const url = Promise.withResolvers<string>();
  let output = '';
  child.stdout?.on('data', (chunk) => {
    output = (output + chunk).slice(-100_000);
    const found = /"url":"(http:[^"]+)"/.exec(output)?.[1];
    if (found) url.resolve(found);
  });
  child.once('exit', (code) => url.reject(new Error(`the house ended with ${code}: ${output}`)));
  const late = setTimeout(startLimitMs, undefined, { ref: false }).then(() =>
    Promise.reject(new Error(`the house did not open within ${startLimitMs} ms: ${output}`)),
  );
  return await Promise.race([url.promise, late]);
}

/** Trades counted so far in all companies. */
export async function countedTrades(results: Results): Promise<number> {
  return (await results.cursors()).reduce((sum, cursor) => sum + cursor.position, 0);
}

/** Waits until so many trades are counted; returns the actual number and the time of reading it. */
export async function untilCounted(results: Results, target: number, limitMs: number): Promise<{ trades: number; atMs: number }> {
  const until = performance.now() + limitMs;
  while (performance.now() < until) {
    const trades = await countedTrades(results);
    if (trades >= target) return { trades, atMs: performance.now() };
    await setTimeout(50);
  }
  throw new Error(`${target} trades were not counted within ${limitMs} ms`);
}

/** Trades a second in bulk mode, over `measured` trades after `warmUp` of them. */
export async function countedPerSecond(results: Results, trades: { warmUp: number; measured: number }, limitMs: number): Promise<number> {
  const from = await untilCounted(results, trades.warmUp, limitMs);
  const to = await untilCounted(results, from.trades + trades.measured, limitMs);
  return (to.trades - from.trades) / ((to.atMs - from.atMs) / 1_000);
}

/** The same from publish to stored results in one process on the engines named, and its processor time, the start among it. */
export async function bulkTrades(
  trades: { warmUp: number; measured: number },
  engines: Readonly<Record<string, string>> = {},
): Promise<{ perSecond: number; houseMs: number }> {
  const house = await startHouse(['run', 'stocks-publisher', 'stocks-aggregator'], { ...bulkMode, ...engines });
  try {
    return { perSecond: await countedPerSecond(await house.results(), trades, 120_000), houseMs: house.processorMs() };
  } finally {
    await house.stop();
  }
}
