/** Trades from outside over HTTP: all or nothing, once, with an error for every bad line. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { Identity } from '#core/account.ts';
import { maxWaitingEntries, outboxMigrations, removeFrame, takeFrame, waitingEntries } from '#core/outbox.ts';
import type { State } from '#core/ports/state.ts';
import { openSqliteState } from '#engines/state/sqlite.ts';
import { addRoutes } from '#http/route.ts';
import { type ManualClock, manualClock } from '#testkit/clock.ts';
import { silentLog } from '#testkit/log.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { startTestWebServer } from '#testkit/web-server.ts';
import { defaultCompanies, type SimulatedCompany } from '../domain/companies.ts';
import { tradesTopic } from '../domain/settings.ts';
import { decodeTrade, recordBytes, type Trade } from '../domain/trades.ts';
import { keepRequestsMs } from '../store/intake.ts';
import { maxOutsideCompanies, setRetired } from '../store/outside-companies.ts';
import { rememberOutside, rememberSimulation } from '../store/settings.ts';
import { stocksMigrations } from '../store/tables.ts';
import { recordSales } from '../tape.ts';
import { intakeRoutes, maxTradesPerRequest } from './intake-api.ts';

interface World {
  readonly state: State;
  readonly clock: ManualClock;
  post(body: string | Buffer, options?: PostOptions): Promise<{ status: number; headers: Record<string, unknown>; body: Answer }>;
  tape(company: string): Promise<Trade[]>;
}

interface PostOptions {
  readonly key?: string;
  readonly type?: string;
  /** What shows who asks; a publisher's access token if left out. */
  readonly who?: Readonly<Record<string, string>>;
}

interface Answer {
  readonly accepted?: number;
  readonly companies?: readonly object[];
  readonly code?: string;
  readonly detail?: string;
  readonly reason?: { readonly name: string };
  readonly errors?: readonly { field: string; message: string; reason?: { readonly name: string } }[];
}

const account = { id: 'a'.repeat(32), email: 'ada@example.org', name: 'Ada', role: 'admin' } as const;
const member = { ...account, role: 'member' } as const;
const all = ['read', 'write', 'admin', 'trades'] as const;
const identities: Readonly<Record<string, Identity>> = {
  kontor_pat_publisher: { account, kind: 'access-token', id: 't', scopes: ['trades'] },
  kontor_pat_admin: { account, kind: 'access-token', id: 't', scopes: ['read', 'write', 'admin'] },
  kontor_pat_demoted: { account: member, kind: 'access-token', id: 't', scopes: ['trades'] },
  admin: { account, kind: 'session', id: 's', scopes: all },
  member: { account: member, kind: 'session', id: 's', scopes: all },
};
const token = (name: string) => ({ authorization: `Bearer kontor_pat_${name}` });
const cookie = (name: string) => ({ cookie: `kontor_session=${name}` });

async function openWorld(t: TestContext): Promise<World> {
  const clock = manualClock({ flowing: true });
  const state = await openSqliteState({ path: join(temporaryFolder(t), 'state.db'), clock, log: silentLog() });
  t.after(() => state.close());
  await state.migrate([...outboxMigrations, ...stocksMigrations]);
  const owners = { simulated: new Set(['MSFT']), moduleNames: ['shop', 'stocks'] };
  const server = await startTestWebServer(t, {
    limits: { requestsPerMinute: 0 },
    sessions: { demo: true, identify: async ({ secret }) => identities[secret] },
    webs: [{ routes: (scope) => addRoutes(scope, intakeRoutes({ state, clock }, owners)) }],
  });
  let keys = 0;
  const nextKey = () => {
    keys += 1;
    return `test-key-${keys}`;
  };
  return {
    state,
    clock,
    async post(body, { key = nextKey(), type = 'application/x-ndjson', who = token('publisher') } = {}) {
      const headers = { ...who, 'content-type': type, 'idempotency-key': key };
      const response = await server.send('/api/stocks/trades', { method: 'POST', headers, body });
      return { status: response.status, headers: response.headers, body: response.json() };
    },
    async tape(company) {
      const partition = { topic: tradesTopic, partition: company };
      const trades: Trade[] = [];
      for (;;) {
        const frame = await state.write((queries) =>
          takeFrame(queries, partition, undefined, { maxFrameBytes: 1_000_000, maxFrameEntries: 1_000 }),
        );
        if (!frame) return trades;
        assert.equal(frame.body.length, frame.count * recordBytes);
        for (let index = 0; index < frame.count; index += 1) trades.push(decodeTrade(frame.body, index));
        await state.write((queries) => removeFrame(queries, partition, frame.first));
      }
    },
  };
}

const line = (fields: object = {}) => JSON.stringify({ company: 'ACME', side: 'buy', priceCents: 12_345, quantity: 10, ...fields });

describe('POST /api/stocks/trades', () => {
  it('takes trades from whom an admin has named: a token with the scope trades, or the session of an admin', async (t) => {
    const { post, state, tape } = await openWorld(t);
    assert.equal((await post(line(), { who: {} })).status, 401);
    for (const who of [cookie('member'), token('admin'), token('demoted')]) {
      const { status, body } = await post(line(), { who });
      assert.deepEqual([status, body.code], [403, 'forbidden']);
      assert.match(body.detail ?? '', /access tokens with the scope trades, which only an admin can make, and from sessions of admins/);
    }
    assert.equal(await state.read(waitingEntries), 0);
    for (const who of [cookie('admin'), token('publisher')]) assert.equal((await post(line(), { who })).status, 202);
    assert.equal((await tape('ACME')).length, 2);
  });

  it('puts NDJSON lines on the tape in their order, with the present where no time is given', async (t) => {
    const { post, tape, clock } = await openWorld(t);
    const before = clock.now();
    const { status, body } = await post(
      `\uFEFF${line()}\r\n\n${line({ company: 'OTHR', at: before - 5_000 })}\n${line({ side: 'sell', priceCents: 1 })}`,
    );
    assert.equal(status, 202);
    assert.deepEqual(body, {
      accepted: 3,
      companies: [
        { company: 'ACME', count: 2 },
        { company: 'OTHR', count: 1 },
      ],
    });
    const [first, second, ...rest] = await tape('ACME');
    assert.equal(rest.length, 0);
    assert.ok(first && first.at >= before && first.at <= clock.now());
    assert.deepEqual({ ...first, at: 0 }, { side: 'buy', priceCents: 12_345, quantity: 10, at: 0 });
    assert.deepEqual([second?.side, second?.priceCents], ['sell', 1]);
    assert.deepEqual(await tape('OTHR'), [{ side: 'buy', priceCents: 12_345, quantity: 10, at: before - 5_000 }]);
  });

  it('takes a JSON array, as long as other JSON may be', async (t) => {
    const { post, tape } = await openWorld(t);
    const type = 'application/json; charset=utf-8';
    assert.equal((await post(`[${line({ priceCents: 1 })},${line({ priceCents: 2 })}]`, { type })).status, 202);
    assert.deepEqual(
      (await tape('ACME')).map(({ priceCents }) => priceCents),
      [1, 2],
    );
    const tooLong = await post(`[${Array.from({ length: 2_000 }, () => line()).join()}]`, { type });
    assert.deepEqual([tooLong.status, tooLong.body.code], [413, 'too_large']);
    assert.match(tooLong.body.detail ?? '', /at most 65536 bytes as JSON/);
  });

  it('takes one request as large as is allowed', async (t) => {
    const { post, tape } = await openWorld(t);
    const { status, body } = await post(
      Array.from({ length: maxTradesPerRequest }, (_, index) => line({ priceCents: index + 1 })).join('\n'),
    );
    assert.equal(status, 202, JSON.stringify(body));
    assert.deepEqual(
      (await tape('ACME')).map(({ priceCents }) => priceCents),
      Array.from({ length: maxTradesPerRequest }, (_, index) => index + 1),
    );
    const tooMany = await post(`${line()}\n`.repeat(maxTradesPerRequest + 1));
    assert.equal(tooMany.body.code, 'too_large');
  });

  it('names every bad line and what would be right, and stores nothing', async (t) => {
    const { post, state, clock } = await openWorld(t);
    const bad = [
      ['{"company":', /is not JSON/],
      ['7', /must be an object such as/],
      [line({ company: 'acme' }), /company must be a code of 1 to 12 upper-case letters.*, not "acme"$/],
      [line({ company: 7 }), /company must be a code.*, not 7$/],
      [line({ side: 'hold' }), /side must be "buy" or "sell", not "hold"/],
      [line({ priceCents: 1.5 }), /priceCents must be a whole number from 1/],
      [line({ priceCents: '123' }), /priceCents must be a whole number from 1 to 134217727, not "123"/],
      [line({ price: 1.5 }), /a field "price", which a trade does not have/],
      [line({ quantity: 0 }), /quantity must be a whole number from 1/],
      [line({ priceCents: 134_217_727, quantity: 1_000 }), /must not exceed/],
      [line({ at: 1_700_000_000 }), /looks like seconds, multiply by 1000/],
      [line({ at: 946_684_799_999 }), /before the year 2000/],
      [line({ at: clock.now() + 120_000 }), /must not be in the future/],
      [line({ at: null }), /at must be a time in whole milliseconds since 1970, not null/],
    ] as const;
    const { body } = await post(bad.map(([text]) => `${line()}\n${text}`).join('\n'));
    assert.equal(body.code, 'invalid_input');
    assert.match(body.detail ?? '', /^14 of 28 trades are not valid; nothing/);
    assert.equal(body.errors?.length, bad.length);
    bad.forEach(([, expected], index) => {
      assert.equal(body.errors?.[index]?.field, `line ${index * 2 + 2}`);
      assert.match(body.errors?.[index]?.message ?? '', expected);
    });
    assert.equal(await state.read(waitingEntries), 0);
  });

  it('lists the first 100 errors and counts all', async (t) => {
    const { post } = await openWorld(t);
    const { body } = await post(`[${Array.from({ length: 250 }, () => '{}').join()}]`, { type: 'application/json' });
    assert.equal(body.errors?.length, 100);
    assert.equal(body.errors?.[99]?.field, 'trade 100');
    assert.match(body.detail ?? '', /250 of 250/);
  });

  it('refuses a body that is empty, no array, or not UTF-8', async (t) => {
    const { post } = await openWorld(t);
    for (const [body, field] of [
      ['\n', 'body'],
      [Buffer.from([0xff, 0xfe, 0x41]), 'line 1'],
    ] as const) {
      const answer = await post(body);
      assert.equal(answer.body.code, 'invalid_input');
      assert.equal(answer.body.errors?.[0]?.field, field);
    }
    for (const body of ['[]', '{}', '[{]']) assert.equal((await post(body, { type: 'application/json' })).body.code, 'invalid_input');
    assert.equal((await post('x', { type: 'text/csv' })).status, 415);
  });

  it('answers a repeated request as the first time and adds nothing', async (t) => {
    const { post, tape } = await openWorld(t);
    const first = await post(line(), { key: 'again-and-again' });
    const [second, third] = await Promise.all([post(line(), { key: 'again-and-again' }), post(line(), { key: 'again-and-again' })]);
    assert.deepEqual([second.body, third.body], [first.body, first.body]);
    assert.equal(second.headers['idempotency-replayed'], 'true');
    assert.equal((await tape('ACME')).length, 1);
  });

  it('refuses a request without a key, or with a malformed one', async (t) => {
    const { post, state } = await openWorld(t);
    for (const key of ['', 'short', 'with space', 'x'.repeat(201)]) assert.equal((await post(line(), { key })).status, 400, key);
    assert.equal(await state.read(waitingEntries), 0);
  });

  it('refuses a key that was used for another body', async (t) => {
    const { post, tape } = await openWorld(t);
    await post(line(), { key: 'used-before' });
    const { body } = await post(line({ quantity: 11 }), { key: 'used-before' });
    assert.equal(body.code, 'conflict');
    assert.equal(body.errors?.[0]?.field, 'Idempotency-Key');
    assert.equal((await tape('ACME')).length, 1);
  });

  it('does not use the key up when the request was refused', async (t) => {
    const { post, tape } = await openWorld(t);
    assert.equal((await post(line({ company: 'MSFT' }), { key: 'second-try' })).body.code, 'conflict');
    assert.equal((await post(line(), { key: 'second-try' })).status, 202);
    assert.equal((await tape('ACME')).length, 1);
  });

  it('takes companies of the bridge in, though this process would simulate them elsewhere', async (t) => {
    const { post, state, clock } = await openWorld(t);
    await state.write((queries) => rememberOutside(queries, 'MSFT', clock.now()));
    assert.equal((await post(line({ company: 'MSFT' }))).status, 202);
  });

  it('refuses companies that are simulated, and says why', async (t) => {
    const { post, state } = await openWorld(t);
    const { body } = await post(`${line()}\n${line({ company: 'MSFT' })}`);
    assert.equal(body.code, 'conflict');
    assert.equal(body.errors?.[0]?.field, 'line 2');
    assert.match(body.errors?.[0]?.message ?? '', /must equal its recomputation.*use another code, such as MSFT\.X/);
    assert.equal(await state.read(waitingEntries), 0);
  });

  it('refuses instruments of modules, which only their sales are trades of', async (t) => {
    const { post, tape } = await openWorld(t);
    for (const company of ['SHOP.TEA', 'STOCKS.X']) {
      const { status, body } = await post(`${line()}\n${line({ company })}`);
      assert.deepEqual([status, body.errors?.[0]?.field, body.errors?.[0]?.reason?.name], [409, 'line 2', 'company-of-module']);
      assert.match(body.detail ?? '', /line 2: SHOP\.TEA stands for what the module shop sells|line 2: STOCKS\.X/);
      assert.equal((await tape(company)).length, 0);
    }
    for (const company of ['SHOPS', 'BRK.A', 'MY.SHOP.X']) assert.equal((await post(line({ company }))).status, 202, company);
  });

  it('refuses companies that a publisher simulates elsewhere on the same books', async (t) => {
    const { post, state } = await openWorld(t);
    const simulation = { seed: 'test', company: { ...defaultCompanies[0], code: 'OTHER' } as SimulatedCompany, historyTrades: 0 };
    await state.write((queries) => rememberSimulation(queries, simulation, true, 0));
    const { status, body } = await post(line({ company: 'OTHER' }));
    assert.deepEqual([status, body.reason?.name], [409, 'company-simulated']);
  });

  it('leaves room for every sale, however many companies there are', async (t) => {
    const { post, state, tape } = await openWorld(t);
    await post(Array.from({ length: maxOutsideCompanies }, (_, index) => line({ company: `C${index}` })).join('\n'));
    assert.equal((await post(line({ company: 'ONEMORE' }))).status, 409);
    const sale = { instrument: 'SHOP.TEA', priceCents: 600, quantity: 2, at: 7 };
    await state.write((queries) => recordSales(queries, [sale], 8));
    assert.deepEqual(await tape('SHOP.TEA'), [{ side: 'buy', priceCents: 600, quantity: 2, at: 7 }]);
  });

  it('bounds how many companies there are', async (t) => {
    const { post, state } = await openWorld(t);
    const all = Array.from({ length: maxOutsideCompanies }, (_, index) => line({ company: `C${index}` })).join('\n');
    assert.equal((await post(all)).status, 202);
    const { body } = await post(`${line({ company: 'C7' })}\n${line({ company: 'ONEMORE' })}`);
    assert.equal(body.code, 'conflict');
    assert.match(body.detail ?? '', /ONEMORE would be one company too many/);
    assert.equal((await post(line({ company: 'C7' }))).status, 202);
    const retire = (at: number | null) => state.write((queries) => setRetired(queries, 'C8', at));
    await retire(7);
    assert.equal((await post(line({ company: 'ONEMORE' }))).status, 202);
    await assert.rejects(retire(null), /C8 would be one company too many/);
  });

  it('stores neither the key nor a trade when the outbox is full', async (t) => {
    const { post, state, tape } = await openWorld(t);
    const manyCompanies = Array.from({ length: 1_000 }, (_, index) => line({ company: `C${index}` })).join('\n');
    for (let index = 0; index < maxWaitingEntries / 1_000; index += 1) await post(manyCompanies);
    assert.equal((await post(line({ company: 'C0' }), { key: 'when-full' })).body.code, 'overloaded');
    assert.equal((await tape('C0')).length, maxWaitingEntries / 1_000);
    assert.ok((await state.read(waitingEntries)) < maxWaitingEntries);
    const { status, headers } = await post(line({ company: 'C0' }), { key: 'when-full' });
    assert.deepEqual([status, headers['idempotency-replayed']], [202, undefined]);
  });

  it('forgets keys after their time', async (t) => {
    const { post, clock, tape } = await openWorld(t);
    const at = clock.now();
    await post(line({ at }), { key: 'long-forgotten' });
    clock.setNow(at + keepRequestsMs + 60_000);
    await post(line(), { key: 'another-day' });
    const { headers } = await post(line({ at }), { key: 'long-forgotten' });
    assert.equal(headers['idempotency-replayed'], undefined);
    assert.equal((await tape('ACME')).length, 3);
  });
});
