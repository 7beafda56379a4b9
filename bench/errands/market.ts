/** What benchmarks of errands share: a house in its own process, people and orders in its books, a server of pages, and programs of people. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import type { State } from '#core/ports/state.ts';
import { realClock } from '#house/real-clock.ts';
import { realRandom } from '#house/real-random.ts';
import type { OrderTerms } from '#modules/errands/domain/orders.ts';
import type { Schedule } from '#modules/errands/domain/schedule/schedule.ts';
import { placeOrders } from '#modules/errands/store/orders/create.ts';
import { registerMiner } from '#modules/errands/store/trust/miners.ts';
import { addAccount } from '#modules/people/store/accounts/accounts.ts';
import { addAccessToken } from '#modules/people/store/sessions/access-tokens.ts';
import { openWallets } from '../customers-server.ts';
import type { BenchHouse } from '../house.ts';

const kontor = fileURLToPath(new URL('../../bin/kontor.js', import.meta.url));
const pageServerProgram = fileURLToPath(new URL('page-server.ts', import.meta.url));
/** As many as an account may have. */
export const ordersPerAccount = 1_000;
const ordersPerWrite = 250;
const tokenMs = 3_600_000;
const endLimitMs = 15_000;

/** Options of a house that serves errands, and does little else: its own miner is off, and answers are paid at once. */
export function errandsMode(pages: Pick<PageServer, 'host'>): Readonly<Record<string, string>> {
  return {
    DEMO: 'off',
    TICKER_INTERVAL: '1000000',
    STOCKS_HISTORY_MINUTES: '0',
    RATE_LIMIT_PER_MINUTE: '0',
    SOCKETS_PER_ADDRESS: '0',
    SOCKETS_PER_ACCOUNT: '0',
    ERRANDS_ALLOWED_HOSTS: pages.host,
    ERRANDS_HOUSE_MINER: 'off',
    ERRANDS_SETTLE_SECONDS: '0',
  };
}

export interface PageServer {
  /** Such as `127.0.0.1:4711`. */
  readonly host: string;
  stop(): void;
}

export async function startPageServer(): Promise<PageServer> {
  const child = fork(pageServerProgram);
  const [port] = (await once(child, 'message')) as [number];
  return { host: `127.0.0.1:${port}`, stop: () => child.disconnect() };
}

export interface Person {
  readonly id: string;
  readonly token: string;
}

/** A person with a million coins and a token. */
export async function addPerson(state: State, name: string): Promise<Person> {
  const now = realClock.now();
  const person = await state.write(async (queries) => {
    const email = `${name}@example.org`;
    const account = await addAccount(queries, realRandom, { email, name, role: 'member', passwordHash: 'none' }, now);
    if (account === undefined) throw new Error(`there is a person ${name} already`);
    const wish = { personId: account.id, name: 'bench', scopes: ['read', 'write'] as const, now, endsAt: now + tokenMs };
    const token = await addAccessToken(queries, realRandom, wish);
    if (token === undefined) throw new Error(`${name} has no room for a token`);
    return { id: account.id, token: token.token };
  });
  await openWallets(state, [person.id], now);
  return person;
}

/** Of a new miner all answers are audited. This one is trusted: one of twenty is. */
export async function addTrustedMiner(state: State, name: string): Promise<Person> {
  const miner = await addPerson(state, name);
  await state.write(async (queries) => {
    await registerMiner(queries, miner.id, realClock.now());
    await sql`update errands_miner set state = 'trusted', valid_in_row = 100, answered = 100 where account_id = ${miner.id}`.execute(
      queries,
    );
  });
  return miner;
}

/** When an order is due, without anything special. */
export function plainSchedule(rhythm: Pick<Schedule, 'start' | 'repeat' | 'repetitions'>): Schedule {
  return { zone: 'UTC', jitterMs: 0, activeHours: null, catchUp: 'all', lateMs: 60_000, overlap: 'allow', ...rhythm };
}

/** Orders of one person, each for another page. */
export async function placeAll(state: State, { id }: Person, pages: PageServer, schedules: readonly Schedule[]): Promise<void> {
  const orders = schedules.map((schedule, index) => termsOf(pages.host, index, schedule));
  for (let from = 0; from < orders.length; from += ordersPerWrite) {
    const request = { accountId: id, key: `bench-${from}`, bodyHash: 'bench', orders: orders.slice(from, from + ordersPerWrite) };
    const hosts = { delayMs: 0, allowed: [pages.host] };
    const context = { now: realClock.now(), hosts, mail: { post: async () => {} }, random: realRandom };
    const { outcome } = await state.write((queries) => placeOrders(queries, request, context));
    if (outcome !== 'ordered') throw new Error(`orders were refused: ${outcome}`);
  }
}

function termsOf(host: string, index: number, schedule: Schedule): OrderTerms {
  return {
    title: `Page ${index}`,
    address: `http://${host}/page/${index}`,
    host,
    method: 'GET',
    headers: {},
    schedule,
    extraction: null,
    onlyChanges: false,
    webhook: null,
    mail: false,
    copies: 1,
    instrument: null,
  };
}

export interface Program {
  /** Everything that it said so far, the newest at the end. */
  said(): string;
  readonly child: ChildProcess;
  /** Sends SIGTERM, and waits for its end. */
  stop(): Promise<void>;
}

/** `kontor ARGS` with the token of a person. */
export function startProgram(args: readonly string[], house: { readonly url: string }, { token }: Person): Program {
  const environment = { PATH: process.env.PATH ?? '', KONTOR_URL: house.url, KONTOR_TOKEN: token };
  const child = spawn(process.execPath, [kontor, ...args], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      said = (said + text).slice(-10_000);
    });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    child,
    said: () => said,
    async stop() {
      child.kill('SIGTERM');
      await Promise.race([exited, sleep(endLimitMs, undefined, { ref: false })]);
      child.kill('SIGKILL');
    },
  };
}

export function startMiner(house: { readonly url: string }, miner: Person, pages: PageServer): Program {
  return startProgram(['mine', '--allow', pages.host], house, miner);
}

export interface Delivered {
  readonly results: number;
  readonly delivered: number;
  readonly firstClaimedAt: number;
  readonly lastDeliveredAt: number;
  /** The longest time from due to delivered. */
  readonly slowestMs: number;
}

export async function readDelivered(state: State): Promise<Delivered> {
  const { rows } = await state.read((queries) => deliveredSoFar.execute(queries));
  const row = rows[0] as Delivered;
  return { ...row, results: Number(row.results), delivered: Number(row.delivered) };
}

const deliveredSoFar = sql<Delivered>`select count(*) as results, count(case when outcome = 'delivered' then 1 end) as delivered,
    coalesce(min(claimed_at), 0) as "firstClaimedAt", coalesce(max(delivered_at), 0) as "lastDeliveredAt",
    coalesce(max(delivered_at - due_at), 0) as "slowestMs"
  from errands_result`;

/** Waits until so many runs have a result. `lookEveryMs` is a compromise: each look costs the house something. */
export async function untilResults(
  state: State,
  wanted: number,
  { limitMs, lookEveryMs = 250, program }: { readonly limitMs: number; readonly lookEveryMs?: number; readonly program: Program },
): Promise<Delivered> {
  const untilMs = performance.now() + limitMs;
  for (;;) {
    const found = await readDelivered(state);
    if (found.results >= wanted) return found;
    if (program.child.exitCode !== null) throw new Error(`a program ended: ${program.said()}`);
    if (performance.now() > untilMs)
      throw new Error(`${found.results} of ${wanted} runs have a result after ${limitMs} ms; it said ${program.said()}`);
    await sleep(lookEveryMs);
  }
}

/** `kontor audit` of the books of an embedded house. */
export async function auditBooks({ folder }: BenchHouse): Promise<void> {
  const child = spawn(process.execPath, [kontor, 'audit'], {
    env: { ...process.env, DATA_DIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const said = await Promise.all([text(child.stdout), text(child.stderr)]);
  const code = await exited;
  if (code !== 0) throw new Error(`the audit ended with ${code}: ${said.join('\n').slice(-3_000)}`);
}
