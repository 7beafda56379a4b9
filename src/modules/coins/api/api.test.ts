/** The coins' routes: one's own wallet and nobody else's, coins sent once, and what only admins may do. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { Account } from '#core/account.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { RoleContext } from '#core/role.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { openSqliteState } from '#engines/state/sqlite.ts';
import { addAccount, closedEmail } from '#modules/people/store/accounts/accounts.ts';
import { type PeopleTables, peopleMigrations } from '#modules/people/store/tables.ts';
import { manualClock } from '#testkit/clock.ts';
import { silentLog } from '#testkit/log.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { startTestWebServer } from '#testkit/web-server.ts';
import { houseAccounts, placeHold, walletOf } from '../post.ts';
import { coinsRole } from '../roles/coins.ts';
import { coinsMigrations } from '../store/tables.ts';

const dayMs = 86_400_000;

interface Options {
  readonly demo?: boolean;
  readonly faucetCoins?: number;
}

/** A house of anna, bert and an admin; each request says who makes it. */
async function openWorld(t: TestContext, { demo = true, faucetCoins = 100 }: Options = {}) {
  const clock = manualClock();
  const random = seededRandom(7);
  const cleanups: (() => Promise<void>)[] = [];
  t.after(async () => {
    for (const clean of cleanups.reverse()) await clean();
  });
  const state = await openSqliteState({ path: join(temporaryFolder(t), 'kontor.db'), clock, log: silentLog() });
  cleanups.push(() => state.close());
  await state.migrate([...peopleMigrations, ...coinsMigrations]);
  const accounts = new Map<string, Account>();
  for (const [name, role] of [
    ['anna', 'member'],
    ['bert', 'member'],
    ['admin', 'admin'],
  ] as const) {
    const account = await state.write((queries) =>
      addAccount(queries, random, { email: `${name}@kontor.example`, name, role, passwordHash: 'none' }, clock.now()),
    );
    assert.ok(account);
    accounts.set(name, account);
  }
  const ports = { state, clock, random, log: silentLog() } as unknown as Ports;
  const role = await coinsRole({ faucetCoins }).start({ ports } as RoleContext);
  cleanups.push(() => role.stop());
  const server = await startTestWebServer(t, {
    webs: role.web ? [role.web] : [],
    sessions: {
      demo,
      async identify({ secret }) {
        const account = accounts.get(secret);
        return account && { account, kind: 'session', id: secret, scopes: ['read', 'write', 'admin'] };
      },
    },
  });
  let requests = 0;
  const newKey = () => {
    requests += 1;
    return `request-${requests}`;
  };
  const cookie = (who: string) => ({ cookie: `kontor_session=${who}` });
  return {
    clock,
    state,
    id: (name: string) => accounts.get(name)?.id ?? '',
    get: (who: string, path: string) => server.send(path, { headers: cookie(who) }),
    post(who: string, path: string, body?: object, key = newKey()) {
      const headers = body ? { ...cookie(who), 'content-type': 'application/json', 'idempotency-key': key } : cookie(who);
      return server.send(path, { method: 'POST', headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    },
  };
}

describe('the routes of the coins', () => {
  it('are for those who are logged in', async (t) => {
    const { get, post } = await openWorld(t);
    for (const path of ['wallet', 'statement', 'statement.csv', 'holds', 'house'])
      assert.equal((await get('nobody', `/api/coins/${path}`)).status, 401, path);
    assert.equal((await post('nobody', '/api/coins/transfers', { to: '0'.repeat(32), amount: 1 })).status, 401);
    assert.equal((await post('nobody', '/api/coins/faucet')).status, 401);
  });

  it('tell what is set aside, and for whom', async (t) => {
    const { clock, get, id, post, state } = await openWorld(t);
    assert.deepEqual((await get('anna', '/api/coins/holds')).json(), { holds: [], next: null });
    await post('anna', '/api/coins/faucet');
    const expiresAt = clock.now() + 1_000;
    const hold = {
      scope: 'test',
      key: 'errand-1',
      payer: walletOf(id('anna')),
      payee: houseAccounts.escrow,
      amount: 30,
      memo: 'an errand',
    };
    await state.write((queries) => placeHold(queries, { ...hold, at: clock.now(), expiresAt }));
    const { holds } = (await get('anna', '/api/coins/holds')).json();
    assert.deepEqual(holds, [{ payee: houseAccounts.escrow, amount: 30, memo: 'an errand', placedAt: clock.now(), expiresAt }]);
    assert.deepEqual((await get('bert', '/api/coins/holds')).json(), { holds: [], next: null });
  });

  it('send coins once for each key, however often they are asked to', async (t) => {
    const { get, post, id } = await openWorld(t);
    assert.equal((await post('anna', '/api/coins/faucet')).status, 200);
    const body = { to: id('bert'), amount: 30, memo: 'for the “Kogge”' };
    const first = await post('anna', '/api/coins/transfers', body, 'the-one-key');
    assert.deepEqual([first.status, first.json()], [200, { repeated: false, amount: 30, available: 70 }]);
    assert.deepEqual((await post('anna', '/api/coins/transfers', body, 'the-one-key')).json(), {
      repeated: true,
      amount: 30,
      available: 70,
    });
    const other = await post('anna', '/api/coins/transfers', { ...body, amount: 31 }, 'the-one-key');
    assert.deepEqual([other.status, other.json().errors[0].field], [409, 'idempotency-key']);
    assert.deepEqual((await get('bert', '/api/coins/wallet')).json(), {
      account: id('bert'),
      coins: 30,
      held: 0,
      available: 30,
      faucet: true,
      faucetCoins: 100,
      faucetAt: null,
    });
    const [sent] = (await get('anna', '/api/coins/statement?key=the-one-key')).json().entries;
    assert.deepEqual([sent.amount, sent.memo], [-30, body.memo]);
    assert.deepEqual((await get('anna', '/api/coins/statement?key=another-key')).json().entries, []);
    assert.deepEqual((await get('bert', '/api/coins/statement?key=the-one-key')).json().entries, [], 'a key is its sender’s');
    const [entry] = (await get('bert', '/api/coins/statement')).json().entries;
    assert.deepEqual([entry.amount, entry.balance, entry.counterparty, entry.memo], [30, 30, `wallet:${id('anna')}`, body.memo]);
  });

  it('refuse what is not there, to nobody, to oneself, and bad fields by name; nothing moves', async (t) => {
    const { get, post, id } = await openWorld(t);
    await post('anna', '/api/coins/faucet');
    const sent = async (body: object) => {
      const answer = await post('anna', '/api/coins/transfers', body);
      return [answer.status, answer.json().errors[0]?.field];
    };
    assert.deepEqual(await sent({ to: id('bert'), amount: 101 }), [409, 'amount']);
    assert.equal((await post('bert', '/api/coins/transfers', { to: id('anna'), amount: 1 })).json().code, 'conflict');
    assert.deepEqual(await sent({ to: '0'.repeat(32), amount: 1 }), [404, 'to']);
    assert.deepEqual(await sent({ to: id('anna'), amount: 1 }), [400, 'to']);
    assert.deepEqual(await sent({ to: id('bert'), amount: 0 }), [400, 'amount']);
    assert.deepEqual(await sent({ to: id('bert'), amount: 1.5 }), [400, 'amount']);
    assert.deepEqual(await sent({ to: id('bert'), amount: 1, memo: 'two\nlines' }), [400, 'memo']);
    assert.equal((await get('anna', '/api/coins/wallet')).json().coins, 100);
  });

  it('pay nobody who closed the account, also not where it was open a moment ago; what was sent before is answered the same', async (t) => {
    const { get, id, post, state } = await openWorld(t);
    await post('anna', '/api/coins/faucet');
    const body = { to: id('bert'), amount: 10 };
    assert.equal((await post('anna', '/api/coins/transfers', body, 'while-it-was-open')).status, 200);
    const close = (account: string) =>
      state.write((queries) =>
        queries
          .withTables<PeopleTables>()
          .updateTable('person')
          .set({ email: closedEmail(account) })
          .where('id', '=', account)
          .execute(),
      );
    await close(id('bert'));
    const refused = await post('anna', '/api/coins/transfers', body);
    assert.deepEqual([refused.status, refused.json().errors[0]?.field, refused.json().reason.name], [404, 'to', 'no-receiver']);
    const granted = await post('admin', '/api/coins/grants', { account: id('bert'), amount: 5, reason: 'Founding capital' });
    assert.deepEqual([granted.status, granted.json().errors[0]?.field], [404, 'account']);
    assert.equal((await post('anna', '/api/coins/transfers', body, 'while-it-was-open')).json().repeated, true);
    assert.equal((await get('anna', '/api/coins/wallet')).json().coins, 90);
    // The admin has no wallet yet.
    await close(id('admin'));
    assert.equal((await post('anna', '/api/coins/transfers', { to: id('admin'), amount: 1 })).status, 404);
  });

  it('give coins for nothing once a day, in a demonstration only', async (t) => {
    const { clock, get, post } = await openWorld(t);
    assert.deepEqual((await post('anna', '/api/coins/faucet')).json(), { repeated: false, amount: 100, available: 100 });
    assert.equal((await post('anna', '/api/coins/faucet')).status, 409);
    const used = (await get('anna', '/api/coins/wallet')).json();
    assert.deepEqual([used.faucet, used.faucetCoins, used.faucetAt], [true, 100, (Math.floor(clock.now() / dayMs) + 1) * dayMs]);
    assert.equal((await post('bert', '/api/coins/faucet')).status, 200);
    clock.setNow(clock.now() + dayMs);
    assert.equal((await post('anna', '/api/coins/faucet')).json().available, 200);
    const serious = await openWorld(t, { demo: false });
    assert.equal((await serious.post('anna', '/api/coins/faucet')).status, 403);
    assert.equal((await serious.get('anna', '/api/coins/wallet')).json().faucet, false);
    assert.equal((await get('anna', '/api/coins/wallet')).json().faucet, true);
  });

  it('page through a statement, and give the same as CSV', async (t) => {
    const { get, post, id } = await openWorld(t);
    await post('anna', '/api/coins/faucet');
    for (const memo of ['=1+1', 'a, "b"', 'plain']) await post('anna', '/api/coins/transfers', { to: id('bert'), amount: 1, memo });
    const first = (await get('anna', '/api/coins/statement?limit=3')).json();
    assert.deepEqual([first.entries.map((entry: { entry: number }) => entry.entry), typeof first.next], [[4, 3, 2], 'string']);
    const rest = (await get('anna', `/api/coins/statement?limit=3&after=${first.next}`)).json();
    assert.deepEqual([rest.entries.map((entry: { amount: number }) => entry.amount), rest.next], [[100], null]);
    // A page begins at an entry of one's own, or there is none.
    assert.deepEqual((await get('admin', `/api/coins/statement?after=${first.next}`)).json(), { entries: [], next: null });
    const csv = await get('anna', '/api/coins/statement.csv');
    assert.match(csv.headers['content-type'] ?? '', /^text\/csv/);
    const lines = csv.text.trimEnd().split('\r\n');
    assert.equal(lines[0], 'entry,time,kind,amount,balance,counterparty,memo,scope,key');
    assert.match(lines[1] ?? '', /^4,2026-03-02T08:00:00\.000Z,transfer,-1,97,wallet:[0-9a-f]{32},plain,/);
    assert.match(lines[2] ?? '', /,"a, ""b""",/);
    assert.match(lines[3] ?? '', /,'=1\+1,/);
    assert.equal(lines.length, 5);
  });

  it('let admins give coins from the mint with a reason, and look into wallets; nobody else', async (t) => {
    const { get, post, id } = await openWorld(t);
    const grant = { account: id('anna'), amount: 500, reason: 'Founding capital' };
    assert.equal((await post('bert', '/api/coins/grants', grant)).status, 403);
    assert.deepEqual((await post('admin', '/api/coins/grants', grant)).json(), { repeated: false, amount: 500, available: 500 });
    assert.equal((await post('admin', '/api/coins/grants', { ...grant, reason: '' })).status, 400);
    assert.equal((await get('bert', `/api/coins/accounts/${id('anna')}`)).status, 403);
    assert.equal((await get('admin', `/api/coins/accounts/${id('anna')}`)).json().coins, 500);
    assert.equal((await get('admin', `/api/coins/accounts/${id('anna')}/statement`)).json().entries[0].memo, 'Founding capital');
    assert.equal((await get('bert', '/api/coins/house')).status, 403);
    const { accounts } = (await get('admin', '/api/coins/house')).json();
    assert.deepEqual(
      accounts.find((account: { id: string }) => account.id === 'house:mint'),
      { id: 'house:mint', coins: -500 },
    );
  });
});
