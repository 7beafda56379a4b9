/** What the feed must do on every State: every result once and in order, however and wherever a client asks. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import { WebSocket } from 'ws';
import type { State } from '#core/ports/state.ts';
import { manualClock } from '#testkit/clock.ts';
import { until } from '#testkit/until.ts';
import { deliver, startFeedInstance, withdraw } from '../delivery-world.ts';
import { openErrandsWorld } from '../errands-world.ts';

export interface FeedContract {
  open(t: TestContext): Promise<State>;
}

const feedTime = { describe: 'results to arrive' };
const asAnna = { authorization: 'Bearer kontor_pat_anna' };

export function feedContract(name: string, contract: FeedContract): void {
  const open = async (t: TestContext) => {
    const state = await contract.open(t);
    const world = await openErrandsWorld(state);
    await world.customer('anna', 1_000);
    const order = await world.order('anna', 100);
    return { state, world, order, server: await startFeedInstance(t, state) };
  };
  const texts = (count: number, from = 1) => Array.from({ length: count }, (_, index) => ({ page: `page ${from + index}` }));
  const feedsIn = (items: readonly { feed: number }[]) => items.map(({ feed }) => feed);

  describe(`feed: ${name}`, () => {
    it('answers what there is, and waits for what is not', async (t) => {
      const { world, order, server } = await open(t);
      await deliver(world, order, texts(3));
      const first = (await server.send('/api/errands/feed/results?after=0&limit=2', { headers: asAnna })).json();
      assert.deepEqual([feedsIn(first.items), first.next, first.head], [[1, 2], 2, 3]);
      const second = (await server.send('/api/errands/feed/results?after=2', { headers: asAnna })).json();
      assert.deepEqual([feedsIn(second.items), second.next], [[3], 3]);
      const waiting = server.send('/api/errands/feed/results?after=3&wait=20', { headers: asAnna });
      await deliver(world, order, texts(1, 4));
      const third = (await waiting).json();
      assert.deepEqual([feedsIn(third.items), third.items[0].order, third.items[0].number], [[4], order, 4]);
    });

    it('sends pages along, also one that is as before, and none that is large', async (t) => {
      const { gunzipSync } = await import('node:zlib');
      const { world, order, server } = await open(t);
      const large = Array.from({ length: 4_000 }, (_, index) => (index * 7_919) % 104_729).join(' ');
      await deliver(world, order, [{ page: 'tea 4' }, { page: 'tea 4' }, { page: large }]);
      const { items } = (await server.send('/api/errands/feed/results?after=0&pages=true', { headers: asAnna })).json();
      const pages = items.map(({ page }: { page: string | null }) => page && gunzipSync(Buffer.from(page, 'base64')).toString());
      assert.deepEqual(pages, ['tea 4', 'tea 4', null]);
    });

    it('shows an account its own results only, and those of one order where it is named', async (t) => {
      const { world, order, server } = await open(t);
      await world.customer('bert', 100);
      const other = await world.order('anna', 10);
      await deliver(world, order, texts(2));
      await deliver(world, other, texts(1));
      await deliver(world, await world.order('bert', 10), texts(5));
      const { items, next } = (await server.send(`/api/errands/feed/results?after=0&order=${other}`, { headers: asAnna })).json();
      assert.deepEqual([feedsIn(items), next], [[3], 3]);
      const bert = (
        await server.send('/api/errands/feed/results?after=0', { headers: { authorization: 'Bearer kontor_pat_bert' } })
      ).json();
      assert.deepEqual(feedsIn(bert.items), [1, 2, 3, 4, 5]);
      assert.equal((await server.send('/api/errands/feed/results?after=0')).status, 401);
    });

    it('leaves out what did not change where the order asks for it, and moves on', async (t) => {
      const { world, server } = await open(t);
      const order = await world.order('anna', 10, { only_changes: 1 });
      await deliver(world, order, [{ page: 'a' }, { page: 'a' }, { page: 'b' }, { page: 'b' }]);
      const { items, next } = (await server.send('/api/errands/feed/results?after=0', { headers: asAnna })).json();
      assert.deepEqual([feedsIn(items), next], [[1, 3], 4]);
      await withdraw(world, order, [3, 4]);
      const later = (await server.send('/api/errands/feed/results?after=4', { headers: asAnna })).json();
      assert.deepEqual([feedsIn(later.items), later.next, later.items[0].withdraws], [[5], 6, 3], 'what was not sent is not withdrawn');
    });

    it('streams events, which go on at another instance from the last id', async (t) => {
      const { state, world, order, server } = await open(t);
      await deliver(world, order, texts(2));
      const one = await events(t, server.port, '?after=0', {});
      await until(() => one.ids().length === 2, feedTime);
      one.end();
      await deliver(world, order, texts(2, 3));
      const elsewhere = await startFeedInstance(t, state);
      const two = await events(t, elsewhere.port, '', { 'last-event-id': '2' });
      await until(() => two.ids().length === 2, feedTime);
      await deliver(world, order, texts(1, 5));
      await until(() => two.ids().length === 3, feedTime);
      await withdraw(world, order, [4]);
      await until(() => two.ids().length === 4, feedTime);
      assert.deepEqual([...one.ids(), ...two.ids()], [1, 2, 3, 4, 5, 6]);
      assert.match(two.text(), /^id: 6\ndata: .*"outcome":"withdrawn","withdraws":4,/m);
      const ended = once(two.answer, 'end');
      elsewhere.drainFeed();
      await ended;
    });

    it('serves sockets, each from its own number, and tells them to go elsewhere when it stops', async (t) => {
      const { world, order, server } = await open(t);
      await deliver(world, order, texts(3));
      const seen: number[] = [];
      const socket = new WebSocket(`ws://127.0.0.1:${server.port}/api/errands/feed/socket`, { headers: asAnna });
      t.after(() => socket.terminate());
      socket.on('open', () => socket.send(JSON.stringify({ type: 'subscribe', after: 1 })));
      socket.on('message', (data) => seen.push(...feedsIn(JSON.parse(String(data)).items ?? [])));
      await until(() => seen.length === 2, feedTime);
      await deliver(world, order, texts(2, 4));
      await until(() => seen.length === 4, feedTime);
      assert.deepEqual(seen, [2, 3, 4, 5]);
      const closed = once(socket, 'close');
      server.drainFeed();
      assert.equal((await closed)[0], 1001);
    });

    it('gives nothing more to a socket or a stream whose token has ended', async (t) => {
      const { world, order, server } = await open(t);
      const socket = new WebSocket(`ws://127.0.0.1:${server.port}/api/errands/feed/socket`, { headers: asAnna });
      t.after(() => socket.terminate());
      socket.on('open', () => socket.send(JSON.stringify({ type: 'subscribe', after: 0 })));
      const told: string[] = [];
      socket.on('message', (data) => told.push(String(data)));
      const stream = await events(t, server.port, '?after=0', {});
      await until(() => told.length === 1, feedTime);
      server.endTokens();
      const over = Promise.all([once(socket, 'close'), once(stream.answer, 'end')]);
      await deliver(world, order, texts(1));
      assert.equal((await over)[0][0], 1008);
      assert.deepEqual([told.length, stream.ids()], [1, []]);
    });

    for (const [what, headers, message] of [
      ['a stranger', {}, '{"type":"subscribe"}'],
      ['what is no subscription', asAnna, '{"type":"subscribe","after":-1}'],
    ] as const) {
      it(`refuses ${what} on a socket`, async (t) => {
        const { server } = await open(t);
        const socket = new WebSocket(`ws://127.0.0.1:${server.port}/api/errands/feed/socket`, { headers });
        t.after(() => socket.terminate());
        socket.on('open', () => socket.send(message));
        assert.equal((await once(socket, 'close'))[0], 1008);
      });
    }

    it('lets clients go that do not read, and they go on elsewhere without a gap', async (t) => {
      const { state, world, order, server: elsewhere } = await open(t);
      const clock = manualClock({ flowing: true });
      const slow = await startFeedInstance(t, state, clock);
      const socket = subscribe(t, slow.port, 0);
      await until(() => socket.isSubscribed(), feedTime);
      socket.pause();
      const stream = await events(t, slow.port, '?after=0', {});
      stream.answer.pause();
      // More than the buffers of both sides take.
      const count = 28;
      const value = 'x'.repeat(500_000);
      for (let page = 0; page < count; page += 14)
        await deliver(
          world,
          order,
          Array.from({ length: 14 }, (_, index) => ({ page: `page ${page + index}`, value })),
        );
      const gone = async () => {
        await clock.advance(1_000);
        return slow.clients() === 0;
      };
      await until(gone, { describe: () => `${slow.clients()} slow clients to be let go` });
      const ended = new Promise<void>((resolve) => stream.answer.on('close', () => resolve()));
      stream.answer.resume();
      const closed = once(socket.socket, 'close');
      socket.resume();
      // The connection is cut when the client reads not even that it is closed.
      assert.ok([1013, 1006].includes((await closed)[0]));
      await ended;
      assert.ok(socket.seen.length < count && stream.ids().length < count, 'they did not get everything');

      const all = Array.from({ length: count }, (_, index) => index + 1);
      const further = subscribe(t, elsewhere.port, socket.seen.at(-1) ?? 0);
      const next = await events(t, elsewhere.port, '', { 'last-event-id': String(stream.ids().at(-1) ?? 0) });
      await until(() => further.seen.at(-1) === count && next.ids().at(-1) === count, feedTime);
      assert.deepEqual([...socket.seen, ...further.seen], all);
      assert.deepEqual([...stream.ids(), ...next.ids()], all);
    });

    it('refuses more clients of an account than the limit', async (t) => {
      const { server } = await open(t);
      const streams = await Promise.all(Array.from({ length: 32 }, () => events(t, server.port, '', {})));
      const refused = await server.send('/api/errands/feed/results?wait=1', { headers: asAnna });
      assert.deepEqual([refused.status, refused.json().reason.name], [429, 'open-of-account']);
      for (const stream of streams) stream.end();
      await until(async () => (await server.send('/api/errands/feed/results?after=0', { headers: asAnna })).status === 200, feedTime);
    });
  });
}

/** Counts what comes over a socket. */
function subscribe(t: TestContext, port: number, after: number) {
  const seen: number[] = [];
  let subscribed = false;
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/errands/feed/socket`, { headers: asAnna });
  t.after(() => socket.terminate());
  socket.on('error', () => {});
  socket.on('open', () => socket.send(JSON.stringify({ type: 'subscribe', after })));
  socket.on('message', (data) => {
    const { type, items = [] } = JSON.parse(String(data)) as { type: string; items?: readonly { feed: number }[] };
    subscribed ||= type === 'subscribed';
    seen.push(...items.map(({ feed }) => feed));
  });
  return { socket, seen, isSubscribed: () => subscribed, pause: () => socket.pause(), resume: () => socket.resume() };
}

async function events(t: TestContext, port: number, query: string, headers: Readonly<Record<string, string>>) {
  const request = get({
    host: '127.0.0.1',
    port,
    path: `/api/errands/feed/events${query}`,
    headers: { ...asAnna, ...headers },
    agent: false,
  });
  t.after(() => request.destroy());
  request.on('error', () => {});
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  assert.equal(answer.headers['content-type'], 'text/event-stream; charset=utf-8');
  let text = '';
  answer.on('data', (chunk) => {
    text += chunk;
  });
  answer.on('error', () => {});
  // Of events that came whole.
  const ids = () => [...text.matchAll(/^event: result\nid: (\d+)\ndata: .*\n\n/gm)].map(([, id]) => Number(id));
  return { answer, ids, text: () => text, end: () => request.destroy() };
}
