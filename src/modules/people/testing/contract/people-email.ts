/** Another address: it counts when its letter was opened by its owner, who is logged in, and the old one is told. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { letterFlood } from '../../domain/attempts.ts';
import { goodPassword, linkToken } from '../people-house.ts';
import type { OpenHouse } from './people.ts';

const change = { email: 'ada@lovelace.example', password: goodPassword };

export function emailPromises(open: OpenHouse): void {
  describe('another address', () => {
    it('is confirmed by the link of a letter to it, ends other sessions, and is told to the old one', async (t) => {
      const house = await open(t);
      const ada = await house.member('ada@example.org');
      const elsewhere = house.visitor();
      await elsewhere.post('/api/people/login', { email: 'ada@example.org', password: goodPassword });
      assert.equal((await ada.post('/api/people/me/email', change)).status, 202);
      assert.match((await house.letterTo('ada@example.org')).text, /asked to change the address.*ada@lovelace\.example/);
      const token = linkToken(await house.letterTo(change.email));
      assert.equal((await ada.whoAmI())?.email, 'ada@example.org', 'asking changes nothing');
      house.later(1);
      assert.equal((await ada.post('/api/people/me/email/confirm', { token })).status, 204);
      assert.equal((await ada.whoAmI())?.email, change.email);
      assert.equal(await elsewhere.whoAmI(), null);
      assert.equal((await house.letterTo('ada@example.org')).subject, 'Your address is changed');
      assert.equal((await house.visitor().post('/api/people/login', change)).status, 200);
      assert.equal((await house.visitor().post('/api/people/login', { email: 'ada@example.org', password: goodPassword })).status, 401);
      assert.equal((await ada.post('/api/people/me/email/confirm', { token })).status, 400, 'it works once');
    });

    it('asks for the password, and the link is of no use to others, later, or to open or reset an account', async (t) => {
      const house = await open(t);
      const ada = await house.member('ada@example.org');
      const eve = await house.member('eve@example.org');
      assert.equal((await ada.post('/api/people/me/email', { ...change, password: 'not my password' })).status, 400);
      assert.equal((await ada.post('/api/people/me/email', { ...change, email: 'ADA@example.org' })).status, 400, 'it is the present one');
      assert.equal((await ada.post('/api/people/me/email', change)).status, 202);
      const token = linkToken(await house.letterTo(change.email));
      assert.equal((await house.visitor().post('/api/people/me/email/confirm', { token })).status, 401);
      assert.equal((await eve.post('/api/people/me/email/confirm', { token })).status, 400);
      for (const path of ['/api/people/sign-up/confirm', '/api/people/password/reset'])
        assert.equal((await house.visitor().post(path, { token, password: 'another good password' })).status, 400, path);
      house.later(3_600_001);
      const again = house.visitor();
      await again.post('/api/people/login', { email: 'ada@example.org', password: goodPassword });
      assert.equal((await again.post('/api/people/me/email/confirm', { token })).status, 400, 'it is an hour old');
    });

    it('is not changed by a link from before a new password: somebody else may have asked for it', async (t) => {
      const house = await open(t);
      const ada = await house.member('ada@example.org');
      await ada.post('/api/people/me/email', change);
      const token = linkToken(await house.letterTo(change.email));
      const newPassword = 'another good password';
      assert.equal((await ada.post('/api/people/me/password', { password: goodPassword, newPassword, keepAccessTokens: [] })).status, 204);
      assert.equal((await ada.post('/api/people/me/email/confirm', { token })).status, 400);
      assert.equal((await ada.whoAmI())?.email, 'ada@example.org');
    });

    it('that has an account is answered the same, and only its reader learns of it; an older link does not work', async (t) => {
      const house = await open(t);
      const ada = await house.member('ada@example.org');
      await house.member('eve@example.org');
      const asked = await ada.post('/api/people/me/email', { ...change, email: 'eve@example.org' });
      assert.equal(asked.status, 202);
      const taken = await house.letterTo('eve@example.org');
      assert.doesNotMatch(taken.text, /#/);
      const answer = await ada.post('/api/people/me/email', change);
      assert.deepEqual(answer.json(), asked.json());
      const old = linkToken(await house.letterTo(change.email));
      await ada.post('/api/people/me/email', { ...change, email: 'countess@example.org' });
      assert.equal((await ada.post('/api/people/me/email/confirm', { token: old })).status, 400);
    });

    it('that many ask for is not flooded with letters, whether it has an account or not', async (t) => {
      const house = await open(t);
      const members: string[] = [];
      for (let number = 0; number <= letterFlood.letters; number += 1)
        members.push((await house.member(`member-${number}@example.org`)).cookie ?? '');
      await house.member('eve@example.org');
      for (const email of [change.email, 'eve@example.org']) {
        const statuses: number[] = [];
        for (const [number, cookie] of members.entries()) {
          const elsewhere = house.visitor(`203.0.113.${number}`);
          elsewhere.cookie = cookie;
          statuses.push((await elsewhere.post('/api/people/me/email', { ...change, email })).status);
        }
        assert.deepEqual(statuses, [...Array(letterFlood.letters).fill(202), 429], email);
      }
    });

    it('that two change to at once is that of one, and the link of the other is refused', async (t) => {
      const house = await open(t);
      const [ada, bob] = [await house.member('ada@example.org'), await house.member('bob@example.org')];
      const tokens: string[] = [];
      for (const member of [ada, bob]) {
        await member.post('/api/people/me/email', change);
        tokens.push(linkToken(await house.letterTo(change.email)));
        house.later(1);
      }
      const answers = await Promise.all([ada, bob].map((one, index) => one.post('/api/people/me/email/confirm', { token: tokens[index] })));
      assert.deepEqual(answers.map(({ status }) => status).sort(), [204, 400]);
      assert.equal(answers.find(({ status }) => status === 400)?.json().reason.name, 'link-expired');
    });

    it('that somebody opened an account with in the meantime stays theirs', async (t) => {
      const house = await open(t);
      const ada = await house.member('ada@example.org');
      await ada.post('/api/people/me/email', change);
      const token = linkToken(await house.letterTo(change.email));
      house.later(1);
      await house.member(change.email);
      assert.equal((await ada.post('/api/people/me/email/confirm', { token })).status, 400);
      assert.equal((await ada.whoAmI())?.email, 'ada@example.org');
    });
  });
}
