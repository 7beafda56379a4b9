/** S12: no password that is guessed first, no admin who is away, no admin with a password alone where the house insists, no formula in an export. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { sql } from 'kysely';
import { saveCategories } from '#modules/shop/store/catalogue/save-products.ts';
import { openWorld, type Person, password, suiteCleanup, type World } from './world.ts';

const minuteMs = 60_000;

describe('accounts', { timeout: 300_000 }, () => {
  const t = suiteCleanup();
  let world: World;
  let admin: Person;

  before(async () => {
    world = await openWorld(t, { roles: ['people', 'shop-api'] });
    admin = await world.person('grace', { role: 'admin' });
  });

  it('get no password that is among the commonest, also with figures behind it', async () => {
    const ada = await world.person('ada');
    for (const newPassword of [
      'password12',
      'Password1234',
      'sunshine123!',
      '1q2w3e4r5t',
      '12345678901',
      '0123456789',
      '8901234567',
      '9876543210',
    ]) {
      const answer = await world.ask('POST', '/api/people/me/password', { as: ada, body: { password, newPassword } });
      assert.deepEqual([answer.status, answer.json().errors[0].reason.name], [400, 'password-common'], newPassword);
    }
  });

  it('of admins are logged out much sooner', async () => {
    const bob = await world.person('bob');
    const idleFor = (minutes: number) =>
      world.state.write((queries) => sql`update person_session set seen_at = ${Date.now() - minutes * minuteMs}`.execute(queries));
    const isIn = async (who: Person) => (await world.ask('GET', '/api/people/me', { as: who })).json().account !== null;
    await idleFor(29);
    assert.deepEqual([await isIn(admin), await isIn(bob)], [true, true]);
    await idleFor(31);
    assert.deepEqual([await isIn(admin), await isIn(bob)], [false, true]);
    await idleFor(73 * 60);
    assert.equal(await isIn(bob), false);
  });

  it('of admins are asked for a second factor at login', async () => {
    const body = { email: admin.account.email, password };
    assert.equal((await world.ask('POST', '/api/people/login', { body })).json().secondFactorWanted, 'asked');
  });

  it('export products so that no spreadsheet runs a formula, and read them back', async () => {
    const boss = await world.person('hedy', { role: 'admin' });
    const file = [
      'product,category,name,description,keywords,variant,variant_name,price,active,stock',
      'tea,pantry,"=HYPERLINK(""http://evil.example"")",@SUM(A1),-1,TEA-1,+1,5,yes,3',
    ].join('\n');
    const pantry = { id: 'pantry', name: 'Pantry', instrument: 'SHOP.PANTRY', taxBasisPoints: 700 };
    await world.state.write((queries) => saveCategories(queries, [pantry]));
    const path = '/api/shop/admin/products.csv';
    const imported = await world.ask('POST', path, { as: boss, text: file, headers: { 'content-type': 'text/csv' } });
    assert.equal(imported.status, 200, imported.text);
    const exported = (await world.ask('GET', path, { as: boss })).text;
    assert.match(exported, /"'=HYPERLINK\(""http:\/\/evil\.example""\)",'@SUM\(A1\),'-1,TEA-1,'\+1,5,yes,3/);
    const again = await world.ask('POST', path, { as: boss, text: exported, headers: { 'content-type': 'text/csv' } });
    assert.equal(again.status, 200, again.text);
    assert.equal((await world.ask('GET', path, { as: boss })).text, exported);
  });
});

describe('a house that insists on a second factor', { timeout: 300_000 }, () => {
  const t = suiteCleanup();
  let world: World;

  before(async () => {
    world = await openWorld(t, { roles: ['people'], environment: { ADMIN_SECOND_FACTOR: 'insist' } });
  });

  it('lets an admin without one do no more than a member, in a session or by a token', async () => {
    const admin = await world.person('grace', { role: 'admin' });
    const ask = (asked: object) => world.ask('GET', '/api/people/accounts', asked);
    assert.equal((await ask({ as: admin })).status, 403);
    assert.match((await ask({ as: admin })).text, /second factor/);
    assert.equal((await ask({ token: await world.token(admin, ['read']) })).status, 403);
    const made = await world.ask('POST', '/api/people/me/access-tokens', {
      as: admin,
      body: { name: 'later', scopes: ['admin'], days: 1 },
    });
    assert.equal(made.status, 403, 'a token that works once there is a second factor');
    assert.equal((await world.ask('GET', '/api/people/me', { as: admin })).json().secondFactorWanted, 'needed');
  });
});
