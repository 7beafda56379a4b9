/** Hosts that are slow, lie, or send too much: every fetch ends within its limits, with the reason. Real servers and sockets. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { realClock } from '#house/real-clock.ts';
import type { Fetch, FetchLimits, FetchOutcome, FetchRequest } from '../../ports/fetch.ts';
import { startNameServer } from '../../testing/name-server.ts';
import { portOf } from '../../testing/ports.ts';
import { resolveByDns } from './host-addresses.ts';
import { openFetch } from './http-fetch.ts';

const reasonOf = (outcome: FetchOutcome) => (outcome.kind === 'fetched' ? `fetched ${outcome.status}` : outcome.reason);
const line = 'a line of a page that compresses well\n';
const bomb = Buffer.alloc(48 * 1024 * 1024);

/** Answers of a plain socket, by the path that is asked for. */
const rawAnswers: Readonly<Record<string, (socket: Socket) => void>> = {
  '/silent': () => {},
  '/one-byte-a-time': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    const timer = setInterval(() => socket.write('x'), 20);
    socket.on('close', () => clearInterval(timer));
  },
  '/never-ending-headers': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    const more = () => {
      while (socket.writable && socket.write(`x-${'y'.repeat(1_000)}: z\r\n`));
    };
    socket.on('drain', more);
    more();
  },
  '/never-ending-announcements': (socket) => {
    const more = () => {
      while (socket.writable && socket.write('HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'));
    };
    socket.on('drain', more);
    more();
  },
  '/slow-body': (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'),
  '/gigabyte': (socket) => {
    socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${1024 ** 3}\r\n\r\n`);
    flood(socket);
  },
  '/gigabyte-unannounced': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    flood(socket);
  },
  '/too-short': (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'),
  '/cut-chunks': (socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n'),
  '/two-lengths': (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello!'),
  '/length-and-chunks': (socket) =>
    socket.end('HTTP/1.1 200 OK\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n'),
  '/not-http': (socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'),
  '/bare-line-ends': (socket) => socket.end('HTTP/1.1 200 OK\ncontent-length: 5\n\nhello'),
  '/upgrade': (socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
  '/hangs-up': (socket) => socket.destroy(),
};

function flood(socket: Socket): void {
  const piece = Buffer.alloc(64 * 1024, 120);
  const more = () => {
    while (socket.writable && socket.write(piece));
  };
  socket.on('drain', more);
  more();
}

const encodings: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  gzip: gzipSync,
  br: (body) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
  zstd: zstdCompressSync,
  deflate: deflateSync,
  'raw-deflate': deflateRawSync,
};

const pages: RequestListener = (request, response) => {
  const url = new URL(request.url ?? '', 'http://x');
  const name = url.searchParams.get('encoding') ?? '';
  switch (url.pathname) {
    case '/encoded':
      response.setHeader('content-encoding', name.replace('raw-', ''));
      return void response.end(encodings[name]?.(Buffer.from(line.repeat(Number(url.searchParams.get('lines'))))));
    case '/bomb':
      response.setHeader('content-encoding', name);
      return void response.end(bombs.get(name));
    case '/cut':
      response.setHeader('content-encoding', 'gzip');
      return void response.end(gzipSync(Buffer.from(line)).subarray(0, 20));
    case '/unknown-encoding':
      response.setHeader('content-encoding', 'gzip, gzip');
      return void response.end('x');
    case '/circle':
      return void response.writeHead(302, { location: '/circle-back' }).end();
    case '/circle-back':
      return void response.writeHead(301, { location: '/circle#again' }).end();
    case '/chain': {
      const left = Number(url.searchParams.get('left'));
      if (left === 0) return void response.end('arrived');
      // A redirect may have a body that is never read.
      return void response.writeHead(307, { location: `/chain?left=${left - 1}` }).end('x'.repeat(200_000));
    }
    case '/nowhere':
      return void response.writeHead(302, { location: 'http://[' }).end();
    default:
      response.setHeader('set-cookie', 'a=b');
      return void response.end(`${request.method} ${request.headers['user-agent']} ${request.headers.host}`);
  }
};

const bombs = new Map<string, Buffer>();

describe('hostile hosts', { timeout: 120_000 }, () => {
  const raw = createTcpServer();
  const web = createServer(pages);
  const sockets = new Set<Socket>();
  const servers: readonly Server[] = [raw, web];
  let fetcher: Fetch;

  before(async () => {
    for (const name of ['gzip', 'br', 'zstd', 'deflate']) bombs.set(name, encodings[name]?.(bomb) ?? bomb);
    raw.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
      socket.once('data', (request) => rawAnswers[request.toString('latin1').split(' ')[1] ?? '']?.(socket));
    });
    for (const server of servers) {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    }
    fetcher = openFetch({ clock: realClock, rules: { allow: servers.map((server) => `127.0.0.1:${portOf(server)}`) } });
  });

  after(async () => {
    await fetcher.close();
    for (const socket of sockets) socket.destroy();
    web.closeAllConnections();
    for (const server of servers) server.close();
  });

  const get = (server: Server, path: string, limits: Partial<FetchLimits> = {}, more: Partial<FetchRequest> = {}) =>
    fetcher.fetch({ method: 'GET', address: `http://127.0.0.1:${portOf(server)}${path}`, limits, ...more });

  const rawCases: readonly (readonly [string, string, Partial<FetchLimits>?])[] = [
    ['/silent', 'headers_timed_out', { headersMs: 100 }],
    ['/silent', 'total_timed_out', { totalMs: 100 }],
    ['/one-byte-a-time', 'headers_timed_out', { headersMs: 200 }],
    ['/never-ending-headers', 'headers_too_large'],
    ['/never-ending-announcements', 'answer_invalid'],
    ['/slow-body', 'body_timed_out', { bodyMs: 100 }],
    ['/gigabyte', 'body_too_large'],
    ['/gigabyte-unannounced', 'body_too_large'],
    ['/too-short', 'body_cut'],
    ['/cut-chunks', 'body_cut'],
    ['/two-lengths', 'answer_invalid'],
    ['/length-and-chunks', 'answer_invalid'],
    ['/not-http', 'answer_invalid'],
    ['/bare-line-ends', 'answer_invalid'],
    ['/upgrade', 'answer_invalid'],
    ['/hangs-up', 'answer_invalid'],
  ];
  for (const [path, reason, limits] of rawCases) {
    it(`says ${reason} of ${path}`, async () => {
      const outcome = await get(raw, path, limits);
      assert.equal(reasonOf(outcome), reason);
      assert.ok(outcome.timings.totalMs < 10_000);
    });
  }

  it('keeps no connection of those that failed', async () => {
    while (sockets.size > 0) await Promise.race([...sockets].map((socket) => once(socket, 'close')));
  });

  it('says connect_failed where nobody listens', async () => {
    // A port that was free a moment ago may be another test's by now.
    const nobody = '127.0.0.1:1';
    const other = openFetch({ clock: realClock, rules: { allow: [nobody] } });
    assert.equal(reasonOf(await other.fetch({ method: 'GET', address: `http://${nobody}/` })), 'connect_failed');
    await other.close();
  });

  it('says resolve_timed_out of a silent DNS', async () => {
    const silent = await startNameServer(() => undefined);
    const other = openFetch({ clock: realClock, resolve: resolveByDns([silent.address]) });
    const outcome = await other.fetch({ method: 'GET', address: 'http://slow.example.com/', limits: { resolveMs: 100 } });
    assert.equal(reasonOf(outcome), 'resolve_timed_out');
    await other.close();
    await silent.close();
  });

  for (const name of Object.keys(encodings)) {
    it(`decompresses ${name}, small and large`, async () => {
      for (const lines of [1, 50_000]) {
        const outcome = await get(web, `/encoded?encoding=${name}&lines=${lines}`);
        assert.ok(outcome.kind === 'fetched', reasonOf(outcome));
        assert.equal(outcome.body.toString(), line.repeat(lines));
        assert.ok(lines === 1 || outcome.wireBytes < outcome.body.length / 10);
      }
    });
  }

  for (const name of ['gzip', 'br', 'zstd', 'deflate']) {
    it(`stops a ${name} bomb`, async () => {
      const before = process.memoryUsage().arrayBuffers;
      assert.equal(reasonOf(await get(web, `/bomb?encoding=${name}`, { bodyBytes: 1_000_000 })), 'body_too_large');
      assert.ok(process.memoryUsage().arrayBuffers - before < 32 * 1024 * 1024, 'the bomb went off');
    });
  }

  it('says what is wrong with an encoding', async () => {
    assert.equal(reasonOf(await get(web, '/cut')), 'encoding_broken');
    assert.equal(reasonOf(await get(web, '/unknown-encoding')), 'encoding_unknown');
  });

  it('follows redirects, and not for ever', async () => {
    const arrived = await get(web, '/chain?left=5');
    assert.ok(arrived.kind === 'fetched');
    assert.deepEqual([arrived.body.toString(), arrived.redirects, new URL(arrived.address).search], ['arrived', 5, '?left=0']);
    assert.equal(reasonOf(await get(web, '/chain?left=6')), 'too_many_redirects');
    assert.equal(reasonOf(await get(web, '/chain?left=1', { redirects: 0 })), 'too_many_redirects');
    assert.equal(reasonOf(await get(web, '/circle')), 'redirect_circle');
    assert.equal(reasonOf(await get(web, '/nowhere')), 'address_invalid');
    assert.equal(reasonOf(await get(web, '/chain?left=1', {}, { method: 'POST' })), 'fetched 307');
  });

  it('sends what it says, and hands no cookies on', async () => {
    const outcome = await get(web, '/echo', {}, { headers: { 'User-Agent': 'mine' } });
    assert.ok(outcome.kind === 'fetched');
    assert.equal(outcome.body.toString(), `GET mine 127.0.0.1:${portOf(web)}`);
    assert.equal(outcome.headers['set-cookie'], undefined);
    const head = await get(web, '/echo', {}, { method: 'HEAD' });
    assert.ok(head.kind === 'fetched' && head.body.length === 0);
  });

  it('ends a fetch that is cancelled, and those under way when it closes', async () => {
    const cancel = new AbortController();
    const cancelled = get2(fetcher, cancel.signal);
    cancel.abort();
    assert.equal(reasonOf(await cancelled), 'cancelled');
    const other = openFetch({ clock: realClock, rules: { allow: [`127.0.0.1:${portOf(raw)}`] } });
    const open = get2(other);
    await once(raw, 'connection');
    await other.close();
    assert.equal(reasonOf(await open), 'cancelled');
  });

  const get2 = (by: Fetch, signal?: AbortSignal) => by.fetch({ method: 'GET', address: `http://127.0.0.1:${portOf(raw)}/silent` }, signal);

  it('replaces a connection that the host closed meanwhile, and never reads an answer that was not asked for', async () => {
    let answers = 0;
    const fickle = createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', () => {
        answers++;
        // One answer more than was asked for, in the same packet.
        const answer = `HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n${answers}`;
        socket.write(answers % 2 === 1 ? `${answer}HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\npoison` : answer);
        if (answers % 3 === 0) socket.destroy();
      });
    });
    fickle.listen(0, '127.0.0.1');
    await once(fickle, 'listening');
    const address = `http://127.0.0.1:${portOf(fickle)}/`;
    const other = openFetch({ clock: realClock, rules: { allow: [`127.0.0.1:${portOf(fickle)}`] } });
    for (let index = 0; index < 12; index++) {
      const outcome = await other.fetch({ method: 'GET', address });
      assert.notEqual(outcome.kind === 'fetched' && outcome.body.toString(), 'poison');
    }
    await other.close();
    fickle.close();
  });
});
