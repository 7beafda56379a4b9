/** The second factor: asked for at login, each of its codes good for one login. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { codeNow, goodPassword, type PeopleHouse, type Visitor } from '../people-house.ts';
import type { OpenHouse } from './people.ts';

const credentials = { email: 'ada@example.org', password: goodPassword };
const stepMs = 30_000;

interface Protected {
  readonly ada: Visitor;
  readonly recoveryCodes: readonly string[];
  code(): string;
}

async function switchOn(house: PeopleHouse): Promise<Protected> {
  const ada = await house.member('ada@example.org');
  const offer = await ada.post('/api/people/me/second-factor', { password: goodPassword });
  assert.equal(offer.status, 200, offer.text);
  const { otpauthUrl } = offer.json();
  const code = () => codeNow(otpauthUrl, house.clock);
  const confirmed = await ada.post('/api/people/me/second-factor/confirm', { code: code() });
  assert.equal(confirmed.status, 200, confirmed.text);
  return { ada, recoveryCodes: confirmed.json().recoveryCodes, code };
}

export function secondFactorPromises(open: OpenHouse): void {
  const login = (house: PeopleHouse, code?: string) =>
    house.visitor().post('/api/people/login', code === undefined ? credentials : { ...credentials, code });

  describe('the second factor', () => {
    it('is offered as a link and a QR code, and is on after its first right code', async (t) => {
      const house = await open(t);
      const ada = await house.member('ada@example.org');
      assert.equal((await ada.post('/api/people/me/second-factor', { password: 'not my password' })).status, 400);
      const { otpauthUrl, qrImage } = (await ada.post('/api/people/me/second-factor', { password: goodPassword })).json();
      assert.match(otpauthUrl, /^otpauth:\/\/totp\/Kontor:ada%40example\.org\?secret=[A-Z2-7]{32}&issuer=Kontor$/);
      assert.match(Buffer.from(qrImage.split(',')[1], 'base64').toString(), /^<svg xmlns=.*<path d="M/);
      assert.equal((await login(house)).json().state, 'logged-in', 'not yet asked for');
      const wrong = codeNow(otpauthUrl, house.clock) === '000000' ? '000001' : '000000';
      assert.equal((await ada.post('/api/people/me/second-factor/confirm', { code: wrong })).status, 409);
      assert.equal((await login(house)).json().state, 'logged-in');
    });

    it('is asked for at login once it is on, and gives the session a new secret', async (t) => {
      const house = await open(t);
      const before = house.visitor();
      const { ada, code } = await switchOn(house);
      house.later(stepMs);
      assert.deepEqual((await login(house)).json(), { state: 'second-factor', account: null, secondFactorWanted: 'no' });
      assert.equal((await login(house)).headers['set-cookie'], undefined);
      const right = await login(house, code());
      assert.equal(right.json().state, 'logged-in');
      assert.equal((await ada.get('/api/people/me')).json().secondFactor, true);
      assert.equal(await before.whoAmI(), null);
    });

    it('ends the other sessions when it is switched on', async (t) => {
      const house = await open(t);
      const ada = await house.member('ada@example.org');
      const other = house.visitor();
      await other.post('/api/people/login', credentials);
      const { otpauthUrl } = (await ada.post('/api/people/me/second-factor', { password: goodPassword })).json();
      const before = ada.cookie;
      await ada.post('/api/people/me/second-factor/confirm', { code: codeNow(otpauthUrl, house.clock) });
      assert.notEqual(ada.cookie, before);
      assert.notEqual(await ada.whoAmI(), null);
      assert.equal(await other.whoAmI(), null);
    });

    it('takes a code once, also when many send it at the same moment to different processes', async (t) => {
      const house = await open(t);
      const { code } = await switchOn(house);
      assert.equal((await login(house, code())).status, 401, 'the one that switched it on is used up');
      house.later(stepMs);
      const second = await house.second();
      const answers = await Promise.all([house, second, house, second].map((one) => login(one, code())));
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 401, 401, 401]);
    });

    it('takes no code from before one that was used, and none that is far off', async (t) => {
      const house = await open(t);
      const { code } = await switchOn(house);
      house.later(stepMs);
      const earlier = code();
      house.later(stepMs);
      assert.equal((await login(house, code())).status, 200);
      assert.equal((await login(house, earlier)).status, 401);
      const old = code();
      house.later(3 * stepMs);
      assert.equal((await login(house, old)).status, 401);
    });

    it('takes codes of a clock that is half a minute off', async (t) => {
      const house = await open(t);
      const { code } = await switchOn(house);
      house.later(2 * stepMs);
      const late = code();
      house.later(stepMs);
      assert.equal((await login(house, late)).status, 200);
    });

    it('makes guessing codes wait like guessing passwords', async (t) => {
      const house = await open(t);
      const { code } = await switchOn(house);
      house.later(stepMs);
      const wrong = code() === '000000' ? '000001' : '000000';
      for (let guess = 0; guess < 5; guess++) assert.equal((await login(house, wrong)).status, 401);
      assert.equal((await login(house, code())).status, 429);
    });

    it('is asked for when an admin logs in; where the house insists, an admin without it may do no more than a member', async (t) => {
      const house = await open(t);
      const admin = await house.admin();
      assert.equal((await admin.get('/api/people/me')).json().secondFactorWanted, 'asked');
      assert.equal((await admin.get('/api/people/accounts')).status, 200);

      const strict = await house.second({ adminsNeedSecondFactor: true });
      const there = strict.visitor();
      there.cookie = admin.cookie;
      assert.equal((await there.get('/api/people/me')).json().secondFactorWanted, 'needed');
      assert.equal((await there.get('/api/people/accounts')).status, 403);
      const password = house.announced[0]?.password;
      const { otpauthUrl } = (await there.post('/api/people/me/second-factor', { password })).json();
      await there.post('/api/people/me/second-factor/confirm', { code: codeNow(otpauthUrl, house.clock) });
      assert.equal((await there.get('/api/people/me')).json().secondFactorWanted, 'no');
      assert.equal((await there.get('/api/people/accounts')).status, 200);
    });

    it('has recovery codes, each good for one login, however it is typed', async (t) => {
      const house = await open(t);
      const { ada, recoveryCodes } = await switchOn(house);
      assert.equal(new Set(recoveryCodes).size, 10);
      const [first = '', second = ''] = recoveryCodes;
      const answers = await Promise.all([login(house, first), login(house, first), login(house, first)]);
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 401, 401]);
      assert.equal((await login(house, second.toUpperCase().replaceAll('-', ' '))).status, 200);
      assert.equal((await ada.get('/api/people/me')).json().recoveryCodesLeft, 8);
      const kinds = (await ada.get('/api/people/me/events')).json().events.map(({ kind }: { kind: string }) => kind);
      assert.equal(kinds.filter((kind: string) => kind === 'recovery-code-used').length, 2);
    });

    it('gets new recovery codes in place of the old', async (t) => {
      const house = await open(t);
      const { ada, recoveryCodes } = await switchOn(house);
      const made = (await ada.post('/api/people/me/recovery-codes', { password: goodPassword })).json().recoveryCodes;
      assert.equal((await login(house, recoveryCodes[0])).status, 401);
      assert.equal((await login(house, made[0])).status, 200);
    });

    it('is switched off from a session with the password alone, and is not replaced while it is on', async (t) => {
      const house = await open(t);
      const { ada, recoveryCodes } = await switchOn(house);
      assert.equal((await ada.post('/api/people/me/second-factor', { password: goodPassword })).status, 409);
      assert.equal((await ada.post('/api/people/me/second-factor/remove', { password: 'not my password' })).status, 400);
      assert.equal((await ada.post('/api/people/me/second-factor/remove', { password: goodPassword })).status, 204);
      assert.equal((await login(house)).json().state, 'logged-in');
      assert.equal((await ada.post('/api/people/me/recovery-codes', { password: goodPassword })).status, 409);
      assert.ok(recoveryCodes.length > 0);
    });
  });
}
