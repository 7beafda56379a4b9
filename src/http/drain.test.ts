/** How the web server stops: what was begun is answered, and clients are told to go elsewhere. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { keepingAgent, startTestWebServer } from '#testkit/web-server.ts';
import { defaultLimits } from './limits.ts';
import type { Web } from './types.ts';

function routes(add: (server: FastifyInstance) => void): { readonly webs: readonly Web[] } {
  return { webs: [{ routes: add }] };
}

test('drain answers running requests, refuses new ones on open connections, and takes no new connections', async (t) => {
  const running = Promise.withResolvers<void>();
  const finish = Promise.withResolvers<string>();
  const server = await startTestWebServer(
    t,
    routes((scope) => {
      scope.get('/api/slow', () => {
        running.resolve();
        return finish.promise;
      });
      scope.get('/api/quick', async () => 'quick');
    }),
  );
  const kept = await keptConnection(t, server.port);
  const slow = server.send('/api/slow', { agent: keepingAgent(t) });
  await running.promise;
  await kept.write('GET /api/quick HTTP/1.1\r\n');
  // Once this is answered, the server has seen that the other connection is not idle.
  await server.send('/healthz');

  let drained = false;
  const drain = server.drain(new AbortController().signal).then(() => {
    drained = true;
  });
  await assert.rejects(server.send('/healthz'), { code: 'ECONNREFUSED' });
  const answered = kept.answer();
  await kept.write('Host: localhost\r\n\r\n');
  const refused = await answered;
  assert.match(refused, /^HTTP\/1\.1 503 /);
  assert.match(refused, /connection: close/i);
  assert.match(refused, /"code":"unavailable"/);
  assert.equal(drained, false, 'a request is still running');

  finish.resolve('done');
  const answer = await slow;
  assert.equal(answer.text, 'done');
  assert.equal(answer.headers.connection, 'close');
  await drain;
});

test('behind a proxy, drain still serves its open connections for a while, each once, and closes idle ones after that', async (t) => {
  const server = await startTestWebServer(t, {
    ...routes((scope) => scope.post('/api/quick', async () => 'quick')),
    trustedProxies: ['127.0.0.1'],
  });
  const used = await keptConnection(t, server.port);
  const idle = await keptConnection(t, server.port);
  for (const connection of [used, idle]) await connection.exchange('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const drain = server.drain(new AbortController().signal);
  await assert.rejects(server.send('/healthz'), { code: 'ECONNREFUSED' });

  const [answered, idleClosed] = [used.answer(), idle.answer()];
  await used.write('POST /api/quick HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n');
  const answer = await answered;
  assert.match(answer, /^HTTP\/1\.1 200 /);
  assert.match(answer, /connection: close/i);
  await server.clock.advance(defaultLimits.proxyGraceMs);
  assert.equal(await idleClosed, '');
  await drain;
});

test('drain ends with its signal, and stop closes the remaining connections', async (t) => {
  const running = Promise.withResolvers<void>();
  const server = await startTestWebServer(
    t,
    routes((scope) => {
      scope.get('/api/never', () => {
        running.resolve();
        return new Promise(() => {});
      });
    }),
  );
  const never = assert.rejects(server.send('/api/never'), { code: 'ECONNRESET' });
  await running.promise;
  const timeUp = new AbortController();
  const drain = server.drain(timeUp.signal);
  timeUp.abort();
  await drain;
  await server.stop();
  await never;
  await server.stop();
});

async function keptConnection(t: TestContext, port: number) {
  const socket = connect(port, '127.0.0.1');
  t.after(() => socket.destroy());
  return {
    /** Sends a request and reads the beginning of its answer; the connection stays open. */
    exchange: async (bytes: string) => {
      const answer = once(socket, 'data');
      socket.write(bytes);
      await answer;
    },
    write: (bytes: string) => new Promise<void>((resolve) => socket.write(bytes, () => resolve())),
    answer: () =>
      new Promise<string>((resolve) => {
        let received = '';
        socket.on('data', (chunk) => {
          received += chunk;
        });
        socket.on('close', () => resolve(received));
      }),
  };
}
