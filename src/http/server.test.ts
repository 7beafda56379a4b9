/** The web server as clients see it: answers, refusals, limits and shutdown. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { BrokenInvariant, KontorError } from '#core/errors.ts';
import { openMetrics } from '#house/metrics.ts';
import { type Answer, sendBytes, startTestWebServer } from '#testkit/web-server.ts';
import type { Web } from './types.ts';

/** Asserts a well-formed problem and returns it. */
function problemIn(answer: Answer, status: number, code: string) {
  assert.equal(answer.status, status, answer.text);
  assert.match(answer.headers['content-type'] ?? '', /^application\/problem\+json/);
  const problem = answer.json();
  assert.deepEqual(Object.keys(problem), ['type', 'title', 'status', 'code', 'detail', 'requestId', 'errors']);
  assert.equal(problem.status, status);
  assert.equal(problem.code, code);
  assert.equal(problem.requestId, answer.headers['x-request-id']);
  assert.equal(answer.headers['cache-control'], 'no-store');
  return problem;
}

function routes(add: (server: FastifyInstance) => void): { readonly webs: readonly Web[] } {
  return { webs: [{ routes: add }] };
}

const thing = Type.Object({ name: Type.String({ minLength: 1 }), count: Type.Integer({ minimum: 1 }) }, { additionalProperties: false });

const things = routes((server) => {
  server.get('/api/things/:id', async (request) => ({ id: (request.params as { id: string }).id }));
  server.post('/api/things', { schema: { body: thing } }, async (request) => request.body);
});

test('answers with what the route returns, and with a request id', async (t) => {
  const server = await startTestWebServer(t, things);
  const answer = await server.send('/api/things/7');
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.json(), { id: '7' });
  assert.match(String(answer.headers['x-request-id']), /^[0-9a-f]{32}$/);
});

test('accepts a valid request id from the client, and no other', async (t) => {
  const server = await startTestWebServer(t, things);
  const sane = await server.send('/api/things/7', { headers: { 'x-request-id': 'shop-4711.a_b' } });
  assert.equal(sane.headers['x-request-id'], 'shop-4711.a_b');
  for (const bad of ['short', 'a'.repeat(65), 'with space', '<script>alert(1)</script>']) {
    const answer = await server.send('/api/things/7', { headers: { 'x-request-id': bad } });
    assert.match(String(answer.headers['x-request-id']), /^[0-9a-f]{32}$/, bad);
  }
});

test('sends a strict content security policy, and does not disclose its software', async (t) => {
  const server = await startTestWebServer(t, things);
  for (const path of ['/api/things/7', '/nowhere', '/api/docs', '/%']) {
    const { headers } = await server.send(path);
    const policy = String(headers['content-security-policy']);
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /connect-src 'self'/);
    assert.doesNotMatch(policy, /unsafe|\*|https?:/);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['x-frame-options'], 'DENY');
    assert.equal(headers['x-powered-by'], undefined);
    assert.equal(headers.server, undefined);
  }
});

test('an unknown path is answered with 404, a wrong method with 405 and the right ones', async (t) => {
  const server = await startTestWebServer(t, things);
  const unknown = problemIn(await server.send('/api/nothing?secret=1'), 404, 'not_found');
  assert.match(unknown.detail, /\/api\/nothing;/);
  const wrong = await server.send('/api/things/7', { method: 'DELETE' });
  problemIn(wrong, 405, 'method_not_allowed');
  assert.equal(wrong.headers.allow, 'GET, HEAD');
});

test('an invalid body is answered with the field and what is allowed', async (t) => {
  const server = await startTestWebServer(t, things);
  const post = (body: string, type = 'application/json') =>
    server.send('/api/things', { method: 'POST', body, headers: { 'content-type': type } });
  const low = problemIn(await post('{"name":"rope","count":0}'), 400, 'invalid_input');
  assert.deepEqual(low.errors, [
    { field: 'count', message: 'must be at least 1; it was 0', reason: { name: 'field-least', values: { least: 1 } } },
  ]);
  assert.equal(low.detail, 'In the body, count must be at least 1; it was 0.');
  assert.match(problemIn(await post('{'), 400, 'invalid_input').detail, /not valid JSON/);
  assert.match(problemIn(await post(''), 400, 'invalid_input').detail, /empty/);
  problemIn(await post('name=rope', 'application/x-www-form-urlencoded'), 415, 'unsupported_media');
  problemIn(await post('{"name":"rope","count":1}', 'text/plain'), 415, 'unsupported_media');
});

test('a body over the limit is refused, and a route may have its own limit', async (t) => {
  const server = await startTestWebServer(t, {
    limits: { bodyBytes: 100 },
    ...routes((scope) => {
      scope.post('/api/small', async () => 'ok');
      scope.post('/api/large', { bodyLimit: 10_000 }, async () => 'ok');
    }),
  });
  const body = JSON.stringify('x'.repeat(500));
  const headers = { 'content-type': 'application/json' };
  assert.match(problemIn(await server.send('/api/small', { method: 'POST', body, headers }), 413, 'too_large').detail, /100 bytes/);
  assert.equal((await server.send('/api/large', { method: 'POST', body, headers })).status, 200);
});

test('errors become problems; the details of internal ones go to the log, never to the client', async (t) => {
  const server = await startTestWebServer(
    t,
    routes((scope) => {
      scope.get('/api/conflict', async () => {
        throw new KontorError('conflict', 'Key 17 was used for another order.', { details: [{ field: 'key', message: 'choose another' }] });
      });
      scope.get('/api/busy', async () => {
        throw new KontorError('overloaded', 'Too many writes wait.');
      });
      scope.get('/api/disk', async () => {
        throw new KontorError('storage_full', '/srv/kontor/data is full');
      });
      scope.get('/api/bug', async () => {
        throw new TypeError('cannot read /srv/kontor of undefined');
      });
      scope.get('/api/not-an-error', () => Promise.reject('a text'));
    }),
  );
  const conflict = problemIn(await server.send('/api/conflict'), 409, 'conflict');
  assert.equal(conflict.detail, 'Key 17 was used for another order.');
  assert.deepEqual(conflict.errors, [{ field: 'key', message: 'choose another' }]);
  const busy = await server.send('/api/busy');
  assert.equal(problemIn(busy, 503, 'overloaded').detail, 'Too many writes wait.');
  assert.equal(busy.headers['retry-after'], '1');
  for (const [path, status, code] of [
    ['/api/disk', 507, 'storage_full'],
    ['/api/bug', 500, 'internal'],
    ['/api/not-an-error', 500, 'internal'],
  ] as const) {
    const answer = await server.send(path);
    problemIn(answer, status, code);
    assert.doesNotMatch(answer.text, /srv|stack|\.ts/);
  }
  const logged = server.log.entries.filter((entry) => entry.level === 'warn');
  assert.deepEqual(
    logged.map((entry) => entry.fields.route),
    ['/api/busy', '/api/disk', '/api/bug', '/api/not-an-error'],
  );
  assert.ok(logged[2]?.fields.err instanceof TypeError);
});

test('a broken invariant is answered with 500 and reported to the house', async (t) => {
  const told: unknown[] = [];
  const broken = new BrokenInvariant('the books do not balance');
  const server = await startTestWebServer(t, {
    fail: (error) => told.push(error),
    ...routes((scope) => {
      scope.get('/api/books', async () => {
        throw broken;
      });
    }),
  });
  problemIn(await server.send('/api/books'), 500, 'internal');
  assert.deepEqual(told, [broken]);
});

test('a handler that takes too long is answered for with 503, and its signal aborts then and not before', async (t) => {
  const aborted: boolean[] = [];
  const server = await startTestWebServer(t, {
    limits: { handlerTimeoutMs: 30 },
    ...routes((scope) => {
      scope.all('/api/slow', ({ signal }) => {
        const { promise, resolve } = Promise.withResolvers<string>();
        aborted.push(signal.aborted);
        signal.addEventListener('abort', () => {
          aborted.push(signal.aborted);
          resolve('too late');
        });
        return promise;
      });
    }),
  });
  const withBody = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
  for (const request of [{}, withBody]) problemIn(await server.send('/api/slow', request), 503, 'timed_out');
  assert.deepEqual(aborted, [false, true, false, true]);
});

test('the rate limit applies per address; unknown paths count, health and metrics do not', async (t) => {
  const server = await startTestWebServer(t, { ...things, limits: { requestsPerMinute: 3 } });
  for (let index = 0; index < 3; index += 1) assert.equal((await server.send('/api/things/7')).status, 200);
  const refused = await server.send('/api/things/7');
  assert.match(problemIn(refused, 429, 'too_many_requests').detail, /3 requests a minute/);
  assert.ok(Number(refused.headers['retry-after']) > 0);
  problemIn(await server.send('/nowhere'), 429, 'too_many_requests');
  for (const path of ['/healthz', '/livez', '/ready', '/readyz', '/metrics']) assert.equal((await server.send(path)).status, 200, path);
});

test('a limit of 0 switches the rate limit off', async (t) => {
  const server = await startTestWebServer(t, { ...things, limits: { requestsPerMinute: 0 } });
  const { headers } = await server.send('/api/things/7');
  assert.equal(headers['x-ratelimit-limit'], undefined);
});

test('the rate limit counts each client behind a trusted proxy, and ignores other forwarded addresses', async (t) => {
  const limits = { requestsPerMinute: 1 };
  const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
  const behindProxy = await startTestWebServer(t, { ...things, limits, trustedProxies: ['127.0.0.0/8'] });
  assert.equal((await behindProxy.send('/api/things/7', from('203.0.113.1'))).status, 200);
  assert.equal((await behindProxy.send('/api/things/7', from('203.0.113.2'))).status, 200);
  assert.equal((await behindProxy.send('/api/things/7', from('203.0.113.1'))).status, 429);
  const direct = await startTestWebServer(t, { ...things, limits });
  assert.equal((await direct.send('/api/things/7', from('203.0.113.1'))).status, 200);
  assert.equal((await direct.send('/api/things/7', from('203.0.113.2'))).status, 429);
});

test('unknown host names are refused on every path, which prevents DNS rebinding', async (t) => {
  const server = await startTestWebServer(t, { ...things, allowedHosts: ['kontor.example'] });
  const as = (host: string) => server.send('/api/things/7', { headers: { host } });
  for (const host of ['localhost:3000', '127.0.0.1', '[::1]:99', 'Kontor.Example:443']) assert.equal((await as(host)).status, 200, host);
  for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '169.254.169.254', 'localhost@evil.example']) {
    assert.match(problemIn(await as(host), 403, 'forbidden').detail, /ALLOWED_HOSTS/);
  }
  problemIn(await server.send('/metrics', { headers: { host: 'evil.example' } }), 403, 'forbidden');
});

test('pages of other sites cannot change state', async (t) => {
  const server = await startTestWebServer(t, things);
  const post = (origin: string | undefined) =>
    server.send('/api/things', {
      method: 'POST',
      body: '{"name":"rope","count":1}',
      headers: { 'content-type': 'application/json', ...(origin === undefined ? {} : { origin }) },
    });
  problemIn(await post('https://evil.example'), 403, 'forbidden');
  problemIn(await post('null'), 403, 'forbidden');
  assert.equal((await post(`http://127.0.0.1:${server.port}`)).status, 200);
  assert.equal((await post(undefined)).status, 200);
});

test('malformed and oversized requests are answered with problems', async (t) => {
  const server = await startTestWebServer(t, { ...things, limits: { headerBytes: 2_000 } });
  assert.match(await sendBytes(server.port, 'what is this\r\n\r\n'), /^HTTP\/1\.1 400 .*"code":"invalid_input"/s);
  assert.match(
    await sendBytes(server.port, `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(3_000)}\r\n\r\n`),
    /^HTTP\/1\.1 413 .*"code":"too_large"/s,
  );
  problemIn(await server.send('/%zz'), 400, 'invalid_input');
  problemIn(await server.send(`/api/things/${'x'.repeat(500)}`), 400, 'invalid_input');
});

test('a client that does not finish its request is disconnected', async (t) => {
  const server = await startTestWebServer(t, { ...things, limits: { headersTimeoutMs: 50 } });
  assert.match(await sendBytes(server.port, 'GET / HTTP/1.1\r\nHost: localhost\r\n'), /"code":"timed_out"/);
});

test('/ready lists the roles and is 503 while one is not ready; /healthz stays 200', async (t) => {
  let ready = true;
  const server = await startTestWebServer(t, {
    ready: () => ({ ready, roles: { publisher: { ready, says: ready ? 'active' : 'disk full' } } }),
  });
  assert.deepEqual((await server.send('/ready')).json(), {
    ready: true,
    draining: false,
    roles: { publisher: { ready: true, says: 'active' } },
  });
  ready = false;
  const answer = await server.send('/readyz');
  assert.equal(answer.status, 503);
  assert.equal(answer.json().roles.publisher.says, 'disk full');
  assert.equal((await server.send('/healthz')).status, 200);
  assert.equal(server.log.entries.filter((entry) => entry.level === 'warn').length, 0, 'probes are not logged as failures');
});

test('/metrics counts requests by route pattern, never by path', async (t) => {
  const server = await startTestWebServer(t, { ...things, metrics: openMetrics() });
  for (const id of ['1', '2', '3']) await server.send(`/api/things/${id}`);
  await server.send('/nowhere/at/all');
  const { text, headers } = await server.send('/metrics');
  assert.match(headers['content-type'] ?? '', /^text\/plain; version=/);
  assert.match(text, /http_request_duration_seconds_count\{method="GET",route="\/api\/things\/:id",status="200"\} 3/);
  assert.match(text, /http_request_duration_seconds_count\{method="GET",route="none",status="404"\} 1/);
  assert.match(text, /http_requests_in_flight 1/, 'this request');
  assert.match(text, /http_requests_in_flight_seconds_total 0/, 'the clock of the test stands still');
  assert.doesNotMatch(text, /nowhere/);
});

test('a port in use is refused with advice', async (t) => {
  const first = await startTestWebServer(t);
  await assert.rejects(startTestWebServer(t, { port: first.port }), (error) => {
    assert.ok(error instanceof KontorError);
    assert.equal(error.code, 'address_in_use');
    assert.match(error.message, new RegExp(`port ${first.port} on 127\\.0\\.0\\.1 .*PORT=${first.port + 1}`));
    return true;
  });
});

test('an address of another machine is refused with advice', async (t) => {
  await assert.rejects(startTestWebServer(t, { host: '203.0.113.9' }), { code: 'invalid_option', message: /HOST=127\.0\.0\.1/ });
});
