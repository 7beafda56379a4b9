/** What admins do: see accounts, change roles, lock; and that only they do. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '#testkit/random.ts';
import { openPasswords } from '../../engines/argon2.ts';
import { createAdmin, lockAccountByEmail } from '../../store/accounts/admin.ts';
import { goodPassword } from '../people-house.ts';
import type { OpenHouse } from './people.ts';

export function adminPromises(open: OpenHouse): void {
  describe('an admin', () => {
    it('lists accounts in pages and finds them by a part of address or name', async (t) => {
      const house = await open(t);
      for (const email of ['ada@example.org', 'bob_x@example.org', 'bobby@example.org']) await house.member(email);
      const admin = await house.admin();
      const emails = async (query: string) => {
        const { accounts, next } = (await admin.get(`/api/people/accounts${query}`)).json();
        assert.ok(accounts.every((account: object) => Object.keys(account).sort().join() === 'createdAt,email,id,locked,name,role'));
        return [accounts.map(({ email }: { email: string }) => email.split('@')[0]), next];
      };
      const [first, next] = await emails('?limit=2');
      assert.deepEqual(first, ['ada', 'admin']);
      assert.deepEqual(await emails(`?limit=2&after=${next}`), [['bob_x', 'bobby'], null]);
      assert.equal((await admin.get('/api/people/accounts?after=admin@localhost')).json().errors[0].field, 'after');
      assert.deepEqual(await emails('?search=BOB_'), [['bob_x'], null]);
      assert.deepEqual(await emails('?search=%25'), [[], null]);
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
        const made = await createAdmin(ports, passwords, email);
        const visitor = house.visitor();
        assert.equal((await visitor.post('/api/people/login', { ...made })).json().account.role, 'admin');
      }
      assert.equal(await ada.whoAmI(), null);
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
