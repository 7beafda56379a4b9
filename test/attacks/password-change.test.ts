/** S8: who got in with an old password, a letter or a token is out once the owner has a new password, by the page or by the command. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { realClock } from '#house/real-clock.ts';
import { realRandom } from '#house/real-random.ts';
import { openPasswords } from '#modules/people/engines/argon2.ts';
import { createAdmin } from '#modules/people/store/accounts/admin.ts';
import { Browser, behindProxy } from './browser.ts';
import { openWorld, type Person, password, suiteCleanup, type World } from './world.ts';

describe('after a new password', { timeout: 300_000 }, () => {
  const t = suiteCleanup();
  let world: World;

  before(async () => {
    world = await openWorld(t, { roles: ['people'], environment: behindProxy });
  });

  /** All that a thief may have taken from a person. */
  async function takenFrom(person: Person) {
    const { email } = person.account;
    const thief = new Browser(world, '203.0.113.7');
    assert.equal((await thief.post('/api/people/login', { email, password })).status, 200);
    await thief.post('/api/people/password/forgotten', { email });
    const link = await thief.newestToken(email);
    const token = await world.token(person, ['read', 'write']);
    return { thief, link, token };
  }

  async function isOut({ thief, link, token }: Awaited<ReturnType<typeof takenFrom>>): Promise<void> {
    assert.equal((await thief.get('/api/people/me')).json().account, null, 'the other session');
    const reset = await thief.post('/api/people/password/reset', { token: link, password: 'chosen by the thief' });
    assert.equal(reset.json().reason?.name, 'link-expired', 'the link of the older letter');
    assert.equal((await world.ask('POST', '/api/people/token', { token, body: {} })).status, 401, 'the access token');
  }

  it('by its owner', async () => {
    const ada = await world.person('ada');
    const taken = await takenFrom(ada);
    const kept = await world.token(ada, ['read']);
    const { accessTokens } = (await world.ask('GET', '/api/people/me/access-tokens', { as: ada })).json();
    const body = { password, newPassword: 'eleven gulls over the quay', keepAccessTokens: [accessTokens[0].id] };
    assert.equal((await world.ask('POST', '/api/people/me/password', { as: ada, body })).status, 204);
    await isOut(taken);
    assert.equal((await world.ask('GET', '/api/people/me', { token: kept })).json().account?.id, ada.account.id, 'what was kept by choice');
  });

  it('by `kontor people create-admin`', async () => {
    const bob = await world.person('bob');
    const taken = await takenFrom(bob);
    const ports = { state: world.state, clock: realClock, random: realRandom };
    await createAdmin(ports, openPasswords(), bob.account.email, { keepTokens: false });
    await isOut(taken);
  });
});
