/** What admins do: see accounts, change roles, lock; and that only they do. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '#core/seeded-random.ts';
import { openPasswords } from '../../engines/argon2.ts';
import { addAccount } from '../../store/accounts/accounts.ts';
import { createAdmin, lockAccountByEmail } from '../../store/accounts/admin.ts';
import { goodPassword, linkToken } from '../people-house.ts';
import type { OpenHouse } from './people.ts';

export function adminPromises(open: OpenHouse): void {
  describe('an admin', () => {
    it('lists accounts in pages and finds them by what their address or name begins with', async (t) => {
      const house = await open(t);
      for (const email of ['ada@example.org', 'bob_x@example.org', 'bobby@example.org']) await house.member(email);
      const admin = await house.admin();
      const emails = async (query: string) => {
        const { accounts, next } = (await admin.get(`/api/people/accounts${query}`)).json();
        assert.ok(accounts.every((account: object) => Object.keys(account).sort().join() === 'closed,createdAt,email,id,locked,name,role'));
        return [accounts.map(({ email }: { email: string }) => email.split('@')[0]), next];
      };
      const [first, next] = await emails('?limit=2');
      assert.deepEqual(first, ['ada', 'admin']);
      assert.deepEqual(await emails(`?limit=2&after=${next}`), [['bob_x', 'bobby'], null]);
      assert.equal((await admin.get('/api/people/accounts?after=admin@localhost')).json().errors[0].field, 'after');
      assert.deepEqual(await emails('?search=BOB_'), [['bob_x'], null]);
      assert.deepEqual(await emails('?search=%25'), [[], null]);
      assert.deepEqual(await emails('?search=ob'), [[], null], 'not in the middle');
      await house.member('countess@example.org').then((countess) => countess.send('PATCH', '/api/people/me', { name: 'Ada Lovelace' }));
      assert.deepEqual(await emails('?search=LOVE'), [['countess'], null], 'by the last name');
      const [, more] = await emails('?search=ada&limit=2');
      assert.deepEqual(await emails(`?search=ada&limit=2&after=${more}`), [['bobby', 'countess'], null], 'page by page');
      const { events } = (await admin.get('/api/people/events')).json();
      const named = events.map(({ accountName }: { accountName: string | null }) => accountName);
      assert.deepEqual([...new Set(named)].sort(), ['Ada', 'Ada Lovelace', 'Admin', null], 'the trail names people');
    });

    it('is told when a search finds more than it lists, which are the first by what was searched', async (t) => {
      const house = await open(t);
      const admin = await house.admin();
      const random = seededRandom(7);
      await house.state.write(async (queries) => {
        for (let number = 300; number > 0; number -= 1) {
          const email = `many-${String(number).padStart(3, '0')}@example.org`;
          await addAccount(queries, random, { email, name: 'Somebody', role: 'member', passwordHash: '' }, 1);
        }
      });
      const found = async (search: string) => {
        const { accounts, cut } = (await admin.get(`/api/people/accounts?limit=200&search=${search}`)).json();
        return [accounts.length, accounts[0].email, cut];
      };
      assert.deepEqual(await found('many'), [200, 'many-001@example.org', true]);
      assert.deepEqual(await found('some'), [200, 'many-001@example.org', true]);
      assert.deepEqual(await found('many-1'), [100, 'many-100@example.org', false]);
    });

    it('is the only one who may do what admins do', async (t) => {
      const house = await open(t);
      const ada = await house.member('ada@example.org');
      const id = (await ada.whoAmI())?.id;
      const routes = [
        ['GET', '/api/people/accounts', undefined],
        ['GET', '/api/people/events', undefined],
        ['PATCH', `/api/people/accounts/${id}`, { role: 'admin' }],
        ['POST', '/api/people/signing-keys/replace', undefined],
      ] as const;
      for (const [method, path, body] of routes) {
        assert.equal((await ada.send(method, path, body)).status, 403, path);
        assert.equal((await house.visitor().send(method, path, body)).status, 401, path);
      }
    });

    it('changes a role: open sessions end, and the next has the new role', async (t) => {
      const house = await open(t);
      const ada = await house.member('ada@example.org');
      const path = `/api/people/accounts/${(await ada.whoAmI())?.id}`;
      const changed = await (await house.admin()).send('PATCH', path, { role: 'admin' });
      assert.equal(changed.json().role, 'admin');
      assert.equal(await ada.whoAmI(), null);
      await ada.post('/api/people/login', { email: 'ada@example.org', password: goodPassword });
      assert.equal((await ada.get('/api/people/accounts')).status, 200);
    });

    it('locks an account: sessions and tokens end, and only a login with the right password is told why', async (t) => {
      const house = await open(t);
      const ada = await house.member('ada@example.org');
      const { token } = (await ada.post('/api/people/me/access-tokens', { name: 'laptop', scopes: ['read'] })).json();
      const path = `/api/people/accounts/${(await ada.whoAmI())?.id}`;
      const admin = await house.admin();
      assert.equal((await admin.send('PATCH', path, { locked: true })).json().locked, true);
      assert.equal(await ada.whoAmI(), null);
      const program = house.visitor();
      program.headers = { authorization: `Bearer ${token}` };
      assert.equal(await program.whoAmI(), null);
      const login = (password: string) => house.visitor().post('/api/people/login', { email: 'ada@example.org', password });
      assert.equal((await login('a wrong password')).status, 401);
      assert.equal((await login(goodPassword)).status, 403);
      await admin.send('PATCH', path, { locked: false });
      assert.equal((await login(goodPassword)).status, 200);
    });

    it('cannot lock or demote their own account, nor change one that does not exist', async (t) => {
      const house = await open(t);
      const admin = await house.admin();
      const id = (await admin.whoAmI())?.id;
      assert.equal((await admin.send('PATCH', `/api/people/accounts/${id}`, { role: 'member' })).status, 403);
      assert.equal((await admin.send('PATCH', `/api/people/accounts/${id}`, { locked: true })).status, 403);
      assert.equal((await admin.send('PATCH', `/api/people/accounts/${'0'.repeat(32)}`, { locked: true })).status, 404);
    });
  });

  describe('the command line', () => {
    it('makes a new admin, or makes an open account an admin and logs it out', async (t) => {
      const house = await open(t);
      const ada = await house.member('ada@example.org');
      const ports = { state: house.state, clock: house.clock, random: seededRandom(7) };
      const passwords = openPasswords({ load: async () => ({ hash: async (text) => `test:${btoa(text)}`, verify: async () => false }) });
      for (const email of ['ada@example.org', 'new@example.org']) {
        const { password } = await createAdmin(ports, passwords, email, { keepTokens: false });
        const visitor = house.visitor();
        assert.equal((await visitor.post('/api/people/login', { email, password })).json().account.role, 'admin');
      }
      assert.equal(await ada.whoAmI(), null);
    });

    it('ends the access tokens and links of the account that it gives a new password, or keeps the tokens', async (t) => {
      const house = await open(t);
      const ada = await house.member('ada@example.org');
      const ports = { state: house.state, clock: house.clock, random: seededRandom(7) };
      const passwords = openPasswords({ load: async () => ({ hash: async (text) => `test:${btoa(text)}`, verify: async () => false }) });
      const program = house.visitor();
      const { token } = (await ada.post('/api/people/me/access-tokens', { name: 'laptop', scopes: ['read'] })).json();
      program.headers = { authorization: `Bearer ${token}` };
      await ada.post('/api/people/password/forgotten', { email: 'ada@example.org' });
      const link = linkToken(await house.letterTo('ada@example.org'));
      const kept = await createAdmin(ports, passwords, 'ada@example.org', { keepTokens: true });
      assert.deepEqual([kept.keptTokens, kept.endedTokens], [['laptop'], []]);
      assert.notEqual(await program.whoAmI(), null);
      const ended = await createAdmin(ports, passwords, 'ada@example.org', { keepTokens: false });
      assert.deepEqual([ended.keptTokens, ended.endedTokens], [[], ['laptop']]);
      assert.equal(await program.whoAmI(), null);
      assert.equal((await house.visitor().post('/api/people/password/reset', { token: link, password: 'chosen by a thief' })).status, 400);
    });

    it('locks and unlocks by address', async (t) => {
      const house = await open(t);
      const ada = await house.member('ada@example.org');
      const ports = { state: house.state, clock: house.clock, random: seededRandom(7) };
      assert.equal(await lockAccountByEmail(ports, 'nobody@example.org', true), false);
      assert.equal(await lockAccountByEmail(ports, 'ada@example.org', true), true);
      assert.equal(await ada.whoAmI(), null);
    });
  });
}
