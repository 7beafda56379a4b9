/** Sockets as clients see them: where they open, what is refused, and how they close. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { WebSocket } from 'ws';
import { until } from '#testkit/until.ts';
import { startTestWebServer, type TestWebServer } from '#testkit/web-server.ts';
import type { WebServerOptions } from './server.ts';
import type { SocketEndpoint, SocketRequest } from './types.ts';

const echo: SocketEndpoint = {
  path: '/live',
  says: 'Echoes each message',
  open: (socket) => socket.on('message', (data) => socket.send(String(data))),
};

function startWith(t: TestContext, sockets: readonly SocketEndpoint[], options: Partial<WebServerOptions> = {}) {
  return startTestWebServer(t, { ...options, webs: [{ sockets }, ...(options.webs ?? [])] });
}

function dial(t: TestContext, server: TestWebServer, path: string, headers: Record<string, string> = {}, options = {}): WebSocket {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers, ...options });
  t.after(() => socket.terminate());
  return socket;
}

async function openSocket(t: TestContext, server: TestWebServer, path: string, headers: Record<string, string> = {}, options = {}) {
  const socket = dial(t, server, path, headers, options);
  await once(socket, 'open');
  return socket;
}

/** The problem that an upgrade was refused with. */
async function refusal(t: TestContext, server: TestWebServer, path: string, headers: Record<string, string> = {}) {
  const socket = dial(t, server, path, headers);
  const refused = Promise.withResolvers<{ status: number | undefined; type: string | undefined; code: string }>();
  socket.on('open', () => refused.reject(new Error('it was not refused')));
  socket.on('error', () => {});
  socket.on('unexpected-response', (_request, response) => {
    let text = '';
    response.on('data', (chunk) => {
      text += chunk;
    });
    response.on('end', () =>
      refused.resolve({ status: response.statusCode, type: response.headers['content-type'], code: JSON.parse(text).code }),
    );
  });
  return refused.promise;
}

const problemType = 'application/problem+json; charset=utf-8';

test('a socket reaches the endpoint of its exact path, with any query', async (t) => {
  const seen: SocketRequest[] = [];
  const root: SocketEndpoint = {
    path: '/',
    says: 'Says hello',
    open(socket, request) {
      seen.push(request);
      socket.send('hello');
    },
  };
  const server = await startWith(t, [echo, root]);
  const live = await openSocket(t, server, '/live?hz=4');
  live.send('four bells');
  assert.equal(String((await once(live, 'message'))[0]), 'four bells');
  const dialled = dial(t, server, '/', { 'x-request-id': 'client-0815' });
  assert.equal(String((await once(dialled, 'message'))[0]), 'hello');
  const [request] = seen;
  assert.ok(request && seen.length === 1);
  assert.deepEqual([request.id, request.address, await request.identity()], ['client-0815', '127.0.0.1', undefined]);
});

test('a socket knows who opens it, by a token or by a cookie', async (t) => {
  const whoAmI: SocketEndpoint = {
    path: '/who',
    says: 'Says who opened it',
    open: async (socket, request) => socket.send((await request.identity())?.id ?? 'a stranger'),
  };
  const server = await startWith(t, [whoAmI], {
    sessions: {
      demo: false,
      identify: async ({ kind, secret }) => ({
        account: { id: 'a', email: 'a@example.org', name: 'a', role: 'member' },
        kind,
        id: `${kind} ${secret}`,
        scopes: ['read'],
      }),
    },
  });
  const who = async (headers: Record<string, string>) => String((await once(dial(t, server, '/who', headers), 'message'))[0]);
  assert.equal(await who({}), 'a stranger');
  assert.equal(await who({ authorization: 'Bearer kontor_pat_7' }), 'access-token kontor_pat_7');
  assert.equal(await who({ cookie: 'kontor_session=s7' }), 'session s7');
});

test('an ordinary GET of the same path is not a socket, nor is an upgrade to something else', async (t) => {
  const server = await startWith(t, [{ path: '/', says: '', open() {} }], {
    webs: [
      {
        routes: (scope) => {
          scope.get('/', async () => 'the page');
        },
      },
    ],
  });
  assert.equal((await server.send('/')).text, 'the page');
  assert.equal((await server.send('/', { headers: { connection: 'upgrade', upgrade: 'h2c' } })).text, 'the page');
});

test('refuses unknown paths, foreign hosts and pages of other sites', async (t) => {
  const server = await startWith(t, [echo]);
  assert.deepEqual(await refusal(t, server, '/live/more'), { status: 404, type: problemType, code: 'not_found' });
  assert.deepEqual(await refusal(t, server, '/live', { host: 'evil.example' }), { status: 403, type: problemType, code: 'forbidden' });
  assert.equal((await refusal(t, server, '/live', { origin: 'https://evil.example' })).code, 'forbidden');
  assert.equal((await refusal(t, server, '/live', { origin: `http://127.0.0.1:${server.port + 1}` })).code, 'forbidden');
  await openSocket(t, server, '/live', { origin: `http://127.0.0.1:${server.port}` });
});

test('refuses sockets over the limit until one closes', async (t) => {
  const server = await startWith(t, [echo], { limits: { sockets: 2 } });
  const first = await openSocket(t, server, '/live');
  await openSocket(t, server, '/live');
  assert.deepEqual(await refusal(t, server, '/live'), { status: 503, type: problemType, code: 'overloaded' });
  first.close();
  await once(first, 'close');
  await openSocket(t, server, '/live');
});

test('a message that is too large closes its socket and no other', async (t) => {
  const server = await startWith(t, [echo], { limits: { socketMessageBytes: 100 } });
  const greedy = await openSocket(t, server, '/live');
  const modest = await openSocket(t, server, '/live');
  greedy.send('x'.repeat(101));
  assert.equal((await once(greedy, 'close'))[0], 1009);
  modest.send('x'.repeat(100));
  assert.equal(String((await once(modest, 'message'))[0]).length, 100);
});

test('messages are not compressed, even when the client offers it', async (t) => {
  const server = await startWith(t, [echo]);
  const socket = await openSocket(t, server, '/live', {}, { perMessageDeflate: true });
  assert.equal(socket.extensions, '');
});

test('an endpoint that throws closes only its own socket', async (t) => {
  const server = await startWith(t, [
    {
      path: '/broken',
      says: '',
      open() {
        throw new Error('no');
      },
    },
  ]);
  const socket = dial(t, server, '/broken');
  assert.equal((await once(socket, 'close'))[0], 1011);
  assert.equal(server.log.entries.filter((entry) => entry.level === 'error').length, 1);
  assert.equal((await server.send('/healthz')).status, 200);
});

test('a socket that answers pings stays; one that does not is closed', async (t) => {
  const server = await startWith(t, [echo], { limits: { socketPingMs: 1_000 } });
  const alive = await openSocket(t, server, '/live');
  const dead = await openSocket(t, server, '/live', {}, { autoPong: false });
  const pinged = Promise.all([once(alive, 'ping'), once(dead, 'ping')]);
  await server.clock.advance(1_000);
  await pinged;
  // The pong arrives before this message, on the same socket.
  alive.send('I am here');
  await once(alive, 'message');
  const cut = once(dead, 'close');
  await server.clock.advance(1_000);
  await cut;
  alive.send('still here');
  await once(alive, 'message');
});

test('drain gives endpoints time to close their sockets, then closes the rest with 1001', async (t) => {
  const server = await startWith(t, [echo], { limits: { socketGraceMs: 500 } });
  const left = await openSocket(t, server, '/live');
  const stays = await openSocket(t, server, '/live');
  const ended = once(stays, 'close');
  const sleepers = server.clock.sleeping();
  const drain = server.drain(new AbortController().signal);
  await until(() => server.clock.sleeping() > sleepers, { describe: 'the grace period to begin' });
  left.close(1000);
  await once(left, 'close');
  assert.equal(stays.readyState, WebSocket.OPEN, 'the grace period is not over');
  await server.clock.advance(500);
  assert.equal((await ended)[0], 1001);
  await drain;
});

test('drain ends at once when all sockets have closed themselves', async (t) => {
  const server = await startWith(t, [echo]);
  const socket = await openSocket(t, server, '/live');
  const drain = server.drain(new AbortController().signal);
  socket.close(1000);
  await until(drain, { describe: 'the drain to end without the clock moving' });
});

test('stop does not wait for a client that never answers the close', async (t) => {
  const server = await startWith(t, [echo], { limits: { socketGraceMs: 500 } });
  const socket = await openSocket(t, server, '/live');
  const gone = once(socket, 'close');
  socket.pause();
  const timeUp = new AbortController();
  const drain = server.drain(timeUp.signal);
  await server.clock.advance(500);
  timeUp.abort();
  await drain;
  await server.stop();
  socket.resume();
  await gone;
});

test('two roles that offer the same socket are refused at the start', async (t) => {
  await assert.rejects(startWith(t, [echo, echo]), /two roles of this process offer the socket \/live/);
});
