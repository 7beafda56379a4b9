/**
 * S5: strangers hold nobody up. A hundred of them guess the password of an account and ask for letters to its address; its owner logs
 * in from a device that did so before, changes the password in a live session, and gets a letter at once.
 */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { sql } from 'kysely';
import { attemptRules } from '#modules/people/domain/attempts.ts';
import { Browser, behindProxy } from './browser.ts';
import { openWorld, password, suiteCleanup, type World } from './world.ts';

const attackers = 100;
const guessesOfEach = 3;

describe('a hundred attackers, each with an address of its own', { timeout: 300_000 }, () => {
  const t = suiteCleanup();
  let world: World;
  let owner: Browser;
  let device: string;
  const email = 'ada@example.org';
  const login = (browser: Browser, guess: string) => browser.post('/api/people/login', { email, password: guess });
  const from = (address: string) => new Browser(world, address);

  async function fromAll(attack: (attacker: Browser) => Promise<{ status: number }>): Promise<readonly number[]> {
    const answers = await Promise.all(Array.from({ length: attackers }, (_, attacker) => attack(from(`203.0.113.${attacker}`))));
    return answers.map(({ status }) => status);
  }

  before(async () => {
    world = await openWorld(t, { roles: ['people'], environment: behindProxy });
    await world.person('ada');
    owner = from('198.51.100.1');
    assert.equal((await login(owner, password)).status, 200);
    device = owner.cookies.get('kontor_device') ?? assert.fail('the device got no cookie');
  });

  it('who guess a password are slowed down, and its owner is not', async () => {
    const { free, firstWaitMs } = attemptRules.loginOfStrangers;
    const begunMs = performance.now();
    const statuses: number[] = [];
    for (let guess = 0; guess < guessesOfEach; guess++) statuses.push(...(await fromAll((attacker) => login(attacker, 'a wrong guess'))));
    const looked = statuses.filter((status) => status === 401).length;
    // One more after each wait, of which each is twice as long as the one before it.
    const waits = Math.floor(Math.log2((performance.now() - begunMs) / firstWaitMs + 1));
    assert.ok(looked <= free + waits, `${looked} guesses were compared`);

    // As if some waits had passed: the next one is so long that it does not end while this test looks.
    for (let wait = 0; wait < 5; wait++) {
      await world.state.write((queries) => sql`update person_attempts set blocked_until = 0`.execute(queries));
      assert.equal((await login(from(`203.0.113.${200 + wait}`), 'a wrong guess')).status, 401);
    }
    assert.equal((await login(from('203.0.113.250'), password)).status, 429, 'strangers wait, also with the right password');

    const knownDevice = from('198.51.100.2');
    knownDevice.cookies.set('kontor_device', device);
    assert.equal((await login(knownDevice, password)).status, 200, 'a device that logged in before');
    const change = await owner.post('/api/people/me/password', { password, newPassword: 'eleven gulls over the quay' });
    assert.equal(change.status, 204, 'a live session');
  });

  it('who ask for letters do not delay the reset of its owner', async () => {
    await fromAll((attacker) => attacker.post('/api/people/password/forgotten', { email }));
    const elsewhere = from('198.51.100.3');
    assert.equal((await elsewhere.post('/api/people/password/forgotten', { email })).status, 202, 'a device that nobody knows');
    const inTheMailbox = await from('198.51.100.9').newestToken(email);
    const knownDevice = from('198.51.100.4');
    knownDevice.cookies.set('kontor_device', device);
    assert.equal((await knownDevice.post('/api/people/password/forgotten', { email })).status, 202);
    assert.notEqual(await from('198.51.100.9').newestToken(email), inTheMailbox, 'a device that is known gets a letter at once');
    const reset = await elsewhere.post('/api/people/password/reset', { token: inTheMailbox, password: 'a kettle of green herons' });
    assert.equal(reset.status, 204, 'the newest letter works, no matter who asked for it');
    assert.equal((await login(elsewhere, 'a kettle of green herons')).status, 200, 'who reads the mail of the address is known');
  });
});
