/** Sessions: made only by us, ended when they should be, and of no use to another site's page. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sql } from 'kysely';
import { goodPassword, linkToken, type PeopleHouse, sessionRules } from '../people-house.ts';
import type { OpenHouse } from './people.ts';

const { idleMs, longestMs } = sessionRules.member;
const credentials = { email: 'ada@example.org', password: goodPassword };

export function sessionPromises(open: OpenHouse): void {
  describe('a session', () => {
    it('comes as a cookie that no script reads and no other site sends along', async (t) => {
      const house = await open(t);
      await house.member('ada@example.org');
      const [cookie = ''] = (await house.visitor().post('/api/people/login', credentials)).headers['set-cookie'] ?? [];
      assert.match(cookie, /^kontor_session=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=36000$/);
    });

    it('over TLS has a cookie that is sent over TLS only, and takes no other', async (t) => {
      const house = await open(t);
      await house.member('ada@example.org');
      const visitor = house.visitor();
      visitor.headers = { 'x-forwarded-proto': 'https' };
      const [cookie = ''] = (await visitor.post('/api/people/login', credentials)).headers['set-cookie'] ?? [];
      assert.match(cookie, /^__Host-kontor_session=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+; Secure$/);
      assert.equal((await visitor.whoAmI())?.email, 'ada@example.org');
      visitor.cookie = visitor.cookie?.replace('__Host-', '');
      assert.equal(await visitor.whoAmI(), null);
    });

    it('is never one that the browser sent: logging in makes a new one and ends the old', async (t) => {
      const house = await open(t);
      await house.member('ada@example.org');
      const planted = `kontor_session=${'ab'.repeat(32)}`;
      const visitor = house.visitor();
      visitor.cookie = planted;
      await visitor.post('/api/people/login', credentials);
      const first = visitor.cookie;
      assert.notEqual(first, planted);
      await visitor.post('/api/people/login', credentials);
      assert.notEqual(visitor.cookie, first);
      for (const cookie of [planted, first]) {
        const other = house.visitor();
        other.cookie = cookie;
        assert.equal(await other.whoAmI(), null);
      }
    });

    it('ends when it was not used for long', async (t) => {
      const house = await open(t);
      const ada = await house.member('ada@example.org');
      house.later(idleMs - 1_000);
      assert.notEqual(await ada.whoAmI(), null);
      house.later(idleMs - 1_000);
      assert.notEqual(await ada.whoAmI(), null, 'using it keeps it');
      house.later(idleMs);
      assert.equal(await ada.whoAmI(), null);
    });

    it('ends after its longest time, however much it was used', async (t) => {
      const house = await open(t);
      const ada = await house.member('ada@example.org');
      const stepMs = idleMs / 2;
      for (let passedMs = stepMs; passedMs < longestMs; passedMs += stepMs) {
        house.later(stepMs);
        assert.notEqual(await ada.whoAmI(), null);
      }
      house.later(stepMs);
      assert.equal(await ada.whoAmI(), null);
    });

    it('of an admin ends sooner', async (t) => {
      const house = await open(t);
      const admin = await house.admin();
      house.later(sessionRules.admin.idleMs - 1_000);
      assert.notEqual(await admin.whoAmI(), null);
      house.later(sessionRules.admin.idleMs);
      assert.equal(await admin.whoAmI(), null);
      const [cookie = ''] = (await house.visitor().post('/api/people/login', { ...house.announced[0] })).headers['set-cookie'] ?? [];
      assert.match(cookie, /Max-Age=18000$/);
    });

    it('ends with logging out, in every process', async (t) => {
      const house = await open(t);
      const ada = await house.member('ada@example.org');
      const elsewhere = (await house.second()).visitor();
      elsewhere.cookie = ada.cookie;
      assert.notEqual(await elsewhere.whoAmI(), null);
      assert.equal((await ada.post('/api/people/logout')).status, 204);
      assert.equal(ada.cookie, undefined);
      assert.equal(await elsewhere.whoAmI(), null);
    });

    it('is listed, and revoked one by one or all others at once', async (t) => {
      const house = await open(t);
      const ada = await house.member('ada@example.org');
      const [phone, tablet] = [house.visitor('203.0.113.5'), house.visitor('203.0.113.6')];
      phone.headers = { 'user-agent': 'A phone' };
      for (const device of [phone, tablet]) await device.post('/api/people/login', credentials);
      const { sessions } = (await ada.get('/api/people/me/sessions')).json();
      assert.equal(sessions.length, 3);
      const ofPhone = sessions.find(({ agent }: { agent: string }) => agent === 'A phone');
      assert.deepEqual([ofPhone.address, ofPhone.current], ['203.0.113.5', false]);
      const stranger = await house.member('bob@example.org');
      const path = `/api/people/me/sessions/${ofPhone.id}`;
      assert.equal((await stranger.send('DELETE', path)).status, 404, 'of another account');
      assert.notEqual(await phone.whoAmI(), null);
      assert.equal((await ada.send('DELETE', path)).status, 204);
      assert.equal(await phone.whoAmI(), null);
      assert.equal((await ada.send('DELETE', '/api/people/me/sessions')).status, 204);
      assert.equal(await tablet.whoAmI(), null);
      assert.notEqual(await ada.whoAmI(), null);
    });

    it('gets a new secret when the password changes, and all other sessions end', async (t) => {
      const house = await open(t);
      const ada = await house.member('ada@example.org');
      const other = house.visitor();
      await other.post('/api/people/login', credentials);
      const before = ada.cookie;
      const change = (password: string) => ada.post('/api/people/me/password', { password, newPassword: 'my new password' });
      const wrong = await change('not my password');
      assert.deepEqual([wrong.status, wrong.json().errors[0].field], [400, 'password']);
      assert.equal(ada.cookie, before);
      assert.equal((await change(goodPassword)).status, 204);
      assert.notEqual(ada.cookie, before);
      assert.notEqual(await ada.whoAmI(), null);
      other.cookie = before;
      assert.equal(await other.whoAmI(), null);
      assert.equal((await house.visitor().post('/api/people/login', credentials)).status, 401);
      assert.equal((await house.visitor().post('/api/people/login', { ...credentials, password: 'my new password' })).status, 200);
    });

    it('is not all that a change of the password ends: links of letters and access tokens end too, unless a token is kept', async (t) => {
      const house = await open(t);
      const ada = await house.member('ada@example.org');
      await ada.post('/api/people/password/forgotten', { email: 'ada@example.org' });
      const link = linkToken(await house.letterTo('ada@example.org'));
      const make = async (name: string) => (await ada.post('/api/people/me/access-tokens', { name, scopes: ['read'] })).json();
      const [kept, ended] = [await make('laptop'), await make('phone')];
      const change = { password: goodPassword, newPassword: 'my new password', keepAccessTokens: [kept.id] };
      assert.equal((await ada.post('/api/people/me/password', change)).status, 204);
      const reset = await house.visitor().post('/api/people/password/reset', { token: link, password: 'chosen by a thief' });
      assert.equal(reset.json().reason.name, 'link-expired');
      const asks = async (token: string) => {
        const program = house.visitor();
        program.headers = { authorization: `Bearer ${token}` };
        return program.whoAmI();
      };
      assert.equal((await asks(kept.token))?.email, 'ada@example.org');
      assert.equal(await asks(ended.token), null);
    });

    it('changes nothing for a page of another site', async (t) => {
      const house = await open(t);
      const ada = await house.member('ada@example.org');
      ada.headers = { origin: 'https://elsewhere.example' };
      for (const path of ['/api/people/logout', '/api/people/me/access-tokens', '/api/people/login'])
        assert.equal((await ada.post(path, {})).status, 403, path);
      ada.headers = { 'content-type': 'text/plain' };
      assert.equal((await ada.send('POST', '/api/people/logout')).status, 415, 'what a form can send without asking');
      ada.headers = {};
      assert.notEqual(await ada.whoAmI(), null);
    });
  });

  describe('the State', () => {
    it('holds no secret that would log anybody in', async (t) => {
      const house = await open(t);
      const ada = await house.member('ada@example.org');
      const { token } = (await ada.post('/api/people/me/access-tokens', { name: 'laptop', scopes: ['read'] })).json();
      const { otpauthUrl } = (await ada.post('/api/people/me/second-factor', { password: goodPassword })).json();
      const totpSecret = new URL(otpauthUrl).searchParams.get('secret') ?? '';
      const books = await everythingIn(house);
      assert.doesNotMatch(books, /"d\\?":/, 'the private part of a signing key');
      assert.ok(books.includes('ada@example.org'));
      for (const secret of [ada.cookie?.split('=')[1] ?? '', token.replace('kontor_pat_', ''), goodPassword, totpSecret])
        assert.ok(secret.length > 8 && !books.includes(secret), `${secret} is in the books`);
    });
  });

  describe('the audit trail', () => {
    it('tells each owner what happened, a page at a time, and admins of all', async (t) => {
      const house = await open(t);
      const ada = await house.member('ada@example.org');
      house.later(1_000);
      await house.visitor('203.0.113.9').post('/api/people/login', { ...credentials, password: 'a wrong guess' });
      house.later(1_000);
      await ada.post('/api/people/me/password', { password: goodPassword, newPassword: 'my new password' });
      const first = (await ada.get('/api/people/me/events?limit=2')).json();
      assert.deepEqual(kindsOf(first), ['password-changed', 'login-refused']);
      assert.equal(first.events[1].address, '203.0.113.9');
      const next = (await ada.get(`/api/people/me/events?limit=2&after=${first.next}`)).json();
      assert.deepEqual(kindsOf(next), ['account-opened']);
      assert.equal(next.next, null);
      const all = (await (await house.admin()).get('/api/people/events?limit=200')).json();
      assert.ok(kindsOf(all).includes('password-changed') && kindsOf(all).includes('letter-asked'));
      assert.doesNotMatch(JSON.stringify(all), /my new password|a wrong guess/);
    });
  });
}

function kindsOf(page: { events: readonly { kind: string }[] }): readonly string[] {
  return page.events.map(({ kind }) => kind);
}

/** All rows of the module's tables as text. */
async function everythingIn({ state }: PeopleHouse): Promise<string> {
  const people = ['person', 'person_session', 'person_access_token', 'person_mail_token', 'person_attempts', 'person_event'];
  const tables = [...people, 'person_second_factor', 'signing_key'];
  const rows = await state.read(async (queries) => {
    const all: unknown[] = [];
    for (const table of tables) all.push((await sql`select * from ${sql.table(table)}`.execute(queries)).rows);
    return all;
  });
  return JSON.stringify(rows);
}
