/** Over TLS: HTTP/2 where it is offered, certificates, and no way back to plain HTTP. Real servers. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createPlainServer } from 'node:http';
import { createSecureServer, type Http2SecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type Server } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { realClock } from '#house/real-clock.ts';
import type { Fetch, FetchOutcome, FetchRequest } from '../../ports/fetch.ts';
import { ownCertificate } from '../../testing/own-authority.ts';
import { portOf } from '../../testing/ports.ts';
import { openFetch } from './http-fetch.ts';

const reasonOf = (outcome: FetchOutcome) => (outcome.kind === 'fetched' ? `fetched ${outcome.status}` : outcome.reason);

describe('hosts over TLS', { timeout: 60_000 }, () => {
  const certificate = ownCertificate(['localhost'], ['127.0.0.1']);
  const other = ownCertificate(['elsewhere.example.com'], []);
  const plain = createPlainServer((_, response) => response.end('plain'));
  const http1 = createHttpsServer(certificate, (request, response) => response.end(`1.1 ${request.headers.host}`));
  const misnamed = createHttpsServer(other, (_, response) => response.end('x'));
  const silent = createTcpServer((socket) => socket.on('error', () => {}).resume());
  let http2: Http2SecureServer;
  let sessions = 0;
  let servers: readonly Server[];
  let fetcher: Fetch;

  const answer = (request: Http2ServerRequest, response: Http2ServerResponse) => {
    switch (request.url) {
      case '/downgrade':
        response.writeHead(302, { location: `http://127.0.0.1:${portOf(plain)}/` }).end();
        break;
      case '/forbidden':
        response.writeHead(302, { location: 'https://[::ffff:169.254.169.254]/' }).end();
        break;
      case '/gigabyte': {
        const piece = Buffer.alloc(64 * 1024);
        const more = () => {
          while (!response.writableEnded && response.stream.writable && response.write(piece));
        };
        response.stream.on('error', () => {});
        response.on('drain', more);
        more();
        break;
      }
      case '/silent':
        break;
      case '/large-headers':
        for (let index = 0; index < 40; index++) response.setHeader(`x-${index}`, 'y'.repeat(1_000));
        response.end();
        break;
      case '/reset':
        response.stream.close(2);
        break;
      case '/goaway':
        response.stream.session?.destroy();
        break;
      default:
        response.end(`2 ${request.authority} ${request.method}`);
    }
  };

  before(async () => {
    http2 = createSecureServer({ key: certificate.key, cert: certificate.cert, allowHTTP1: true }, answer);
    http2.on('session', () => sessions++);
    servers = [plain, http1, misnamed, silent, http2];
    for (const server of servers) {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    }
    fetcher = openFetch({
      clock: realClock,
      ca: certificate.cert + other.cert,
      rules: { allow: servers.flatMap((server) => [`127.0.0.1:${portOf(server)}`, `localhost:${portOf(server)}`]) },
    });
  });

  after(async () => {
    await fetcher.close();
    for (const server of servers) server.close();
  });

  const get = (server: Server, path = '/', more: Partial<FetchRequest> = {}) =>
    fetcher.fetch({ method: 'GET', address: `https://localhost:${portOf(server)}${path}`, ...more });

  it('speaks HTTP/2 where it is offered, with one session for all', async () => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => get(http2)));
    for (const outcome of outcomes) {
      assert.ok(outcome.kind === 'fetched', JSON.stringify(outcome));
      assert.deepEqual([outcome.protocol, outcome.body.toString()], ['h2', `2 localhost:${portOf(http2)} GET`]);
    }
    const before = sessions;
    for (let index = 0; index < 20; index++) assert.equal(reasonOf(await get(http2)), 'fetched 200');
    assert.equal(sessions, before);
  });

  it('speaks HTTP/1.1 where that is all there is, by name and by address', async () => {
    const named = await get(http1);
    assert.ok(named.kind === 'fetched', JSON.stringify(named));
    assert.deepEqual([named.protocol, named.body.toString()], ['http/1.1', `1.1 localhost:${portOf(http1)}`]);
    const literal = await fetcher.fetch({ method: 'GET', address: `https://127.0.0.1:${portOf(http1)}/` });
    assert.equal(reasonOf(literal), 'fetched 200');
  });

  it('posts over both', async () => {
    const post = { method: 'POST', body: Buffer.from('{}'), headers: { 'content-type': 'application/json', 'webhook-id': '1' } } as const;
    assert.equal(reasonOf(await get(http1, '/', post)), 'fetched 200');
    const outcome = await get(http2, '/', post);
    assert.ok(outcome.kind === 'fetched' && outcome.body.toString().endsWith('POST'));
  });

  it('trusts no certificate of another name or authority, and no host without TLS', async () => {
    assert.equal(reasonOf(await get(misnamed)), 'tls_failed');
    assert.equal(reasonOf(await get(plain)), 'tls_failed');
    const strict = openFetch({ clock: realClock, rules: { allow: [`localhost:${portOf(http1)}`] } });
    assert.equal(reasonOf(await strict.fetch({ method: 'GET', address: `https://localhost:${portOf(http1)}/` })), 'tls_failed');
    await strict.close();
    assert.equal(reasonOf(await get(silent, '/', { limits: { connectMs: 100 } })), 'connect_timed_out');
  });

  it('goes neither back to plain HTTP nor to a forbidden address', async () => {
    assert.equal(reasonOf(await get(http2, '/downgrade')), 'downgrade');
    assert.equal(reasonOf(await get(http2, '/forbidden')), 'address_forbidden');
  });

  it('keeps the limits on HTTP/2', async () => {
    assert.equal(reasonOf(await get(http2, '/gigabyte')), 'body_too_large');
    assert.equal(reasonOf(await get(http2, '/silent', { limits: { headersMs: 100 } })), 'headers_timed_out');
    assert.equal(reasonOf(await get(http2, '/large-headers')), 'headers_too_large');
    assert.equal(reasonOf(await get(http2, '/reset')), 'answer_invalid');
    assert.equal(reasonOf(await get(http2, '/goaway')), 'answer_invalid');
    assert.equal(reasonOf(await get(http2)), 'fetched 200');
  });
});
