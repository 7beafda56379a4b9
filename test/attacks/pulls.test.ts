/** Only those who may pull the plug can: nobody from elsewhere, no member, nobody through a proxy, and not all the time. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { recordEvents } from '#core/events.ts';
import { openWorld, type Person, reasonOf, suiteCleanup, type World } from './world.ts';

const roles = ['people', 'relay', 'auditor', 'overview'];
const pull = { kind: 'stop-role', target: 'no-such-role' };
const path = '/api/overview/pulls';

describe('pulling the plug of a house that is no demonstration', { timeout: 300_000 }, () => {
  const cleanup = suiteCleanup();
  let world: World;
  let member: Person;
  let admin: Person;

  before(async () => {
    world = await openWorld(cleanup, { roles, environment: { DEMO: 'off' } });
    member = await world.person('member');
    admin = await world.person('admin', { role: 'admin' });
  });

  it('is refused to strangers and members, who see nothing of the house either', async () => {
    for (const [as, status] of [[undefined, 401] as const, [member, 403] as const]) {
      const who = as === undefined ? {} : { as };
      assert.equal((await world.ask('POST', path, { ...who, body: pull })).status, status);
      for (const hidden of ['/api/overview/house', path, `${path}.csv`, `${path}/${'0'.repeat(32)}`])
        assert.equal((await world.ask('GET', hidden, who)).status, status, hidden);
    }
    const { mayPull, why, choices } = (await world.ask('GET', `${path}/choices`, { as: member })).json();
    assert.deepEqual([mayPull, why, choices], [false, 'not-admin', []]);
    assert.equal((await world.ask('GET', `${path}/choices`)).json().why, 'log-in');
  });

  it('shows everybody the books, and neither which rows would break a law nor why an engine is away', async () => {
    const values = { process: 'front', says: 'connect ECONNREFUSED 10.1.2.3:5432' };
    const at = Date.now();
    const event = { id: 'away', at, kind: 'engine-away', subject: 'stream', values } as const;
    await world.state.write((queries) => recordEvents(queries, [event], at));
    const { status, text } = await world.ask('GET', '/api/overview');
    assert.equal(status, 200);
    assert.match(text, /front cannot reach stream"/);
    assert.doesNotMatch(text, /sqlite|postgres:|127\.0\.0\.1|10\.1\.2\.3/);
  });

  it('is refused to a token of an admin without that scope', async () => {
    const token = await world.token(admin, ['read', 'write']);
    assert.equal((await world.ask('POST', path, { token, body: pull })).status, 403);
  });

  it('is refused to pages of other sites, and for other hosts', async () => {
    const hosts = [{ host: 'evil.example' }, { origin: 'https://evil.example' }, { 'x-forwarded-host': 'evil.example' }];
    for (const headers of hosts) assert.equal((await world.ask('POST', path, { as: admin, headers, body: pull })).status, 403);
  });

  it('takes no other kinds, and nothing beside its two fields', async () => {
    for (const body of [{ kind: 'rm', target: '/' }, { kind: 'stop-role' }, { ...pull, pid: 1 }, { ...pull, target: 'x'.repeat(101) }])
      assert.equal((await world.ask('POST', path, { as: admin, body })).status, 400);
    assert.deepEqual(reasonOf(await world.ask('POST', path, { as: admin, body: pull })), [404, 'pull-unknown']);
    for (const kind of ['fill-disk', 'set-clock'])
      assert.equal((await world.ask('POST', path, { as: admin, body: { kind, target: 'overview' } })).status, 404, 'it serves pages');
    for (const kind of ['kill-process', 'set-process-clock'])
      assert.equal((await world.ask('POST', path, { as: admin, body: { kind, target: 'relay' } })).status, 404, 'those are of clusters');
  });

  it('is refused when it comes too often', async () => {
    const statuses: number[] = [];
    for (let asked = 0; asked < 12; asked += 1) statuses.push((await world.ask('POST', path, { as: admin, body: pull })).status);
    assert.equal(statuses.at(-1), 429);
    assert.ok(statuses.every((status) => status === 404 || status === 429));
  });
});

describe('pulling the plug of a demonstration that everybody reaches', { timeout: 300_000 }, () => {
  const cleanup = suiteCleanup();
  let world: World;

  before(async () => {
    world = await openWorld(cleanup, { roles, environment: { DEMO: 'on', TRUSTED_PROXIES: '127.0.0.1', ALLOWED_HOSTS: 'kontor.example' } });
  });

  it('is only for visitors at the machine itself', async () => {
    for (const headers of [{ host: 'kontor.example' }, { 'x-forwarded-for': '127.0.0.1' }, { via: '1.1 proxy' }, { 'cf-ray': '1' }]) {
      assert.equal((await world.ask('POST', path, { headers, body: pull })).status, 401, JSON.stringify(headers));
      const { mayPull, why } = (await world.ask('GET', `${path}/choices`, { headers })).json();
      assert.deepEqual([mayPull, why], [false, 'not-at-this-machine']);
    }
    assert.equal(
      (await world.ask('POST', path, { body: pull })).status,
      404,
      'at the machine itself it is asked whether there is such a role',
    );
    const { mayPull, choices } = (await world.ask('GET', `${path}/choices`)).json();
    assert.equal(mayPull, true);
    const ofRelay = choices.filter(({ target, says }: Record<string, string>) => target === 'relay' && says);
    assert.deepEqual(
      ofRelay.map(({ kind }: Record<string, string>) => kind),
      ['stop-role', 'cut-role', 'fill-disk', 'set-clock'],
    );
  });

  it('happens once at a time', async () => {
    const kinds = ['cut-role', 'fill-disk', 'set-clock'];
    const answers = await Promise.all(kinds.map((kind) => world.ask('POST', path, { body: { kind, target: 'relay' } })));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409, 409]);
  });
});
