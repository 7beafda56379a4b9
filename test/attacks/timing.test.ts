/**
 * S13: what an attacker learns from times, and what floods cost. A login takes as long with an account as without one; floods of
 * logins, headers, messages and addresses are bounded, and others are served meanwhile.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { before, describe, it } from 'node:test';
import { sql } from 'kysely';
import { WebSocket } from 'ws';
import { removeExpired } from '#modules/people/store/expired.ts';
import { sendBytes, sendTo } from '#testkit/web-server.ts';
import { Browser, behindProxy } from './browser.ts';
import { openWorld, password, suiteCleanup, type World } from './world.ts';

describe('a login', { timeout: 300_000 }, () => {
  const t = suiteCleanup();
  let world: World;
  const email = 'ada@example.org';
  let address = 0;
  const guess = (of: string) => {
    address += 1;
    return new Browser(world, `203.0.${Math.trunc(address / 250)}.${address % 250}`).post('/api/people/login', {
      email: of,
      password: 'a wrong guess',
    });
  };

  before(async () => {
    world = await openWorld(t, { roles: ['people'], environment: behindProxy });
    const ada = await world.person('ada');
    // World's passwords are cheap: this one is kept as those of people are.
    const body = { password, newPassword: 'eleven gulls over the quay' };
    assert.equal((await world.ask('POST', '/api/people/me/password', { as: ada, body })).status, 204);
    await guess(email);
  });

  it('takes as much work for an unknown address as for a known one', async () => {
    // The time of the processor, and not of the clock: it is the same on a busy machine.
    const worked = async (of: string) => {
      const begun = process.cpuUsage();
      assert.equal((await guess(of)).status, 401);
      const { user, system } = process.cpuUsage(begun);
      return (user + system) / 1_000;
    };
    const known: number[] = [];
    const unknown: number[] = [];
    const apart = () => Math.abs(median(known) - median(unknown)) / median([...known, ...unknown]);
    // More samples only make a difference by chance smaller: one that is there stays.
    for (let sample = 0; sample < 60 && (sample < 20 || apart() > 0.1); sample++) {
      known.push(await worked(email));
      unknown.push(await worked(`nobody-${sample}@example.org`));
    }
    assert.ok(apart() < 0.2, `known ${median(known).toFixed(1)} ms, unknown ${median(unknown).toFixed(1)} ms of work`);
  });

  it('of a hundred at once, others are served meanwhile, and no more than a few wait', async () => {
    let done = false;
    const flood = Promise.all(Array.from({ length: 150 }, (_, one) => guess(`flood-${one}@example.org`))).finally(() => {
      done = true;
    });
    const waits: number[] = [];
    while (!done) {
      const begun = performance.now();
      assert.equal((await sendTo(world.port, '/healthz')).status, 200);
      waits.push(performance.now() - begun);
    }
    const statuses = (await flood).map(({ status }) => status);
    const refused = statuses.filter((status) => status === 503).length;
    assert.ok(refused > 0 && statuses.every((status) => status === 401 || status === 503), JSON.stringify(statuses));
    assert.ok(median(waits) < 250, `others wait ${median(waits).toFixed(0)} ms`);
  });

  it('leaves a bounded number of counters, however many addresses it comes from', async () => {
    const count = async () =>
      Number(
        (await world.state.read((queries) => sql<{ n: number }>`select count(*) as n from person_attempts`.execute(queries))).rows[0]?.n,
      );
    const rows = Array.from({ length: 1_000 }, (_, row) => sql`(${`flood:${row}`}, 1, ${row}, 0)`);
    await world.state.write((queries) => sql`insert into person_attempts values ${sql.join(rows)}`.execute(queries));
    const before = await count();
    const rules = { member: { idleMs: 1, longestMs: 1 }, admin: { idleMs: 1, longestMs: 1 }, adminsNeedSecondFactor: false };
    await world.state.write((queries) => removeExpired(queries, rules, 1_000, { atOnce: 5_000, counters: 500 }));
    assert.ok(before > 1_000);
    const left = await count();
    assert.ok(left <= 500 && left >= 400, `${left} are left`);
  });
});

describe('a flood', { timeout: 300_000 }, () => {
  const t = suiteCleanup();
  let world: World;

  before(async () => {
    const environment = { ...behindProxy, RATE_LIMIT_PER_MINUTE: '30' };
    world = await openWorld(t, { roles: ['people', 'stocks-liveview', 'errands-delivery'], environment });
  });

  it('of headers is refused before it is stored', async () => {
    const answer = await sendBytes(world.port, `GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 413 /);
    // Hundreds that never end hold nobody up.
    const halves = Array.from({ length: 300 }, () => {
      const half = connect({ host: '127.0.0.1', port: world.port });
      half.on('error', () => {});
      half.write('GET /healthz HTTP/1.1\r\nHost: local');
      return half;
    });
    assert.equal((await sendTo(world.port, '/healthz')).status, 200);
    for (const half of halves) half.destroy();
  });

  it('of messages ends its socket', async () => {
    const ada = await world.person('ada');
    for (const path of ['/live', '/api/errands/feed/socket']) {
      const socket = new WebSocket(`${world.url.replace('http', 'ws')}${path}`, { headers: { cookie: ada.cookie } });
      socket.on('error', () => {});
      await once(socket, 'open');
      for (let message = 0; message < 2_000; message++) socket.send('{"type":"subscribe"}');
      await once(socket, 'close', { signal: AbortSignal.timeout(20_000) });
    }
    assert.equal((await sendTo(world.port, '/healthz')).status, 200);
  });

  it('of requests from one network of IPv6 addresses counts as that of one', async () => {
    // All at once, so that they come within the minute in which they are counted.
    const hosts = Array.from({ length: 40 }, (_, host) => `2001:db8:1:2::${(host + 1).toString(16)}`);
    const statuses = await Promise.all(hosts.map(async (host) => (await new Browser(world, host).get('/api/people/me')).status));
    assert.deepEqual(
      [200, 429].map((status) => statuses.filter((one) => one === status).length),
      [30, 10],
    );
    assert.equal((await new Browser(world, '2001:db8:1:3::1').get('/api/people/me')).status, 200, 'another network');
  });

  it('cannot be blown up by compression: nothing is compressed, nor uncompressed', async () => {
    const plain = await sendTo(world.port, '/api/openapi.json', { headers: { 'accept-encoding': 'gzip, br, deflate' } });
    assert.equal(plain.headers['content-encoding'], undefined);
    const bomb = { 'content-type': 'application/json', 'content-encoding': 'gzip', 'x-forwarded-for': '198.51.100.77' };
    const sent = await sendTo(world.port, '/api/people/login', { method: 'POST', headers: bomb, body: Buffer.from('1f8b0800', 'hex') });
    assert.equal(Math.trunc(sent.status / 100), 4, sent.text);
    const socket = new WebSocket(`${world.url.replace('http', 'ws')}/live`, { perMessageDeflate: true });
    await once(socket, 'open');
    assert.equal(socket.extensions, '');
    socket.terminate();
  });
});

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.trunc(values.length / 2)] ?? 0;
}
