/** Reads the books of a house that is not running, and kills house processes at any moment. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { auditLaws } from '#core/laws/audit.ts';
import type { Scope } from '#core/laws/law.ts';
import { readHouseConfig } from '#house/read-config.ts';
import { visit } from '#house/visit.ts';
import type { OwnPorts } from '#modules/stocks/ports/ports.ts';
import type { Cursor } from '#modules/stocks/ports/results.ts';
import { publishedTrades } from '#modules/stocks/store/published.ts';

export type Environment = Readonly<Record<string, string>>;

export interface Books {
  readonly violations: readonly string[];
  readonly cursors: readonly Cursor[];
  /** Trades in the stream, by company. */
  readonly published: ReadonlyMap<string, number>;
}

const auditTimeoutMs = 120_000;
const maxOutputChars = 20_000;
const kontor = fileURLToPath(new URL('../../bin/kontor.js', import.meta.url));

export async function readBooks(environment: Environment, scope: Scope): Promise<Books> {
  const { config } = readHouseConfig({ environment, flags: new Map() });
  return await visit(config, { mustExist: true }, async (engines, basics, { laws }) => {
    const verdicts = await auditLaws({ laws, books: { ...basics, ...engines }, scope, timeoutMs: auditTimeoutMs });
    const { results } = engines as unknown as OwnPorts;
    const { ends } = await publishedTrades(engines);
    return {
      violations: verdicts.flatMap((verdict) => verdict.violations),
      cursors: await results.cursors(),
      published: ends,
    };
  });
}

export interface Moment {
  readonly afterMs: number;
  /** The delay counts from here. */
  readonly since: 'start' | 'open';
}

/** Starts a house and kills it with SIGKILL at some moment. Returns its output. */
export async function runAndKill(args: readonly string[], environment: Environment, { afterMs, since }: Moment): Promise<string> {
  const house = spawnHouse(args, environment);
  if (since === 'open') await Promise.race([house.opened, house.ended]);
  await Promise.race([setTimeout(afterMs), house.ended]);
  if (house.child.exitCode !== null) throw new Error(`the house ended by itself with ${house.child.exitCode}:\n${house.output()}`);
  house.child.kill('SIGKILL');
  await house.ended;
  return house.output();
}

/** Runs a house that is expected to exit. */
export async function runToItsEnd(
  args: readonly string[],
  environment: Environment,
  limitMs: number,
): Promise<{ code: number | null; output: string }> {
  const house = spawnHouse(args, environment);
  const late = new AbortController();
  const killing = setTimeout(limitMs, undefined, { signal: late.signal }).then(
    () => house.child.kill('SIGKILL'),
    () => {},
  );
  await house.ended;
  late.abort();
  await killing;
  return { code: house.child.exitCode, output: house.output() };
}

export function spawnHouse(args: readonly string[], environment: Environment) {
  const child = spawn(process.execPath, [kontor, ...args], {
    env: { PATH: process.env.PATH, LOG_FORMAT: 'json', PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const opened = Promise.withResolvers<void>();
  const keep = (piece: Buffer) => {
    printed = (printed + piece).slice(-maxOutputChars);
    if (printed.includes('the house is open')) opened.resolve();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  return { child, opened: opened.promise, ended: once(child, 'close'), output: () => printed };
}

export function sumPositions(cursors: readonly Cursor[]): number {
  return cursors.reduce((sum, cursor) => sum + cursor.position, 0);
}
