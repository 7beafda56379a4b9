/** Holds the sockets of `/live` to the protocol and to every limit, with real sockets and a clock that tests move. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { WebSocket, WebSocketServer } from 'ws';
import { manualClock } from '#testkit/clock.ts';
import { silentMetrics } from '#testkit/metrics.ts';
import { until } from '#testkit/until.ts';
import type { ServerMessage } from '../live-protocol.ts';
import { type Channel, deltaFrame, type Place, snapFrame } from './channel.ts';
import { maxBehindMs, maxBufferedBytes, maxMessageBurst } from './client.ts';
import { LiveHub, maxChannelsPerClient, maxResumeWaitMs } from './hub.ts';

/** For a busy machine; `ws` itself gives up on a connection after 30 s. */
const patienceMs = 10_000;

/** A channel whose news tests make. */
class NewsChannel implements Channel {
  pos = 1;
  size = 0;
  made = 0;

  resume({ epoch, pos }: { epoch: string; pos: number }): Place | 'later' | undefined {
    if (epoch !== 'e') return undefined;
    return pos > this.pos ? 'later' : { epoch, pos, revision: 0 };
  }

  next(place: Place | undefined) {
    if (place?.pos === this.pos) return undefined;
    this.made += 1;
    const to = { epoch: 'e', pos: this.pos, revision: 0 };
    const body = JSON.stringify('x'.repeat(this.size));
    return {
      frame: place === undefined ? snapFrame('news', to, body) : deltaFrame('news', place.pos, to.pos, body),
      place: to,
      more: false,
    };
  }
}

async function openHub(t: TestContext, { flowing = true } = {}) {
  const clock = manualClock({ flowing });
  const news = new NewsChannel();
  const hub = new LiveHub({
    clock,
    metrics: silentMetrics(),
    openChannel: (name) => (name.startsWith('news') ? news : 'There is no such channel.'),
    onBeat() {},
  });
  hub.start();
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  const accepted: WebSocket[] = [];
  server.on('connection', (socket) => {
    accepted.push(socket);
    hub.open(socket);
  });
  await once(server, 'listening');
  t.after(async () => {
    await hub.stop();
    server.close();
  });
  const connect = async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const got: ServerMessage[] = [];
    socket.on('message', (data) => got.push(JSON.parse(data.toString())));
    const closed = once(socket, 'close').then(([code]) => code as number);
    await once(socket, 'open');
    t.after(() => socket.terminate());
    const say = (message: unknown) => socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    const hear = (count: number) =>
      until(() => got.length >= count && got, { describe: () => `${count} messages, got ${JSON.stringify(got)}` });
    return { socket, got, closed, say, hear };
  };
  /** `accepted` are the server's ends, in order of connection. */
  return { clock, news, hub, connect, accepted };
}

test('a subscriber gets a snapshot, then deltas, until it unsubscribes', async (t) => {
  const { news, connect } = await openHub(t);
  const client = await connect();
  client.say({ type: 'sub', channel: 'news', hz: 10 });
  await client.hear(1);
  news.pos = 2;
  await client.hear(2);
  client.say({ type: 'unsub', channel: 'news' });
  client.say({ type: 'ping', at: 7 });
  await client.hear(3);
  news.pos = 3;
  client.say({ type: 'ping' });
  await client.hear(4);
  assert.deepEqual(client.got, [
    { type: 'snap', channel: 'news', epoch: 'e', pos: 1, state: '' },
    { type: 'delta', channel: 'news', base: 1, pos: 2, changed: '' },
    { type: 'pong', at: 7 },
    { type: 'pong' },
  ]);
});

test('no more updates a second than were asked for, and the newest wins', async (t) => {
  const { news, clock, connect } = await openHub(t, { flowing: false });
  const client = await connect();
  client.say({ type: 'sub', channel: 'news', hz: 2 });
  await until(async () => (await clock.advance(20)) === undefined && client.got.length === 1, { describe: 'the snapshot' });
  const startMs = clock.monotonicMs();
  while (clock.monotonicMs() - startMs < 10_000) {
    news.pos += 1;
    await clock.advance(20);
  }
  const lastPos = news.pos;
  await until(() => client.got.some((message) => 'pos' in message && message.pos > lastPos - 60), { describe: 'the newest of all' });
  const deltas = client.got.length - 1;
  assert.ok(deltas >= 15 && deltas <= 21, `${deltas} deltas in 10 s at 2 Hz`);
  assert.ok(news.made <= deltas + 2, 'what nobody is due for is not made');
});

test('clients stay spread over the period, also after a moment in which nobody could be served', async (t) => {
  const { news, clock, connect } = await openHub(t, { flowing: false });
  const clients = await Promise.all(Array.from({ length: 30 }, connect));
  for (const client of clients) client.say({ type: 'sub', channel: 'news', hz: 1 });
  const heard = () => clients.reduce((sum, client) => sum + client.got.length, 0);
  await until(async () => (await clock.advance(20)) === undefined && heard() === 30, { describe: 'all snapshots' });

  news.pos += 1;
  await clock.advance(2_000);
  await until(() => heard() === 60, { describe: 'a delta each, in turn' });
  // No news for a while: all are overdue, and are served together when there is some.
  await clock.advance(3_000);
  news.pos += 1;
  await clock.advance(20);
  await until(() => heard() === 90, { describe: 'a delta each, together' });
  let most = 0;
  for (let beat = 0; beat < 100; beat += 1) {
    news.pos += 1;
    const madeBefore = news.made;
    await clock.advance(20);
    most = Math.max(most, news.made - madeBefore);
  }
  assert.ok(most > 0 && most <= 5, `${most} of 30 clients in one of 50 beats`);
});

test('a returning client goes on from its position; another epoch gets a snapshot', async (t) => {
  const { news, connect } = await openHub(t);
  news.pos = 9;
  const client = await connect();
  client.say({ type: 'sub', channel: 'news1', since: { epoch: 'e', pos: 5 } });
  await client.hear(1);
  client.say({ type: 'sub', channel: 'news2', since: { epoch: 'before', pos: 5 } });
  await client.hear(2);
  assert.deepEqual(
    client.got.map((message) => [message.type, 'base' in message ? message.base : undefined]),
    [
      ['delta', 5],
      ['snap', undefined],
    ],
  );
});

test('a client that is further than this instance waits for it, but not for ever', async (t) => {
  const { news, clock, connect } = await openHub(t);
  const patient = await connect();
  patient.say({ type: 'sub', channel: 'news', since: { epoch: 'e', pos: 3 } });
  patient.say({ type: 'ping' });
  await patient.hear(1);
  news.pos = 4;
  await patient.hear(2);
  assert.deepEqual(patient.got[1], { type: 'delta', channel: 'news', base: 3, pos: 4, changed: '' });

  const lost = await connect();
  lost.say({ type: 'sub', channel: 'news', since: { epoch: 'e', pos: 1_000_000 } });
  lost.say({ type: 'ping' });
  await lost.hear(1);
  await clock.advance(maxResumeWaitMs + 100);
  await lost.hear(2);
  assert.equal(lost.got[1]?.type, 'snap');
});

test('bad messages and unknown channels get an error, and the socket lives on', async (t) => {
  const { connect } = await openHub(t);
  const client = await connect();
  client.say('{');
  client.say({ type: 'sub', channel: 'weather' });
  client.say({ type: 'sub', channel: 'news', hz: 99 });
  client.socket.send(Buffer.from('{}'), { binary: true });
  client.say({ type: 'sub', channel: 'news' });
  const got = await client.hear(5);
  assert.deepEqual(
    got.map((message) => message.type),
    ['error', 'error', 'error', 'error', 'snap'],
  );
  assert.deepEqual(got[1], { type: 'error', channel: 'weather', message: 'There is no such channel.' });
});

test('the number of channels of a connection is limited; subscribing again to one only changes it', async (t) => {
  const { connect } = await openHub(t);
  const client = await connect();
  for (let index = 0; index < maxChannelsPerClient; index += 1) client.say({ type: 'sub', channel: `news${index}` });
  client.say({ type: 'sub', channel: 'news0', hz: 1 });
  client.say({ type: 'sub', channel: 'news-too-many' });
  await until(() => client.got.find((message) => message.type === 'error'), { describe: 'the refusal' });
  const errors = client.got.filter((message) => message.type === 'error');
  assert.deepEqual(
    errors.map((message) => message.channel),
    ['news-too-many'],
  );
});

test('a client that floods is closed with 1008', async (t) => {
  const { connect } = await openHub(t);
  const client = await connect();
  for (let index = 0; index < maxMessageBurst * 2; index += 1) client.say({ type: 'ping' });
  assert.equal(await until(client.closed, { describe: 'the close' }), 1008);
  assert.ok(client.got.length <= maxMessageBurst + 5);
});

test('a client that does not read is skipped, costs bounded memory, and is closed with 1013 while others go on', async (t) => {
  const { news, clock, connect, accepted } = await openHub(t);
  news.size = maxBufferedBytes;
  const [slow, quick] = [await connect(), await connect()];
  slow.socket.pause();
  for (const client of [slow, quick]) client.say({ type: 'sub', channel: 'news', hz: 10 });
  await quick.hear(1);

  const most = { bytes: 0 };
  const startMs = clock.monotonicMs();
  await until(
    async () => {
      news.pos += 1;
      await clock.advance(200);
      most.bytes = Math.max(most.bytes, accepted[0]?.bufferedAmount ?? 0);
      return accepted[0]?.readyState !== WebSocket.OPEN;
    },
    { describe: 'it is let go' },
  );
  assert.ok(clock.monotonicMs() - startMs > maxBehindMs, 'it had time to catch up');
  assert.ok(most.bytes > maxBufferedBytes && most.bytes <= 2 * maxBufferedBytes + 1_000, `${most.bytes} bytes: the limit and one message`);
  slow.socket.resume();
  assert.equal(await until(slow.closed, { describe: 'the close' }), 1013);
  assert.ok(quick.got.length > 20 && quick.socket.readyState === WebSocket.OPEN, 'others are served meanwhile');
});

test('a client that does not even shake hands is cut off', async (t) => {
  const { clock, connect, accepted } = await openHub(t);
  const client = await connect();
  client.socket.pause();
  for (let index = 0; index < maxMessageBurst * 2; index += 1) client.say({ type: 'ping' });
  const [socket] = accepted;
  await until(() => socket?.readyState === WebSocket.CLOSING, { describe: 'it is let go' });
  await clock.advance(3_000);
  await until(() => socket?.readyState === WebSocket.CLOSED, { describe: 'the connection ends', timeoutMs: patienceMs });
});

test('draining says bye, closes with 1001, and takes nobody new', async (t) => {
  const { hub, connect } = await openHub(t);
  const client = await connect();
  client.say({ type: 'ping' });
  await client.hear(1);
  await hub.drain(AbortSignal.timeout(5_000));
  assert.equal(await client.closed, 1001);
  assert.equal(client.got[1]?.type, 'bye');

  const late = await connect();
  assert.equal(await late.closed, 1001);
});

test('draining does not wait longer than it may for a client that never closes', async (t) => {
  const { hub, connect } = await openHub(t);
  const client = await connect();
  client.say({ type: 'ping' });
  await client.hear(1);
  client.socket.pause();
  const patience = new AbortController();
  const drained = hub.drain(patience.signal);
  patience.abort();
  await until(drained, { describe: 'the drain ends', timeoutMs: patienceMs });
});
