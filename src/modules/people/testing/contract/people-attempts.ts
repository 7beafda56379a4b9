/** Guessing takes longer and longer, by account and by network, in every process; who logged in before is not held up by strangers. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { attemptRules, letterFlood } from '../../domain/attempts.ts';
import { goodPassword, linkToken, type PeopleHouse } from '../people-house.ts';
import type { OpenHouse } from './people.ts';

const { free, firstWaitMs, longestWaitMs } = attemptRules.login;

export function attemptPromises(open: OpenHouse): void {
  const login = (house: PeopleHouse, password: string, address: string, email = 'ada@example.org') =>
    house.visitor(address).post('/api/people/login', { email, password });
  const wrong = 'a wrong password';
  const here = '203.0.113.77';

  describe('guessing', () => {
    it('has to wait, twice as long after each wrong guess, also with the right password', async (t) => {
      const house = await open(t);
      await house.member('ada@example.org');
      for (let guess = 0; guess < free; guess++) assert.equal((await login(house, wrong, here)).status, 401);
      let expectedMs = firstWaitMs;
      for (let round = 0; round < 3; round++) {
        const verified = house.verifications();
        const refused = await login(house, goodPassword, here);
        assert.equal(refused.status, 429);
        assert.equal(refused.headers['retry-after'], String(expectedMs / 1_000));
        assert.equal(house.verifications(), verified, 'nothing is compared while it waits');
        house.later(expectedMs);
        assert.equal((await login(house, wrong, here)).status, 401);
        expectedMs *= 2;
      }
      house.later(expectedMs);
      assert.equal((await login(house, goodPassword, here)).status, 200);
      assert.equal((await login(house, wrong, here)).status, 401, 'what was guessed before the right one is forgotten');
      assert.equal((await login(house, goodPassword, here)).status, 200);
    });

    it('waits at most for the longest wait of the rule', async (t) => {
      const house = await open(t);
      for (let guess = 0; guess < free + 15; guess++) {
        await login(house, wrong, here);
        house.later(longestWaitMs);
      }
      await login(house, wrong, here);
      const refused = await login(house, wrong, here);
      assert.equal(refused.headers['retry-after'], String(longestWaitMs / 1_000));
    });

    it('from many networks has to wait too, in every process; who logged in before does not', async (t) => {
      const house = await open(t);
      const ada = await house.member('ada@example.org');
      const second = await house.second();
      const strangers = attemptRules.loginOfStrangers.free;
      const before = house.verifications() + second.verifications();
      for (let guess = 0; guess < strangers + 20; guess++)
        await login(guess % 2 === 0 ? house : second, wrong, `203.0.${Math.trunc(guess / 250)}.${guess % 250}`);
      assert.equal(house.verifications() + second.verifications() - before, strangers);
      assert.equal((await login(house, goodPassword, '203.0.113.1')).status, 429, 'another stranger, for all that the house knows');
      ada.cookie = undefined;
      assert.equal((await ada.post('/api/people/login', { email: 'ada@example.org', password: goodPassword })).status, 200);
    });

    it('counts in every process, and counts all attempts of the same moment', async (t) => {
      const house = await open(t);
      await house.member('ada@example.org');
      const second = await house.second();
      const before = house.verifications() + second.verifications();
      const guesses = Array.from({ length: 40 }, (_, guess) => login(guess % 2 === 0 ? house : second, wrong, here));
      const statuses = (await Promise.all(guesses)).map(({ status }) => status);
      assert.equal(statuses.filter((status) => status === 401).length, free);
      assert.equal(statuses.filter((status) => status === 429).length, 40 - free);
      assert.equal(house.verifications() + second.verifications() - before, free);
    });

    it('waits by network address too, whichever account it is about; other networks do not', async (t) => {
      const house = await open(t);
      await house.member('ada@example.org');
      const many = attemptRules.loginByNetwork.free;
      for (let guess = 0; guess < many; guess++)
        assert.equal((await login(house, wrong, '2001:db8:1:2::1', `nobody-${guess}@example.org`)).status, 401);
      assert.equal((await login(house, goodPassword, '2001:db8:1:2:ffff::9')).status, 429, 'the same network');
      assert.equal((await login(house, goodPassword, '2001:db8:1:3::1')).status, 200, 'another one');
    });

    it('does not count successful logins against a network address', async (t) => {
      const house = await open(t);
      await house.member('ada@example.org');
      for (let time = 0; time < attemptRules.loginByNetwork.free + 5; time++)
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

  describe('a device that logged in before', () => {
    it('is held up by its own guesses only, and other devices not by those', async (t) => {
      const house = await open(t);
      const ada = await house.member('ada@example.org');
      ada.cookie = undefined;
      for (let guess = 0; guess < free; guess++)
        assert.equal((await ada.post('/api/people/login', { email: 'ada@example.org', password: wrong })).status, 401);
      assert.equal((await ada.post('/api/people/login', { email: 'ada@example.org', password: goodPassword })).status, 429);
      assert.equal((await login(house, goodPassword, here)).status, 200);
    });

    it('is known by a cookie of its account, which nobody can make up', async (t) => {
      const house = await open(t);
      const [ada, bob] = [await house.member('ada@example.org'), await house.member('bob@example.org')];
      for (let guess = 0; guess < free; guess++) await login(house, wrong, here);
      for (const device of [bob.device, `${ada.device?.slice(0, -1)}-`, 'kontor_device=x']) {
        const stranger = house.visitor(here);
        stranger.device = device;
        assert.equal(
          (await stranger.post('/api/people/login', { email: 'ada@example.org', password: goodPassword })).status,
          429,
          String(device),
        );
      }
      const moved = house.visitor(here);
      moved.device = ada.device;
      assert.equal((await moved.post('/api/people/login', { email: 'ada@example.org', password: goodPassword })).status, 200);
      assert.equal(moved.device?.split('.')[0], ada.device?.split('.')[0], 'it stays the same device');
    });
  });

  describe('letters', () => {
    const email = 'ada@example.org';
    const askFrom = (house: PeopleHouse, address: string) => house.visitor(address).post('/api/people/password/forgotten', { email });

    it('to one address are limited for each network', async (t) => {
      const house = await open(t);
      for (let letter = 0; letter < attemptRules.letter.free; letter++) assert.equal((await askFrom(house, here)).status, 202);
      assert.equal((await askFrom(house, here)).status, 429);
      assert.equal((await askFrom(house, '203.0.113.200')).status, 202);
    });

    it('that many strangers ask for do not flood a mailbox, whose newest letter always works', async (t) => {
      const house = await open(t);
      const ada = await house.member(email);
      const before = (await house.letters()).length;
      for (let stranger = 0; stranger < 30; stranger++) assert.equal((await askFrom(house, `203.0.113.${stranger}`)).status, 202);
      assert.equal((await house.letters()).length - before, letterFlood.letters);
      house.later(letterFlood.newestOlderMs);
      assert.equal((await askFrom(house, '203.0.113.100')).status, 202);
      assert.equal((await house.letters()).length - before, letterFlood.letters + 1, 'after a while, another one');
      assert.equal((await ada.post('/api/people/password/forgotten', { email })).status, 202);
      assert.equal((await house.letters()).length - before, letterFlood.letters + 2, 'a device that is known gets one at once');
      const answer = { token: linkToken(await house.letterTo(email)), password: 'an entirely new one' };
      assert.equal((await house.visitor('203.0.113.201').post('/api/people/password/reset', answer)).status, 204);
    });

    it('are limited by the network that they are asked from', async (t) => {
      const house = await open(t);
      const ask = (to: number) => house.visitor(here).post('/api/people/sign-up', { email: `ada-${to}@example.org`, name: 'Ada' });
      for (let letter = 0; letter < attemptRules.letterByNetwork.free; letter++) await ask(letter);
      assert.equal((await ask(100)).status, 429);
    });
  });
}
