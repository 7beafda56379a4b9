/** Guessing takes longer and longer, by account and by address, in every process. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { attemptRules } from '../../domain/attempts.ts';
import { goodPassword, type PeopleHouse } from '../people-house.ts';
import type { OpenHouse } from './people.ts';

const { free, firstWaitMs, longestWaitMs } = attemptRules.loginByEmail;

export function attemptPromises(open: OpenHouse): void {
  const login = (house: PeopleHouse, password: string, address: string, email = 'ada@example.org') =>
    house.visitor(address).post('/api/people/login', { email, password });
  const wrong = 'a wrong password';

  describe('guessing', () => {
    it('has to wait, twice as long after each wrong guess, also with the right password', async (t) => {
      const house = await open(t);
      await house.member('ada@example.org');
      for (let guess = 0; guess < free; guess++) assert.equal((await login(house, wrong, `203.0.113.${guess}`)).status, 401);
      let expectedMs = firstWaitMs;
      for (let round = 0; round < 3; round++) {
        const verified = house.verifications();
        const refused = await login(house, goodPassword, '203.0.113.100');
        assert.equal(refused.status, 429);
        assert.equal(refused.headers['retry-after'], String(expectedMs / 1_000));
        assert.equal(house.verifications(), verified, 'nothing is compared while it waits');
        house.later(expectedMs);
        assert.equal((await login(house, wrong, '203.0.113.101')).status, 401);
        expectedMs *= 2;
      }
      house.later(expectedMs);
      assert.equal((await login(house, goodPassword, '203.0.113.102')).status, 200);
      assert.equal((await login(house, wrong, '203.0.113.103')).status, 401, 'what was guessed before the right one is forgotten');
      assert.equal((await login(house, goodPassword, '203.0.113.104')).status, 200);
    });

    it('waits at most for the longest wait of the rule', async (t) => {
      const house = await open(t);
      for (let guess = 0; guess < free + 15; guess++) {
        await login(house, wrong, `203.0.113.${guess}`);
        house.later(longestWaitMs);
      }
      await login(house, wrong, '203.0.113.200');
      const refused = await login(house, wrong, '203.0.113.201');
      assert.equal(refused.headers['retry-after'], String(longestWaitMs / 1_000));
    });

    it('counts in every process, and counts all attempts of the same moment', async (t) => {
      const house = await open(t);
      await house.member('ada@example.org');
      const second = await house.second();
      const before = house.verifications() + second.verifications();
      const guesses = Array.from({ length: 40 }, (_, guess) => login(guess % 2 === 0 ? house : second, wrong, `203.0.113.${guess}`));
      const statuses = (await Promise.all(guesses)).map(({ status }) => status);
      assert.equal(statuses.filter((status) => status === 401).length, free);
      assert.equal(statuses.filter((status) => status === 429).length, 40 - free);
      assert.equal(house.verifications() + second.verifications() - before, free);
    });

    it('waits by network address too, whichever account it is about; other networks do not', async (t) => {
      const house = await open(t);
      await house.member('ada@example.org');
      const many = attemptRules.loginByAddress.free;
      for (let guess = 0; guess < many; guess++)
        assert.equal((await login(house, wrong, '2001:db8:1:2::1', `nobody-${guess}@example.org`)).status, 401);
      assert.equal((await login(house, goodPassword, '2001:db8:1:2:ffff::9')).status, 429, 'the same network');
      assert.equal((await login(house, goodPassword, '2001:db8:1:3::1')).status, 200, 'another one');
    });

    it('does not count successful logins against a network address', async (t) => {
      const house = await open(t);
      await house.member('ada@example.org');
      for (let time = 0; time < attemptRules.loginByAddress.free + 5; time++)
        assert.equal((await login(house, goodPassword, '203.0.113.1')).status, 200);
    });

    it('is no easier with a stolen session: wrong present passwords count, too', async (t) => {
      const house = await open(t);
      const ada = await house.member('ada@example.org');
      for (let guess = 0; guess < free; guess++)
        assert.equal((await ada.post('/api/people/me/second-factor', { password: wrong })).status, 400);
      assert.equal((await ada.post('/api/people/me/second-factor', { password: goodPassword })).status, 429);
    });
  });

  describe('letters', () => {
    it('are limited by the address that they go to', async (t) => {
      const house = await open(t);
      const ask = (from: number) => house.visitor(`203.0.113.${from}`).post('/api/people/password/forgotten', { email: 'ada@example.org' });
      for (let letter = 0; letter < attemptRules.letterByEmail.free; letter++) assert.equal((await ask(letter)).status, 202);
      assert.equal((await ask(100)).status, 429);
      assert.equal((await house.letters()).length, attemptRules.letterByEmail.free);
    });

    it('are limited by the network address that they are asked from', async (t) => {
      const house = await open(t);
      const ask = (to: number) => house.visitor('203.0.113.1').post('/api/people/sign-up', { email: `ada-${to}@example.org`, name: 'Ada' });
      for (let letter = 0; letter < attemptRules.letterByAddress.free; letter++) assert.equal((await ask(letter)).status, 202);
      assert.equal((await ask(100)).status, 429);
    });
  });
}
