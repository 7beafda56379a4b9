/** A house of people for tests: the role `people` behind a web server on a State of the test's choice, and clients with cookie jars. */
import assert from 'node:assert/strict';
import type { IncomingHttpHeaders } from 'node:http';
import type { KyselyPlugin } from 'kysely';
import type { Farewell } from '#core/farewell.ts';
import { leaseMigrations } from '#core/lease.ts';
import type { KeptLetter } from '#core/ports/mail.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { Queries, State } from '#core/ports/state.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { mailMigrations } from '#engines/mail/letters-table.ts';
import { openOutboxMail } from '#engines/mail/outbox.ts';
import type { WebServerOptions } from '#http/server.ts';
import { type ManualClock, manualClock } from '#testkit/clock.ts';
import { processHolder } from '#testkit/holder.ts';
import { type RecordingLog, recordingLog } from '#testkit/log.ts';
import { silentMetrics } from '#testkit/metrics.ts';
import { testSecrets } from '#testkit/seal.ts';
import type { Cleanup } from '#testkit/temporary-folder.ts';
import { type Answer, startTestWebServer, type TestWebServer } from '#testkit/web-server.ts';
import { fromBase32 } from '../domain/secrets.ts';
import { stepAt, totpCode } from '../domain/totp.ts';
import { openPasswords } from '../engines/argon2.ts';
import { peopleRole } from '../roles/people.ts';
import type { AdminPassword } from '../store/accounts/admin.ts';
import { identifyFrom } from '../store/sessions/identify.ts';
import { peopleMigrations } from '../store/tables.ts';

export const goodPassword = 'correct horse battery';
const hourMs = 3_600_000;
export const sessionRules = {
  member: { idleMs: hourMs, longestMs: 10 * hourMs },
  admin: { idleMs: hourMs / 2, longestMs: 5 * hourMs },
} as const;

export interface PeopleHouse {
  readonly clock: ManualClock;
  readonly log: RecordingLog;
  readonly state: State;
  readonly server: TestWebServer;
  /** What the first start said. */
  readonly announced: readonly AdminPassword[];
  /** Passwords compared with a hash so far. */
  verifications(): number;
  /** Statements sent to the State so far. */
  statements(): number;
  /** Another process on the same books, with the same clock. */
  second(options?: HouseOptions): Promise<PeopleHouse>;
  visitor(address?: string): Visitor;
  /** Newest first. */
  letters(): Promise<readonly KeptLetter[]>;
  /** The newest. */
  letterTo(email: string): Promise<KeptLetter>;
  /** Moves the clock in one step: what the module does by itself in between is skipped. */
  later(ms: number): void;
  /** Somebody with an account, logged in. */
  member(email: string): Promise<Visitor>;
  admin(): Promise<Visitor>;
}

export interface HouseOptions {
  readonly demo?: boolean;
  readonly clock?: ManualClock;
  readonly seed?: number;
  /** Links in letters begin with the host that was asked for. */
  readonly linksByHost?: boolean;
  readonly adminsNeedSecondFactor?: boolean;
  readonly farewells?: readonly Farewell[];
}

/** The State must be empty at first; the test that opened it closes it. */
export async function openPeopleHouse(t: Cleanup, given: State, options: HouseOptions = {}): Promise<PeopleHouse> {
  const { demo = true, clock = manualClock(), seed = 1, linksByHost = false, adminsNeedSecondFactor = false } = options;
  const rules = { ...sessionRules, adminsNeedSecondFactor };
  await given.migrate([...leaseMigrations, ...mailMigrations, ...peopleMigrations]);
  const log = recordingLog();
  const random = seededRandom(seed);
  const counted = countingState(given);
  const mail = openOutboxMail({ clock, random });
  const basics = { clock, random, log, holder: processHolder(`people-${seed}`), metrics: silentMetrics() };
  const ports = { ...basics, state: counted.state, mail, secrets: testSecrets() };
  const hashing = countingHashing();
  const announced: AdminPassword[] = [];
  const role = peopleRole({
    sessionRules: rules,
    adminEmail: 'admin@localhost',
    publicOrigin: linksByHost ? undefined : 'https://kontor.example',
    linksByRequest: linksByHost,
    farewells: options.farewells ?? [],
    announce: (admin) => announced.push(admin),
    passwords: openPasswords({ load: async () => hashing, maxWaiting: 500 }),
  });
  const service = await role.start({ ports: ports as unknown as Ports, fail: (error) => assert.fail(String(error)) });
  t.after(() => service.stop());
  const sessions: WebServerOptions['sessions'] = { identify: identifyFrom(ports, rules), demo };
  const webs = service.web ? [service.web] : [];
  const server = await startTestWebServer(t, { webs, sessions, clock, trustedProxies: ['127.0.0.1'], limits: { requestsPerMinute: 0 } });

  const house: PeopleHouse = {
    clock,
    log,
    state: given,
    server,
    announced,
    verifications: () => hashing.verifications,
    statements: counted.statements,
    second: (others = {}) => openPeopleHouse(t, given, { demo, clock, seed: seed + 1, ...others }),
    visitor: (address = '198.51.100.1') => new Visitor(server, address),
    letters: () => given.read(async (queries) => (await mail.kept?.(queries, 100)) ?? []),
    async letterTo(email) {
      const letter = (await house.letters()).find(({ to }) => to === email.toLowerCase());
      assert.ok(letter, `no letter to ${email}`);
      return letter;
    },
    later: (ms) => clock.setNow(clock.now() + ms),
    async member(email) {
      const visitor = house.visitor();
      assert.equal((await visitor.post('/api/people/sign-up', { email, name: 'Ada' })).status, 202);
      const token = linkToken(await house.letterTo(email));
      const opened = await visitor.post('/api/people/sign-up/confirm', { token, password: goodPassword });
      assert.equal(opened.status, 201, opened.text);
      // So that what comes next is newer.
      house.later(1);
      return visitor;
    },
    async admin() {
      const visitor = house.visitor();
      const [first] = announced;
      assert.ok(first, 'no admin was announced by this house');
      assert.equal((await visitor.post('/api/people/login', { ...first })).status, 200);
      return visitor;
    },
  };
  return house;
}

/** What stands behind the # of the letter's link. */
export function linkToken({ text }: KeptLetter): string {
  const token = /#([0-9a-f]{64})$/m.exec(text)?.[1];
  assert.ok(token, 'the letter has no link');
  return token;
}

/** The authenticator's code at this moment. */
export function codeNow(otpauthUrl: string, clock: ManualClock): string {
  const secret = new URL(otpauthUrl).searchParams.get('secret') ?? '';
  return totpCode(fromBase32(secret), stepAt(clock.now()));
}

/** A browser's worth of a client: keeps its cookies, and comes from an address of its own. */
export class Visitor {
  readonly #server: TestWebServer;
  readonly #address: string;
  /** Of the session, with its name. */
  cookie: string | undefined;
  /** Of the device, with its name: it stays when the session ends. */
  device: string | undefined;
  headers: Record<string, string> = {};

  constructor(server: TestWebServer, address: string) {
    this.#server = server;
    this.#address = address;
  }

  get(path: string): Promise<Answer> {
    return this.send('GET', path);
  }

  post(path: string, body?: object): Promise<Answer> {
    return this.send('POST', path, body);
  }

  async send(method: string, path: string, body?: object): Promise<Answer> {
    const headers: Record<string, string> = { 'x-forwarded-for': this.#address, ...this.headers };
    const cookies = [this.cookie, this.device].filter((cookie) => cookie !== undefined);
    if (cookies.length > 0) headers.cookie = cookies.join('; ');
    if (body !== undefined) headers['content-type'] = 'application/json';
    const answer = await this.#server.send(path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    this.#keepCookie(answer.headers);
    return answer;
  }

  async whoAmI(): Promise<{ email: string; role: string; id: string; name: string } | null> {
    return (await this.get('/api/people/me')).json().account;
  }

  #keepCookie(headers: IncomingHttpHeaders): void {
    for (const cookie of headers['set-cookie'] ?? []) {
      const [pair = ''] = cookie.split(';');
      if (pair.includes('kontor_device=')) this.device = pair;
      else this.cookie = pair.endsWith('=') ? undefined : pair;
    }
  }
}

/** Instant, and counted: what takes time in argon2 is counted here. */
function countingHashing() {
  return {
    verifications: 0,
    async hash(password: string) {
      return `test:${Buffer.from(password).toString('base64')}`;
    },
    async verify(stored: string, password: string) {
      this.verifications += 1;
      return stored === (await this.hash(password));
    },
  };
}

function countingState(state: State): { state: State; statements(): number } {
  let statements = 0;
  const plugin: KyselyPlugin = {
    transformQuery({ node }) {
      statements += 1;
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  const counting = (queries: Queries) => queries.withPlugin(plugin);
  return {
    statements: () => statements,
    state: {
      ...boundState(state),
      read: (work) => state.read((queries) => work(counting(queries))),
      write: (work) => state.write((queries) => work(counting(queries))),
    },
  };
}

/** Engines are classes: their methods stay with their own object. */
function boundState(state: State): State {
  return {
    can: state.can,
    read: (work) => state.read(work),
    write: (work) => state.write(work),
    migrate: (migrations) => state.migrate(migrations),
    pending: (migrations) => state.pending(migrations),
    onChange: (listener) => state.onChange(listener),
    ping: () => state.ping(),
    close: () => state.close(),
  };
}
