/** A house for tests: a process of its own with a data folder of its own, on a free port of 127.0.0.1. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { until } from '#testkit/until.ts';

const ownRoot = new URL('../..', import.meta.url).pathname;
const startTimeoutMs = 90_000;
const stopTimeoutMs = 60_000;
const tradedTimeoutMs = 60_000;
/** Of what the house prints, so much of the beginning is kept, and so much of the end. */
const maxOutputChars = 20_000;

export interface TestHouse {
  /** Such as `http://127.0.0.1:34567`, without a slash at the end. */
  readonly url: string;
  readonly dataDir: string;
  /** From starting the process until it said that it is open. */
  readonly startedInMs: number;
  output(): string;
  /** SIGTERM; resolves the exit code. The data folder stays. */
  stop(): Promise<number | null>;
  /** kill -9, as a power cut would. The data folder stays. */
  kill(): Promise<void>;
  /** A house again on the same data and the same port, after `stop` or `kill`. */
  restart(): Promise<TestHouse>;
  /** Ends it if it runs, and removes its data folder. */
  remove(): Promise<void>;
}

export interface HouseOptions {
  /** Beside PORT and DATA_DIR. */
  readonly env?: Readonly<Record<string, string>>;
  /** The checkout to run; this one if left out. */
  readonly root?: string;
  /** What to run: `up`, or `run ROLE...`. */
  readonly command?: readonly string[];
  /**
   * Any free one if left out. A house that is restarted needs one of `freePort`: outgoing connections take none of these while
   * it is down. A house that knows its port before it starts offers the examples of errands.
   */
  readonly port?: number;
}

export async function startHouse(options: HouseOptions = {}): Promise<TestHouse> {
  // The key of its secrets is beside the data folder.
  const folder = await mkdtemp(join(tmpdir(), 'kontor-house-'));
  const dataDir = join(folder, 'data');
  try {
    return await startOn({ dataDir, port: options.port ?? 0, options });
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** How many companies the house simulates when nobody names others. */
export const defaultCompanyCount = 12;

/** Resolves when every company has traded: a house that opens on an empty folder has none for a moment. */
export async function allCompaniesTraded({ url }: TestHouse): Promise<void> {
  let traded = 0;
  await until(
    async () => {
      const response = await fetch(`${url}/api/stocks/companies`);
      const { companies } = (await response.json()) as { readonly companies?: readonly unknown[] };
      traded = companies?.length ?? 0;
      return traded === defaultCompanyCount;
    },
    { timeoutMs: tradedTimeoutMs, describe: () => `${defaultCompanyCount} companies that traded; ${traded} did` },
  );
}

async function startOn({ dataDir, port, options }: { dataDir: string; port: number; options: HouseOptions }): Promise<TestHouse> {
  const startedAtMs = performance.now();
  const child = spawn(process.execPath, ['bin/kontor.js', ...(options.command ?? ['up'])], {
    cwd: options.root ?? ownRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, LOG_FORMAT: 'json', ...options.env, DATA_DIR: dataDir, PORT: String(port) },
  });
  const printed = printedBy(child);
  const ended = once(child, 'exit');
  const stopping = new AbortController();
  const url = await Promise.race([
    printed.url,
    ended.then(([code, signal]) => {
      throw new Error(`the house ended (${code ?? signal}) instead of opening:\n${printed.text()}`);
    }),
    timeOut(startTimeoutMs, stopping.signal, () => `the house was not open after ${startTimeoutMs} ms:\n${printed.text()}`),
  ])
    .catch((error: unknown) => {
      child.kill('SIGKILL');
      throw error;
    })
    .finally(() => stopping.abort());

  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    const waited = new AbortController();
    await Promise.race([
      ended,
      timeOut(stopTimeoutMs, waited.signal, () => `the house did not end ${stopTimeoutMs} ms after ${signal}:\n${printed.text()}`),
    ])
      .catch((error: unknown) => {
        child.kill('SIGKILL');
        throw error;
      })
      .finally(() => waited.abort());
    return child.exitCode;
  };
  return {
    url,
    dataDir,
    startedInMs: performance.now() - startedAtMs,
    output: printed.text,
    stop: () => end('SIGTERM'),
    kill: async () => void (await end('SIGKILL')),
    restart: () => startOn({ dataDir, port: Number(new URL(url).port), options }),
    remove: async () => {
      await end('SIGKILL');
      await rm(dirname(dataDir), { recursive: true, force: true });
    },
  };
}

function printedBy(child: ChildProcess): { readonly url: Promise<string>; text(): string } {
  let [first, last] = ['', ''];
  const url = Promise.withResolvers<string>();
  const hear = (chunk: Buffer): void => {
    if (first.length < maxOutputChars) first += chunk;
    else last = (last + chunk).slice(-maxOutputChars);
    // Something follows, so that no digit of the port is still to come.
    const found = /(http:\/\/127\.0\.0\.1:\d+)\D/.exec(first)?.[1];
    if (found !== undefined) url.resolve(found);
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  return { url: url.promise, text: () => first + last };
}

/** Rejects after `ms`, unless `signal` aborts before. */
function timeOut(ms: number, signal: AbortSignal, says: () => string): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(says())), ms);
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  return promise;
}
