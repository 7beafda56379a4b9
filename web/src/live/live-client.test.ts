/** The live connection keeps its positions, detects silence, and reconnects by itself. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveClient, liveLimits } from './live-client.ts';
import { SimulatedSurroundings } from './simulated-surroundings.ts';

function subscribed() {
  const world = new SimulatedSurroundings();
  const client = new LiveClient(world);
  const heard: unknown[] = [];
  const leave = client.subscribe('market', {
    updatesPerSecond: 4,
    snapshot: (state, epoch) => heard.push(['snapshot', epoch, state]),
    delta: (changed) => heard.push(['delta', changed]),
    refused: (message) => heard.push(['refused', message]),
  });
  client.connect();
  world.socket().listener.opened();
  return { world, client, heard, leave };
}

const snap = { type: 'snap', channel: 'market', epoch: 'e1', pos: 10, state: ['all'] };
const delta = (base: number, pos: number) => ({ type: 'delta', channel: 'market', base, pos, changed: [pos] });

test('subscribes when the connection opens, and passes snapshots and deltas on in order', () => {
  const { world, client, heard } = subscribed();
  assert.deepEqual(world.socket().sent, [{ type: 'sub', channel: 'market', hz: 4 }]);
  world.socket().hear(snap);
  world.socket().hear(delta(10, 12));
  assert.deepEqual(heard, [
    ['snapshot', 'e1', ['all']],
    ['delta', [12]],
  ]);
  assert.deepEqual(client.connection(), { state: 'live', reconnectedAt: undefined, whole: false });
});

test('a delta before the position is dropped; one that overlaps or has the same position is applied', () => {
  const { world, heard } = subscribed();
  world.socket().hear(snap);
  world.socket().hear(delta(8, 9));
  world.socket().hear(delta(9, 11));
  world.socket().hear(delta(11, 11));
  assert.deepEqual(heard.slice(1), [
    ['delta', [11]],
    ['delta', [11]],
  ]);
});

test('a delta before the first snapshot is dropped', () => {
  const { world, heard } = subscribed();
  world.socket().hear(delta(0, 5));
  assert.deepEqual(heard, []);
});

test('a gap is requested again, and after several gaps the channel starts anew', () => {
  const { world, heard } = subscribed();
  world.socket().hear(snap);
  for (let gap = 0; gap < liveLimits.gapsBeforeFresh; gap += 1) world.socket().hear(delta(20 + gap, 21 + gap));
  const resume = { type: 'sub', channel: 'market', hz: 4, since: { epoch: 'e1', pos: 10 } };
  assert.deepEqual(world.socket().sent.slice(1), [resume, resume, { type: 'sub', channel: 'market', hz: 4 }]);
  assert.equal(heard.length, 1);
});

test('a lost connection is retried with growing waits, and resumes at its position', () => {
  const { world, client } = subscribed();
  world.socket().hear(snap);
  world.socket().hear(delta(10, 12));
  world.pass(500);
  world.socket().listener.closed();
  assert.deepEqual(client.connection(), { state: 'reconnecting', since: 1_500 });

  world.pass(399);
  assert.equal(world.sockets.length, 1);
  world.pass(1);
  assert.equal(world.sockets.length, 2);
  world.socket().listener.closed();
  world.pass(799);
  assert.equal(world.sockets.length, 2);
  world.pass(1);
  assert.equal(world.sockets.length, 3);
  assert.deepEqual(client.connection(), { state: 'reconnecting', since: 1_500 });

  world.socket().listener.opened();
  assert.deepEqual(client.connection(), { state: 'live', reconnectedAt: 2_700, whole: false });
  assert.deepEqual(world.socket().sent, [{ type: 'sub', channel: 'market', hz: 4, since: { epoch: 'e1', pos: 12 } }]);
  world.socket().hear(delta(12, 13));
  assert.deepEqual(client.connection(), { state: 'live', reconnectedAt: 2_700, whole: true });
  assert.equal(world.waiting(), 1);
});

test('after a loss, nothing counts as lost only if the channel goes on in its epoch, and not further back', () => {
  for (const [next, whole] of [
    [{ type: 'snap', channel: 'market', epoch: 'e1', pos: 10, state: ['all'] }, true],
    [{ type: 'snap', channel: 'market', epoch: 'e1', pos: 9, state: ['all'] }, false],
    [{ type: 'snap', channel: 'market', epoch: 'e2', pos: 900, state: ['all'] }, false],
  ] as const) {
    const { world, client } = subscribed();
    world.socket().hear(snap);
    world.socket().listener.closed();
    world.pass(400);
    world.socket().listener.opened();
    world.socket().hear(next);
    world.socket().hear(delta(next.pos, next.pos + 1));
    assert.deepEqual(client.connection(), { state: 'live', reconnectedAt: 1_400, whole });
  }
});

test('however long the house is away, the page is back within 3 seconds of it', () => {
  const { world } = subscribed();
  world.pass(500);
  let longest = 0;
  for (let attempt = 0; attempt < 40; attempt += 1) {
    const [before, sockets] = [world.now(), world.sockets.length];
    world.socket().listener.closed();
    while (world.sockets.length === sockets) world.pass(10);
    longest = Math.max(longest, world.now() - before);
  }
  assert.ok(longest < 3_000, `${longest} ms`);
});

test('a server that opens and closes at once does not reset the wait', () => {
  const { world } = subscribed();
  world.socket().listener.closed();
  world.pass(400);
  world.socket().listener.opened();
  world.socket().listener.closed();
  world.pass(799);
  assert.equal(world.sockets.length, 2);
  world.pass(1);
  assert.equal(world.sockets.length, 3);
});

test('a message from the server resets the wait', () => {
  const { world } = subscribed();
  world.socket().listener.closed();
  world.pass(400);
  world.socket().listener.closed();
  world.pass(800);
  world.socket().listener.opened();
  world.socket().hear(snap);
  world.socket().listener.closed();
  world.pass(400);
  assert.equal(world.sockets.length, 4);
});

test('after silence the client sends a ping, and then reconnects', () => {
  const { world, client } = subscribed();
  world.pass(liveLimits.quietMs);
  assert.deepEqual(world.socket().sent.at(-1), { type: 'ping', at: 6_000 });
  world.socket().hear({ type: 'pong' });
  world.pass(liveLimits.deadMs - 1);
  assert.equal(client.connection().state, 'live');
  const dead = world.socket();
  world.pass(1);
  assert.equal(dead.dropped, true);
  assert.equal(client.connection().state, 'reconnecting');
});

test('a connection that does not open in time is dropped', () => {
  const world = new SimulatedSurroundings();
  const client = new LiveClient(world);
  client.connect();
  const slow = world.socket();
  world.pass(liveLimits.openWithinMs);
  assert.equal(slow.dropped, true);
  assert.equal(client.connection().state, 'reconnecting');
});

test('"bye" and unknown messages end the connection', () => {
  for (const last of [{ type: 'bye', reason: 'stopping' }, 'nonsense']) {
    const { world, client } = subscribed();
    const socket = world.socket();
    socket.hear(last);
    assert.equal(socket.dropped, true);
    assert.equal(client.connection().state, 'reconnecting');
  }
});

test('a paused client does not reconnect; connected again, it resumes without reporting a loss', () => {
  const { world, client } = subscribed();
  world.socket().hear(snap);
  client.pause();
  assert.deepEqual(client.connection(), { state: 'paused' });
  world.pass(60_000);
  assert.equal(world.sockets.length, 1);
  client.connect();
  world.socket().listener.opened();
  assert.deepEqual(client.connection(), { state: 'live', reconnectedAt: undefined, whole: false });
  assert.deepEqual(world.socket().sent, [{ type: 'sub', channel: 'market', hz: 4, since: { epoch: 'e1', pos: 10 } }]);
});

test('connect() during a wait connects at once, and only once', () => {
  const { world, client } = subscribed();
  world.socket().listener.closed();
  client.connect();
  client.connect();
  assert.equal(world.sockets.length, 2);
  world.socket().listener.opened();
  world.socket().hear(snap);
  world.pass(400);
  assert.equal(world.sockets.length, 2);
});

test('an unsubscribed channel is reported to the server, and its late messages are dropped', () => {
  const { world, heard, leave } = subscribed();
  leave();
  assert.deepEqual(world.socket().sent.at(-1), { type: 'unsub', channel: 'market' });
  world.socket().hear(snap);
  assert.deepEqual(heard, []);
});

test('a refused channel receives the reason', () => {
  const { world, heard } = subscribed();
  world.socket().hear({ type: 'error', channel: 'market', message: 'no such channel' });
  assert.deepEqual(heard, [['refused', 'no such channel']]);
});

test('two subscribers on one channel, and more channels than the limit, are refused', () => {
  const client = new LiveClient(new SimulatedSurroundings());
  const subscriber = { updatesPerSecond: 4, snapshot: () => {}, delta: () => {} };
  for (let count = 0; count < liveLimits.channels; count += 1) client.subscribe(`batches:C${count}`, subscriber);
  assert.throws(() => client.subscribe('batches:C0', subscriber), /subscribed already/);
  assert.throws(() => client.subscribe('market', subscriber), /more than 16/);
});
