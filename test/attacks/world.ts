/**
 * A running house for attacks, asked over real HTTP. Its State is a SQLite file, or a database of its own on a PostgreSQL server
 * where KONTOR_TEST_STATE is `postgres`. People are put into the books directly, so that no test waits for passwords.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after } from 'node:test';
import type { Account, AccountRole, Scope as TokenScope } from '#core/account.ts';
import { auditLaws } from '#core/laws/audit.ts';
import type { Scope } from '#core/laws/law.ts';
import type { State } from '#core/ports/state.ts';
import { type Basics, openState } from '#house/engines.ts';
import { type House, openHouse } from '#house/house.ts';
import { openMetrics } from '#house/metrics.ts';
import { modules } from '#house/modules.ts';
import { processHolder } from '#house/process-holder.ts';
import { readHouseConfig } from '#house/read-config.ts';
import { realClock } from '#house/real-clock.ts';
import { realRandom } from '#house/real-random.ts';
import { type LawVerdict, visit } from '#house/visit.ts';
import { houseAccounts, openAccount, post, walletOf } from '#modules/coins/post.ts';
import { openPasswords } from '#modules/people/engines/argon2.ts';
import { addAccount } from '#modules/people/store/accounts/accounts.ts';
import { openSession } from '#modules/people/store/sessions/sessions.ts';
import { type RecordingLog, recordingLog } from '#testkit/log.ts';
import { type Cleanup, temporaryFolder } from '#testkit/temporary-folder.ts';
import { type Answer, sendTo } from '#testkit/web-server.ts';
import { withClient } from '../engines/postgres-database.ts';
import { engineFor } from '../engines/require-engine.ts';

/** Of everybody in the books of a world. */
export const password = 'correct horse battery staple';

export interface Person {
  readonly account: Account;
  /** The cookie of a session, such as `kontor_session=…`. */
  readonly cookie: string;
}

interface Asked {
  /** Whose session asks; a stranger if left out. */
  readonly as?: Person | undefined;
  /** An access token instead. */
  readonly token?: string | undefined;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is. */
  readonly text?: string | Buffer;
  /** Of Idempotency-Key. */
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface World {
  readonly house: House;
  readonly url: string;
  readonly port: number;
  readonly state: State;
  readonly log: RecordingLog;
  ask(method: string, path: string, asked?: Asked): Promise<Answer>;
  /** Somebody with an account, a session and so many coins. */
  person(name: string, options?: { readonly role?: AccountRole; readonly coins?: number }): Promise<Person>;
  /** A new access token of a person. */
  token(person: Person, scopes: readonly TokenScope[]): Promise<string>;
  /** Checks every law, on all of the books if not said otherwise. */
  audit(scope?: Scope): Promise<readonly LawVerdict[]>;
}

interface WorldOptions {
  readonly roles?: readonly string[];
  /** Options of the house beside those of every world. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Every role that answers requests. */
export const answeringRoles = [
  'people',
  'coins',
  'shop-api',
  'stocks-intake',
  'stocks-liveview',
  'flights-web',
  'errands-api',
  'errands-desk',
  'errands-delivery',
  'overview',
] as const;

/** What is registered here is done in the end, the last first. */
function lastFirst(t: Cleanup): Cleanup {
  const works: (() => void | Promise<void>)[] = [];
  t.after(async () => {
    for (const work of works.reverse()) await work();
  });
  return { after: (work) => void works.push(work) };
}

/** What is registered while a suite runs is done after it, the last first: to be called where the suite is described. */
export function suiteCleanup(): Cleanup {
  return lastFirst({ after });
}

const sessionRules = { idleMs: 3_600_000, longestMs: 86_400_000 } as const;

export async function openWorld(t: Cleanup, { roles = answeringRoles, environment = {} }: WorldOptions = {}): Promise<World> {
  // The house stops before its database and its folder go.
  const cleanup = lastFirst(t);
  const { config } = readHouseConfig({
    environment: {
      DATA_DIR: join(temporaryFolder(cleanup), 'data'),
      ...(await emptyState(cleanup)),
      PORT: '0',
      RATE_LIMIT_PER_MINUTE: '0',
      STOCKS_HISTORY_MINUTES: '0',
      SHOP_DEMO_GOODS: 'off',
      FLIGHTS_DEMO_TIMETABLE: 'off',
      ...environment,
    },
    flags: new Map(),
  });
  const log = recordingLog();
  const basics: Basics = { clock: realClock, random: realRandom, holder: processHolder(), log };
  const signal = new AbortController().signal;
  const house = await openHouse({ config, modules, roles, metrics: openMetrics(), signal, basics });
  const state = await openState(config, basics, { mustExist: true });
  cleanup.after(async () => {
    const soon = AbortSignal.timeout(10_000);
    await house.stop(soon, soon);
    await state.close();
  });
  void house.failed.then((failure) => assert.fail(`the house failed: ${failure.message}`));
  const port = Number(new URL(house.url).port);
  const books = peopleOf(state);
  const ask = (method: string, path: string, asked: Asked = {}) => sendTo(port, path, { method, ...requestOf(asked) });
  return {
    house,
    url: house.url,
    port,
    state,
    log,
    ask,
    person: books,
    async token(person, scopes) {
      const made = await ask('POST', '/api/people/me/access-tokens', { as: person, body: { name: 'attack', scopes, days: 1 } });
      assert.equal(made.status, 201, made.text);
      return made.json().token;
    },
    audit: (scope = 'all') =>
      visit(config, { mustExist: true }, (engines, visited, { laws }) =>
        auditLaws({ laws, books: { ...visited, ...engines }, scope, timeoutMs: 60_000 }),
      ),
  };
}

function requestOf({ as, token, body, text, key, headers }: Asked) {
  return {
    headers: {
      ...(as === undefined ? {} : { cookie: as.cookie }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
      ...headers,
    },
    ...(body === undefined && text === undefined ? {} : { body: text ?? JSON.stringify(body) }),
  };
}

/** Of little work: the cost is written in each hash, and nobody attacks these. */
const hashed = () => openPasswords({ cost: { memoryCost: 8, timeCost: 1, parallelism: 1 } }).hash(password);
let hash: Promise<string> | undefined;

function peopleOf(state: State): World['person'] {
  return async (name, { role = 'member', coins = 0 } = {}) => {
    hash ??= hashed();
    const passwordHash = await hash;
    return state.write(async (queries) => {
      const now = realClock.now();
      const account = await addAccount(queries, realRandom, { email: `${name}@example.org`, name, role, passwordHash }, now);
      assert.ok(account, `there is a ${name} already`);
      const from = { address: '127.0.0.1', agent: '' };
      const { secret } = await openSession(queries, realRandom, { personId: account.id, now, rules: sessionRules, from });
      await openAccount(queries, { owner: account.id, kind: 'wallet', mode: 'strict' });
      if (coins > 0) {
        const transfer = { scope: 'attack', key: `gift-${name}`, kind: 'transfer', amount: coins, at: now } as const;
        await post(queries, [{ ...transfer, debit: houseAccounts.mint, credit: walletOf(account.id) }]);
      }
      return { account, cookie: `kontor_session=${secret}` };
    });
  };
}

/** Its status, and why it refused. */
export function reasonOf({ status, json }: Answer): readonly [number, string] {
  return [status, json().reason.name];
}

let databases = 0;

/** STATE_URL of an empty database that is dropped in the end; nothing for SQLite. */
async function emptyState(t: Cleanup): Promise<Readonly<Record<string, string>>> {
  if (process.env.KONTOR_TEST_STATE !== 'postgres') return {};
  const server = await engineFor('postgres');
  if (server.skip !== false) throw new Error(server.skip);
  databases += 1;
  const name = `kontor_attacks_${process.pid}_${databases}`;
  const command = (text: string) => withClient(server.url, async (client) => void (await client.query(text)));
  await command(`create database ${name}`);
  t.after(() => command(`drop database ${name} with (force)`));
  return { STATE_URL: server.url.replace(/\/[^/]*$/, `/${name}`) };
}
