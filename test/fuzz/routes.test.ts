/** Every route of the house with requests generated from its OpenAPI document: no 5xx, no crash, and no refusal that changes data. */
import assert from 'node:assert/strict';
import { createHash, randomInt } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { openAccount } from '#drill/load/sign-up.ts';
import { type House, openHouse } from '#house/house.ts';
import { openMetrics } from '#house/metrics.ts';
import { modules } from '#house/modules.ts';
import { processHolder } from '#house/process-holder.ts';
import { readHouseConfig } from '#house/read-config.ts';
import { realClock } from '#house/real-clock.ts';
import { realRandom } from '#house/real-random.ts';
import { audit } from '#house/visit.ts';
import type { ApiDocument } from '#http/openapi.ts';
import { silentLog } from '#testkit/log.ts';
import { rounds } from '#testkit/rounds.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { type Known, type MadeRequest, operationsOf, requestsFor } from './requests-from-document.ts';

/** Requests to a route in one round. */
const runs = 4;
const seed = Number(process.env.KONTOR_TEST_SEED ?? randomInt(1_000_000));
const roles = ['front', 'flights-web', 'stocks-aggregator', 'relay'];
const password = 'correct horse battery staple';

/** Tables that a refused request or the house itself may write: attempts and events, last-seen times, periodic work. */
const housekeeping =
  /^(kontor_|sqlite_|result_|lease|law_verdict|presence|house_event|overview_|person_attempts|person_event|person_session|person_access_token|signing_key|outbox|stream_head|coins_tail|coins_account|shop_refund$|shop_request|flights_setting|flights_key|flights_emitted)/;

/** Readiness may answer 503. The last route would revoke all tokens. */
const spared = new Set(['GET /ready', 'GET /readyz', 'POST /api/people/signing-keys/replace']);

interface Visitor {
  readonly name: 'stranger' | 'member' | 'admin';
  cookie: string;
}

describe(`fuzz, seed ${seed}`, () => {
  const cleanups: (() => void | Promise<void>)[] = [];
  const folder = temporaryFolder({ after: (work) => void cleanups.push(work) });
  const { config } = readHouseConfig({
    environment: {
      PORT: '0',
      DATA_DIR: folder,
      STOCK: 'MSFT',
      RATE_LIMIT_PER_MINUTE: '0',
      STOCKS_HISTORY_MINUTES: '0',
      SHOP_DEMO_GOODS: 'off',
      FLIGHTS_DEMO_TIMETABLE: 'off',
    },
    flags: new Map(),
  });
  const visitors: readonly Visitor[] = [
    { name: 'stranger', cookie: '' },
    { name: 'member', cookie: '' },
    { name: 'admin', cookie: '' },
  ];
  let house: House;
  let books: DatabaseSync;
  let document: ApiDocument;
  let known: Known;

  before(async () => {
    house = await openHouse({
      config,
      modules,
      roles,
      metrics: openMetrics(),
      signal: new AbortController().signal,
      basics: { clock: realClock, random: realRandom, holder: processHolder(), log: silentLog() },
    });
    void house.failed.then((failure) => assert.fail(`the house failed: ${failure.message}`));
    books = new DatabaseSync(join(folder, 'kontor.db'));
    books.exec('pragma busy_timeout = 10000');
    for (const visitor of visitors) if (visitor.name !== 'stranger') await signUp(visitor);
    stockTheShop();
    document = (await (await fetch(`${house.url}/api/openapi.json`)).json()) as ApiDocument;
    known = await whatExists();
  });

  after(async () => {
    const soon = AbortSignal.timeout(10_000);
    await house.stop(soon, soon);
    books.close();
    for (const cleanup of cleanups.reverse()) await cleanup();
  });

  async function send({ method, path, headers, body }: MadeRequest, cookie: string): Promise<Response> {
    const init: RequestInit = { method, headers: { ...headers, ...(cookie === '' ? {} : { cookie }) }, redirect: 'manual' };
    return fetch(house.url + path, body === undefined || method === 'GET' ? init : { ...init, body });
  }

  async function json(method: string, path: string, body: unknown, cookie = ''): Promise<Response> {
    return send({ method, path, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }, cookie);
  }

  async function signUp(visitor: Visitor): Promise<void> {
    const { name } = visitor;
    visitor.cookie = (await openAccount(house.url, { email: `${name}@example.org`, name, password })).cookie;
    if (visitor.name === 'admin') promote();
  }

  function promote(): void {
    books.prepare(`update person set role = 'admin' where email = 'admin@example.org'`).run();
  }

  function stockTheShop(): void {
    books.prepare(`insert into shop_category values ('tea', 'Tea', 'SHOP.TEA', 700, 0) on conflict do nothing`).run();
  }

  /** Logs in again after a request that logged the visitor out or removed the role, so that later requests are authorised. */
  async function restore(visitor: Visitor): Promise<void> {
    if (visitor.name === 'stranger') return;
    if (visitor.name === 'admin') promote();
    books.exec('delete from person_attempts');
    const me = await send({ method: 'GET', path: '/api/people/me/sessions', headers: {}, body: undefined }, visitor.cookie);
    if (me.status === 200) return;
    const login = await json('POST', '/api/people/login', { email: `${visitor.name}@example.org`, password });
    if (login.status === 200) visitor.cookie = cookieOf(login);
  }

  async function whatExists(): Promise<Known> {
    const [, member, admin] = visitors;
    assert.ok(member && admin);
    await json(
      'PUT',
      '/api/shop/admin/products/fuzz-tea',
      {
        category: 'tea',
        name: 'Fuzz Tea',
        description: '',
        keywords: '',
        active: true,
        variants: [{ id: 'FUZZ-1', name: 'one', price: 2, active: true }],
      },
      admin.cookie,
    );
    await json('POST', '/api/shop/admin/stock/FUZZ-1/receipts', { pieces: 1_000, reason: 'fuzz' }, admin.cookie);
    await json('POST', '/api/coins/faucet', {}, member.cookie);
    await json('PUT', '/api/shop/cart/lines/FUZZ-1', { quantity: 1 }, member.cookie);
    const shipTo = { name: 'A', street: 'B 1', postcode: '1', city: 'C', country: 'DE' };
    const checkout = await send(
      {
        method: 'POST',
        path: '/api/shop/checkout',
        body: JSON.stringify({ payment: 'provider', expectedTotal: 2, shipTo }),
        headers: { 'content-type': 'application/json', 'idempotency-key': 'fuzz-order' },
      },
      member.cookie,
    );
    assert.equal(checkout.status, 201, await checkout.clone().text());
    const order = (await checkout.json()) as { id: string; accountId: string };
    return {
      id: ['fuzz-tea', 'FUZZ-1', order.id, order.accountId],
      code: ['MSFT', 'MOIN'],
      account: [`wallet:${order.accountId}`, 'house:mint'],
      category: ['tea'],
      variantId: ['FUZZ-1'],
      expectedTotal: [2, 4],
      email: ['member@example.org'],
      'idempotency-key': ['fuzz-order', 'fuzz-other-key'],
    };
  }

  /** A digest of all rows that only an accepted request may change. */
  function digest(): string {
    const names = books.prepare(`select name from sqlite_schema where type = 'table' order by name`).all() as { name: string }[];
    const hash = createHash('sha256');
    for (const { name } of names) {
      if (housekeeping.test(name)) continue;
      hash.update(name);
      for (const row of books.prepare(`select * from "${name}"`).all()) hash.update(JSON.stringify(row));
    }
    return hash.digest('hex');
  }

  for (const visitorName of ['stranger', 'member', 'admin'] as const) {
    it(`withstands a ${visitorName} on every route`, async (t) => {
      const visitor = visitors.find(({ name }) => name === visitorName);
      assert.ok(visitor);
      const statuses: Record<number, number> = {};
      const failures: string[] = [];
      await rounds(t, { what: `rounds of ${runs} requests to each route`, seconds: 5, slowestRoundSeconds: 12 }, async (round) => {
        for (const documented of operationsOf(document)) {
          const name = `${documented.method} ${documented.path}`;
          if (spared.has(name)) continue;
          await restore(visitor);
          await fc
            .assert(
              fc.asyncProperty(requestsFor(documented, document, known), async (request) => {
                const before = digest();
                const answer = await send(request, visitor.cookie);
                const text = await answer.text();
                statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
                assert.ok(answer.status < 500, `${name} as ${visitorName}: ${answer.status} ${text.slice(0, 500)}`);
                if (answer.status >= 400) {
                  assert.match(answer.headers.get('content-type') ?? '', /problem\+json/, `${name}: ${text.slice(0, 200)}`);
                  assert.equal(digest(), before, `${name} as ${visitorName} was refused with ${answer.status}, and yet changed the books`);
                }
              }),
              { numRuns: runs, seed: seed + round, endOnFailure: true },
            )
            .catch((error: Error) =>
              failures.push(`${error.message.slice(0, 1_500)}\n${(error.cause as Error | undefined)?.message ?? ''}`),
            );
        }
      });
      t.diagnostic(`answers by status: ${JSON.stringify(statuses)}`);
      assert.equal(failures.length, 0, failures.join('\n\n'));
      assert.ok((statuses[200] ?? 0) > 0, 'some requests got through');
    });
  }

  it('leaves balanced books and a running house', async () => {
    assert.equal((await fetch(`${house.url}/healthz`)).status, 200);
    const verdicts = await audit(config);
    assert.deepEqual(
      verdicts.flatMap(({ violations }) => violations),
      [],
    );
  });
});

function cookieOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}
