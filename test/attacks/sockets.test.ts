/** Nobody takes all the places of a process: what stays open is counted by address and by account, sockets and waiting answers alike. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type ClientRequest, get, type IncomingMessage, request } from 'node:http';
import { before, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { until } from '#testkit/until.ts';
import { openWorld, type Person, reasonOf, suiteCleanup, type World } from './world.ts';

const perAddress = 12;
const perAccount = 5;
const everySocket = ['/', '/live', '/api/errands/feed/socket', '/api/errands/desk/socket'] as const;
const subscribe = JSON.stringify({ type: 'subscribe' });
const claim = JSON.stringify({ machine: 'm', version: '1', concurrency: 1, max: 1, waitMs: 20_000 });

describe('what stays open', { timeout: 300_000 }, () => {
  const cleanup = suiteCleanup();
  let world: World;
  let mallory: Person;
  let other: Person;

  before(async () => {
    const environment = {
      TRUSTED_PROXIES: '127.0.0.1',
      ALLOWED_HOSTS: 'kontor.example',
      SOCKETS_PER_ADDRESS: String(perAddress),
      SOCKETS_PER_ACCOUNT: String(perAccount),
    };
    world = await openWorld(cleanup, { environment });
    mallory = await world.person('mallory');
    other = await world.person('other');
  });

  const from = (address: string, person?: Person): Record<string, string> => ({
    'x-forwarded-for': address,
    ...(person === undefined ? {} : { cookie: person.cookie }),
  });

  function dial(path: string, headers: Readonly<Record<string, string>>): WebSocket {
    const socket = new WebSocket(world.url.replace('http', 'ws') + path, { headers });
    socket.on('error', () => {});
    return socket;
  }

  /** `open`, or the status that the upgrade was refused with. */
  async function dialled(
    path: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<{ socket: WebSocket; outcome: 'open' | number }> {
    const socket = dial(path, headers);
    const outcome = await Promise.race([
      once(socket, 'open').then(() => 'open' as const),
      once(socket, 'unexpected-response').then(([, answer]) => (answer as IncomingMessage).statusCode ?? 0),
    ]);
    return { socket, outcome };
  }

  async function closeAll(sockets: readonly WebSocket[]): Promise<void> {
    const open = sockets.filter(({ readyState }) => readyState !== WebSocket.CLOSED);
    const closed = open.map((socket) => once(socket, 'close'));
    for (const socket of open) socket.terminate();
    await Promise.all(closed);
  }

  /** The server learns of a closed connection a moment later. */
  const freeAgain = (answered: () => Promise<boolean>) => until(answered, { describe: 'the places that were given back' });

  for (const path of everySocket) {
    it(`is limited for an address on ${path}, and others are let in`, async () => {
      const address = `203.0.113.${everySocket.indexOf(path) + 1}`;
      const people = await newPeople();
      const sockets: WebSocket[] = [];
      for (let count = 0; count < perAddress; count += 1) {
        const { socket, outcome } = await dialled(path, from(address, people[count % people.length]));
        assert.equal(outcome, 'open');
        sockets.push(socket);
      }
      assert.equal((await dialled(path, from(address, people[0]))).outcome, 429);
      const others = await dialled(path, from('198.51.100.1', other));
      assert.equal(others.outcome, 'open');
      await closeAll([...sockets, others.socket]);
      await freeAgain(async () => {
        const { socket, outcome } = await dialled(path, from(address));
        socket.terminate();
        return outcome === 'open';
      });
    });
  }

  it('is limited for a network of IPv6, in which one customer has billions of addresses', async () => {
    const sockets: WebSocket[] = [];
    for (let count = 0; count < perAddress; count += 1) sockets.push((await dialled('/live', from(`2001:db8:7:7::${count + 1}`))).socket);
    assert.equal((await dialled('/live', from('2001:db8:7:7:ffff::1'))).outcome, 429);
    assert.equal((await dialled('/live', from('2001:db8:7:8::1'))).outcome, 'open');
    await closeAll(sockets);
  });

  it('is limited for an account, from however many addresses', async () => {
    const sockets = Array.from({ length: perAccount + 1 }, (_, count) => {
      const socket = dial('/api/errands/feed/socket', from(`198.51.100.${count + 10}`, mallory));
      socket.on('open', () => socket.send(subscribe));
      return socket;
    });
    const refused = await Promise.race(sockets.map(async (socket) => (await once(socket, 'close'))[0] as number));
    assert.equal(refused, 1013);
    const others = dial('/api/errands/feed/socket', from('198.51.100.99', other));
    others.on('open', () => others.send(subscribe));
    assert.match(String((await once(others, 'message'))[0]), /subscribed/);
    const waiting = await world.ask('GET', '/api/errands/feed/results?wait=1', { headers: from('198.51.100.50', mallory) });
    assert.deepEqual(reasonOf(waiting), [429, 'open-of-account']);
    await closeAll([...sockets, others]);
  });

  for (const [what, open] of Object.entries({
    'streams of events': (headers: Readonly<Record<string, string>>) =>
      get(`${world.url}/api/errands/feed/events`, { headers, agent: false }),
    'requests that wait for results': (headers: Readonly<Record<string, string>>) =>
      get(`${world.url}/api/errands/feed/results?wait=20`, { headers, agent: false }),
    'claims that wait at the desk': (headers: Readonly<Record<string, string>>) => {
      const all = { ...headers, 'content-type': 'application/json' };
      const asking = request(`${world.url}/api/errands/desk/claim`, { method: 'POST', headers: all, agent: false });
      asking.end(claim);
      return asking;
    },
  })) {
    it(`counts ${what} for the account and the address`, async () => {
      for (const limit of ['account', 'address'] as const) {
        const people = limit === 'account' ? [mallory] : await newPeople();
        const most = limit === 'account' ? perAccount : perAddress;
        const headersOf = (count: number) =>
          from(limit === 'account' ? `198.51.100.${100 + count}` : '203.0.113.200', people[count % people.length]);
        const opened: ClientRequest[] = Array.from({ length: most + 1 }, (_, count) => open(headersOf(count)).on('error', () => {}));
        const status = await Promise.race(
          opened.map(async (asking) => {
            const [answer] = (await once(asking, 'response')) as [IncomingMessage];
            // A stream that was let in answers too, and goes on.
            return answer.statusCode === 200 ? new Promise<number>(() => {}) : (answer.statusCode ?? 0);
          }),
        );
        assert.equal(status, 429, limit);
        for (const asking of opened) asking.destroy();
        const again = limit === 'account' ? from('198.51.100.250', mallory) : from('203.0.113.200', people[0]);
        await freeAgain(async () => (await world.ask('GET', '/api/errands/feed/results', { headers: again })).status === 200);
      }
    });
  }

  let known = 0;
  /** Enough for an address to have all its places without an account having all of its own. */
  function newPeople(): Promise<readonly Person[]> {
    return Promise.all(
      Array.from({ length: 4 }, () => {
        known += 1;
        return world.person(`somebody-${known}`);
      }),
    );
  }
});
