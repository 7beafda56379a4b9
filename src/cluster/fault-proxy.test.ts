/** The fault proxy passes, delays, blocks and cuts in both directions. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { it, type TestContext } from 'node:test';
import { turn } from '#testkit/clock.ts';
import { until } from '#testkit/until.ts';
import { type FaultProxy, faultProxy } from './fault-proxy.ts';

/** An echo server behind the proxy. */
async function openEcho(t: TestContext): Promise<FaultProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy = await faultProxy({ targetPort: (server.address() as AddressInfo).port });
  t.after(async () => {
    await proxy.stop();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return proxy;
}

interface Client {
  readonly socket: Socket;
  received(): string;
  closed(): boolean;
}

function openClient(t: TestContext, proxy: FaultProxy): Client {
  const socket = connect({ host: proxy.host, port: proxy.port });
  let text = '';
  let closed = false;
  socket.setEncoding('utf8');
  socket.on('data', (piece) => {
    text += piece;
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    closed = true;
  });
  t.after(() => socket.destroy());
  return { socket, received: () => text, closed: () => closed };
}

/** Sends something first, and waits until it has come back. */
async function echoed(client: Client, text: string): Promise<void> {
  client.socket.write(text);
  await until(() => client.received() === text, { describe: `the echo of ${text}` });
}

it('passes all data and the end in both directions, in order', async (t) => {
  const proxy = await openEcho(t);
  const client = openClient(t, proxy);
  const large = 'x'.repeat(1_000_000);
  client.socket.write('hello ');
  client.socket.end(large);
  await until(() => client.closed(), { describe: 'the end' });
  // Not `equal`, whose message would print the difference.
  assert.ok(client.received() === `hello ${large}`, `${client.received().length} characters came`);
  await until(() => proxy.connections() === 0, { describe: 'the proxy to close its connection' });
});

it('cut resets open and new connections, until resume', async (t) => {
  const proxy = await openEcho(t);
  const client = openClient(t, proxy);
  await echoed(client, 'hello');
  proxy.cut();
  await until(() => client.closed(), { describe: 'the cut' });
  const refused = openClient(t, proxy);
  await until(() => refused.closed(), { describe: 'the cut of a new connection' });
  proxy.resume();
  await echoed(openClient(t, proxy), 'again');
});

it('a black hole keeps connections open and passes nothing, until resume', async (t) => {
  const proxy = await openEcho(t);
  const client = openClient(t, proxy);
  await echoed(client, 'before ');
  proxy.blackHole();
  client.socket.write('meanwhile ');
  const late = openClient(t, proxy);
  late.socket.write('late');
  for (let turns = 0; turns < 200; turns += 1) await turn();
  assert.equal(client.received(), 'before ');
  assert.equal(late.received(), '');
  assert.equal(client.closed() || late.closed(), false);
  proxy.resume();
  await until(() => client.received() === 'before meanwhile ' && late.received() === 'late', { describe: 'the data that was held back' });
});

it('delay delays every piece', async (t) => {
  const proxy = await openEcho(t);
  const client = openClient(t, proxy);
  proxy.delay(30);
  const startedMs = performance.now();
  await echoed(client, 'hello');
  assert.ok(performance.now() - startedMs >= 58, 'once in each direction');
});
