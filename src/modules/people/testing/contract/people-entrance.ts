/** Opening an account, logging in, a forgotten password; and that none of it tells who has an account. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Answer } from '#testkit/web-server.ts';
import { goodPassword, linkToken, type PeopleHouse, type Visitor } from '../people-house.ts';
import type { OpenHouse } from './people.ts';

/** All that a client can tell two answers apart by, but for what names the request. */
function seen({ status, headers, text }: Answer) {
  const { date: _date, 'x-request-id': id, 'content-length': _length, ...others } = headers;
  return { status, headers: others, text: text.replaceAll(String(id), 'ID') };
}

/** What a request cost: statements to the State, and passwords compared. */
async function costOf(house: PeopleHouse, ask: () => Promise<Answer>) {
  const before = { statements: house.statements(), verifications: house.verifications() };
  const answer = await ask();
  const cost = { statements: house.statements() - before.statements, verifications: house.verifications() - before.verifications };
  return { answer: seen(answer), cost };
}

export function entrancePromises(open: OpenHouse): void {
  describe('the first start', () => {
    it('opens an account for an admin, whose password is shown once and logged nowhere', async (t) => {
      const house = await open(t);
      const [admin] = house.announced;
      assert.equal(house.announced.length, 1);
      assert.match(admin?.password ?? '', /^([a-z2-7]{4}-){5}[a-z2-7]{4}$/);
      assert.deepEqual((await (await house.admin()).whoAmI())?.role, 'admin');
      assert.doesNotMatch(JSON.stringify(house.log.entries), new RegExp(admin?.password ?? ''));
    });

    it('opens none when there is an account', async (t) => {
      const house = await open(t);
      assert.deepEqual((await house.second()).announced, []);
    });
  });

  describe('who has an account is not told', () => {
    for (const [what, path, body] of [
      ['signing up', '/api/people/sign-up', { name: 'Somebody' }],
      ['a forgotten password', '/api/people/password/forgotten', {}],
    ] as const) {
      it(`by ${what}: same answer, same work, a letter to each`, async (t) => {
        const house = await open(t);
        await house.member('ada@example.org');
        const known = await costOf(house, () => house.visitor('203.0.113.1').post(path, { email: 'ada@example.org', ...body }));
        const unknown = await costOf(house, () => house.visitor('203.0.113.2').post(path, { email: 'bob@example.org', ...body }));
        assert.equal(known.answer.status, 202);
        assert.deepEqual(known, unknown);
        assert.equal(known.cost.verifications, 0);
        assert.match((await house.letterTo('ada@example.org')).text, /account\/reset#/);
        assert.match((await house.letterTo('bob@example.org')).text, /account\/open#/);
      });
    }

    it('by logging in: same answer, same work, one password compared', async (t) => {
      const house = await open(t);
      await house.member('ada@example.org');
      const guess = (email: string, address: string) => () =>
        house.visitor(address).post('/api/people/login', { email, password: 'a wrong password' });
      await guess('somebody@example.org', '203.0.113.9')();
      const known = await costOf(house, guess('ada@example.org', '203.0.113.1'));
      const unknown = await costOf(house, guess('bob@example.org', '203.0.113.2'));
      assert.equal(known.answer.status, 401);
      assert.deepEqual(known, unknown);
      assert.equal(known.cost.verifications, 1);
    });

    it('by having to wait: addresses without an account wait alike', async (t) => {
      const house = await open(t);
      await house.member('ada@example.org');
      const afterGuesses = async (email: string, address: string) => {
        const visitor = house.visitor(address);
        for (let guess = 0; guess < 5; guess++) await visitor.post('/api/people/login', { email, password: 'a wrong password' });
        return seen(await visitor.post('/api/people/login', { email, password: goodPassword }));
      };
      const known = await afterGuesses('ada@example.org', '203.0.113.1');
      assert.equal(known.status, 429);
      assert.deepEqual(known, await afterGuesses('bob@example.org', '203.0.113.2'));
    });
  });

  describe('signing up', () => {
    it('opens the account with the password that the reader of the letter chooses, and logs in', async (t) => {
      const house = await open(t);
      const ada = await house.member('Ada@Example.org');
      const { id, ...account } = (await ada.whoAmI()) ?? {};
      assert.match(id ?? '', /^[0-9a-f]{32}$/);
      assert.deepEqual(account, { email: 'ada@example.org', name: 'Ada', role: 'member' });
      const login = await house.visitor().post('/api/people/login', { email: 'ADA@example.org', password: goodPassword });
      assert.deepEqual(login.json(), { state: 'logged-in', account: { id, ...account }, secondFactorWanted: 'no' });
    });

    it('takes a link once, also when two requests come at the same moment', async (t) => {
      const house = await open(t);
      await house.visitor().post('/api/people/sign-up', { email: 'ada@example.org', name: 'Ada' });
      const token = linkToken(await house.letterTo('ada@example.org'));
      const second = await house.second();
      const answers = await Promise.all(
        [house, second, house, second].map((one) => one.visitor().post('/api/people/sign-up/confirm', { token, password: goodPassword })),
      );
      assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 400, 400, 400]);
      assert.deepEqual(
        (await house.visitor().post('/api/people/sign-up/confirm', { token, password: goodPassword })).json().errors[0].field,
        'token',
      );
    });

    it('opens one account when two letters for the same address are answered', async (t) => {
      const house = await open(t);
      for (let letter = 0; letter < 2; letter++)
        await house.visitor().post('/api/people/sign-up', { email: 'ada@example.org', name: 'Ada' });
      const tokens = (await house.letters()).map(linkToken);
      const answers = await Promise.all(
        tokens.map((token) => house.visitor().post('/api/people/sign-up/confirm', { token, password: goodPassword })),
      );
      assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 400]);
    });

    it('refuses a link after an hour, and one that was made up', async (t) => {
      const house = await open(t);
      await house.visitor().post('/api/people/sign-up', { email: 'ada@example.org', name: 'Ada' });
      const token = linkToken(await house.letterTo('ada@example.org'));
      const confirm = (given: string) => house.visitor().post('/api/people/sign-up/confirm', { token: given, password: goodPassword });
      assert.equal((await confirm('0'.repeat(64))).status, 400);
      house.later(3_600_000);
      assert.equal((await confirm(token)).status, 400);
    });

    it('names what is wrong with an address, a name, a password', async (t) => {
      const house = await open(t);
      const fieldOf = async (path: string, body: object) => {
        const answer = await house.visitor().post(path, body);
        assert.equal(answer.status, 400, answer.text);
        return answer.json().errors[0].field;
      };
      assert.equal(await fieldOf('/api/people/sign-up', { email: 'ada', name: 'Ada' }), 'email');
      assert.equal(await fieldOf('/api/people/sign-up', { email: 'a\u0000@example.org', name: 'Ada' }), 'email');
      assert.equal(await fieldOf('/api/people/sign-up', { email: 'ada@example.org', name: ' ' }), 'name');
      assert.equal(await fieldOf('/api/people/sign-up', { email: 'ada@example.org', name: 'Ada\nBcc: x' }), 'name');
      assert.equal(await fieldOf('/api/people/sign-up', { email: 'ada@example.org', name: 'Ada', role: 'admin' }), 'role');
      await house.visitor().post('/api/people/sign-up', { email: 'ada@example.org', name: 'Ada' });
      const token = linkToken(await house.letterTo('ada@example.org'));
      for (const password of ['short', 'aaaaaaaaaaaa', 'ada@example.org', 'Password1234'])
        assert.equal(await fieldOf('/api/people/sign-up/confirm', { token, password }), 'password');
      const opened = await house.visitor().post('/api/people/sign-up/confirm', { token, password: goodPassword });
      assert.equal(opened.status, 201, 'a refused password does not use the link up');
    });
  });

  describe('a forgotten password', () => {
    async function forgotten(house: PeopleHouse): Promise<{ ada: Visitor; token: string }> {
      const ada = await house.member('ada@example.org');
      await house.visitor().post('/api/people/password/forgotten', { email: 'ada@example.org' });
      return { ada, token: linkToken(await house.letterTo('ada@example.org')) };
    }

    it('is replaced once by the link, also when two requests come at the same moment', async (t) => {
      const house = await open(t);
      const { token } = await forgotten(house);
      const passwords = ['first new password', 'second new password'];
      const answers = await Promise.all(
        passwords.map((password) => house.visitor().post('/api/people/password/reset', { token, password })),
      );
      assert.deepEqual(answers.map(({ status }) => status).sort(), [204, 400]);
      const winner = passwords[answers.findIndex(({ status }) => status === 204)];
      const login = (password: string | undefined) => house.visitor().post('/api/people/login', { email: 'ada@example.org', password });
      assert.equal((await login(winner)).status, 200);
      assert.equal((await login(goodPassword)).status, 401);
      assert.equal((await house.visitor().post('/api/people/password/reset', { token, password: goodPassword })).status, 400);
    });

    it('ends every session and access token, and the wait after wrong guesses', async (t) => {
      const house = await open(t);
      const { ada, token } = await forgotten(house);
      const made = (await ada.post('/api/people/me/access-tokens', { name: 'laptop', scopes: ['read'] })).json();
      for (let guess = 0; guess < 5; guess++)
        await house.visitor('203.0.113.7').post('/api/people/login', { email: 'ada@example.org', password: 'a wrong password' });
      assert.equal((await house.visitor().post('/api/people/password/reset', { token, password: 'my new password' })).status, 204);
      assert.equal(await ada.whoAmI(), null);
      const program = house.visitor();
      program.headers = { authorization: `Bearer ${made.token}` };
      assert.equal(await program.whoAmI(), null);
      const login = await house.visitor().post('/api/people/login', { email: 'ada@example.org', password: 'my new password' });
      assert.equal(login.status, 200, login.text);
    });

    it('does not take the link of another purpose', async (t) => {
      const house = await open(t);
      const { token } = await forgotten(house);
      assert.equal((await house.visitor().post('/api/people/sign-up/confirm', { token, password: goodPassword })).status, 400);
      const reset = await house.visitor().post('/api/people/password/reset', { token, password: 'my new password' });
      assert.equal(reset.status, 204, 'the wrong route did not use it up');
      await house.visitor().post('/api/people/sign-up', { email: 'bob@example.org', name: 'Bob' });
      const signUp = linkToken(await house.letterTo('bob@example.org'));
      assert.equal((await house.visitor().post('/api/people/password/reset', { token: signUp, password: goodPassword })).status, 400);
    });

    it('links to where the house says it is, whatever host the request names, and refuses a stranger’s', async (t) => {
      const house = await open(t);
      const visitor = house.visitor();
      visitor.headers = { host: 'localhost', 'x-forwarded-host': 'evil.example' };
      assert.equal((await visitor.post('/api/people/password/forgotten', { email: 'ada@example.org' })).status, 403);
      visitor.headers = { host: 'localhost', 'x-forwarded-host': '127.0.0.1' };
      await visitor.post('/api/people/password/forgotten', { email: 'ada@example.org' });
      assert.match((await house.letterTo('ada@example.org')).text, /^https:\/\/kontor\.example\/account\/open#/m);
    });

    it('links to the checked host where the house was told of no other, whatever a proxy says', async (t) => {
      const house = await open(t, { linksByHost: true });
      const visitor = house.visitor();
      visitor.headers = { host: 'localhost:3000', 'x-forwarded-host': '127.0.0.1:3000' };
      await visitor.post('/api/people/password/forgotten', { email: 'ada@example.org' });
      assert.match((await house.letterTo('ada@example.org')).text, /^http:\/\/localhost:3000\/account\/open#/m);
    });
  });

  describe('letters of a demonstration', () => {
    it('are shown, but none to an admin', async (t) => {
      const house = await open(t);
      for (const email of ['admin@localhost', 'bob@example.org']) await house.visitor().post('/api/people/password/forgotten', { email });
      const shown = (await house.visitor().get('/api/people/letters')).json().letters;
      assert.deepEqual(
        shown.map(({ to }: { to: string }) => to),
        ['bob@example.org'],
      );
    });

    it('are shown nowhere else', async (t) => {
      const house = await open(t, { demo: false });
      assert.equal((await house.visitor().get('/api/people/letters')).status, 404);
    });
  });
}
