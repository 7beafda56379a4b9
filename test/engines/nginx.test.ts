/** Two live views behind a real NGINX: no read is lost when one is killed, and sockets resume on the other one. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { freePort } from '#cluster/free-port.ts';
import { nginxConfiguration } from '#cluster/nginx/configuration.ts';
import type { NginxServer } from '#cluster/nginx/server.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { until } from '#testkit/until.ts';
import { startNginx } from '../../tools/engines/nginx.ts';
import { placeOf } from '../../tools/engines.ts';
import { startHouse, type TestHouse } from '../e2e/house.ts';
import { openForeignViewer } from './foreign-viewer.ts';
import { engineFor } from './require-engine.ts';

const { skip } = await engineFor('nginx');
const company = 'MSFT';
const channel = `batches:${company}`;
const readers = 8;

describe('live views behind NGINX', { skip, timeout: 480_000 }, () => {
  let market: TestHouse;
  let nginx: NginxServer;
  const views: TestHouse[] = [];

  before(async () => {
    market = await startHouse({
      command: ['run', 'stocks-publisher', 'stocks-aggregator'],
      // A batch about every 100 ms, so that a client could miss one.
      env: { STOCK: company, TICKER_INTERVAL: '0.1', STOCKS_HISTORY_MINUTES: '0' },
    });
    const env = {
      STOCK: company,
      STATE_URL: `sqlite:${market.dataDir}/kontor.db`,
      STREAM_URL: `sqlite:${market.dataDir}/stream.db`,
      TRUSTED_PROXIES: '127.0.0.1',
      RATE_LIMIT_PER_MINUTE: '0',
    };
    for (let count = 0; count < 2; count += 1)
      views.push(await startHouse({ command: ['run', 'stocks-liveview'], env, port: await freePort() }));
    const upstreams = views.map(({ url }) => new URL(url).host);
    nginx = await startNginx({
      folder,
      softwareFolder: placeOf('nginx').softwareFolder,
      http: (port) => nginxConfiguration({ listen: `127.0.0.1:${port}`, served: [{ path: '/', upstreams }] }),
    });
    await until(async () => (await fetch(`${nginx.url}/ready`)).ok, { describe: 'a live view that is ready' });
  });
  after(async () => {
    await nginx?.stop();
    for (const house of [...views, market]) await house?.remove();
  });
  // Registered after the stop of NGINX: hooks run in order.
  const folder = temporaryFolder({ after });

  async function openSockets(view: TestHouse): Promise<number> {
    const metrics = await (await fetch(`${view.url}/metrics`)).text();
    return Number(/^http_sockets_open (\d+)/m.exec(metrics)?.[1]);
  }
  /** kill -9, and a restart on the same port. */
  async function replace(index: number, meanwhile: () => Promise<void>): Promise<void> {
    await views[index]?.kill();
    await meanwhile();
    views[index] = (await views[index]?.restart()) as TestHouse;
  }

  it('passes requests on unchanged, and reveals little about itself', async () => {
    const answer = await fetch(`${nginx.url}/api/stocks/companies`, { headers: { 'x-request-id': 'my-own-request-id' } });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('x-request-id'), 'my-own-request-id');
    assert.equal(answer.headers.get('server'), 'nginx');
    const long = await fetch(`${nginx.url}/api/openapi.json`, { headers: { 'accept-encoding': 'gzip' } });
    assert.equal(long.headers.get('content-encoding'), 'gzip');
    assert.match(long.headers.get('vary') ?? '', /accept-encoding/i);
    const large = await fetch(`${nginx.url}/api/stocks/trades`, { method: 'POST', body: 'x'.repeat(8 * 1_048_576 + 1) });
    assert.equal(large.status, 413);
  });

  it('spreads clients over the live views', async () => {
    const sockets = Array.from({ length: 20 }, () => new WebSocket(`${nginx.url.replace('http', 'ws')}/live`));
    await until(async () => (await Promise.all(views.map(openSockets))).reduce((sum, count) => sum + count, 0) >= 20, {
      describe: '20 open sockets',
    });
    for (const view of views) assert.ok((await openSockets(view)) >= 8, 'each has about half of them');
    for (const socket of sockets) socket.terminate();
    await until(async () => (await Promise.all(views.map(openSockets))).every((count) => count === 0), { describe: 'all sockets gone' });
  });

  it('loses no read when a live view is killed under load', async () => {
    const problems: string[] = [];
    let reads = 0;
    let over = false;
    const reading = Array.from({ length: readers }, async () => {
      while (!over) {
        const answer = await fetch(`${nginx.url}/api/stocks/companies`).catch((error: Error) => error);
        if (answer instanceof Error) problems.push(answer.message);
        else if (!answer.ok) problems.push(`${answer.status} ${await answer.text()}`);
        else await answer.json().catch((error: Error) => problems.push(`cut short: ${error.message}`));
        reads += 1;
      }
    });
    const someReads = async () => {
      const enough = reads + 400;
      await until(() => reads >= enough, { describe: 'some hundred reads' });
    };
    for (const index of [0, 1, 0, 1]) {
      await someReads();
      await replace(index, someReads);
      await until(async () => (await fetch(`${views[index]?.url}/ready`)).ok, { describe: 'the live view to be ready again' });
    }
    await someReads();
    over = true;
    await Promise.all(reading);
    assert.equal(problems.length, 0, `${problems.length} of ${reads} reads failed, such as: ${problems[0]}`);
  });

  it('lets sockets resume on the other live view without missing a batch', async () => {
    const client = resumingClient(`${nginx.url.replace('http', 'ws')}/live`);
    for (const _round of [1, 2, 3]) {
      await until(() => client.numbers.length >= 3 && client.isOpen(), { describe: 'some batches' });
      const counts = await Promise.all(views.map(openSockets));
      const serving = counts.findIndex((count) => count > 0);
      const already = client.numbers.length;
      await replace(serving, async () => {
        await until(() => client.numbers.length >= already + 5, { describe: 'batches from the other live view' });
      });
    }
    client.close();
    assert.ok(client.connections() >= 4);
    assert.equal(client.snapshots(), 1, 'every reconnection resumed at the position of the client');
    const first = client.numbers[0] ?? 0;
    assert.deepEqual(
      client.numbers,
      client.numbers.map((_, index) => first + index),
    );
  });

  it('hands on the host with its port, so that sockets of the own pages open and others do not', async () => {
    const { port } = nginx;
    assert.notEqual(port, 80);
    const open = async (origin: string, path: string) => {
      const socket = new WebSocket(`${nginx.url.replace('http', 'ws')}${path}`, { origin });
      const outcome = await Promise.race([
        once(socket, 'open').then(() => 'open'),
        once(socket, 'unexpected-response').then(([, response]) => (response as IncomingMessage).statusCode),
      ]);
      socket.terminate();
      return outcome;
    };
    for (const path of ['/', '/live']) {
      assert.equal(await open(nginx.url, path), 'open');
      assert.equal(await open(`http://localhost:${port}`, path), 403, 'a page of another origin');
      assert.equal(await open('http://127.0.0.1', path), 403, 'a page of another port');
    }
  });

  it('upgrades on / for existing viewers', async () => {
    const viewer = await openForeignViewer(nginx.url);
    await until(() => (viewer.prices()?.length ?? 0) > 0, { describe: 'prices' });
    viewer.close();
    assert.equal(viewer.prices()?.[0]?.company, company);
  });
});

it('NGINX is up when it listens, though what is behind it never answers', { skip }, async (t) => {
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  t.after(() => silent.close());
  let nginx: NginxServer | undefined;
  // Before its folder goes: hooks run in order.
  t.after(() => nginx?.stop());
  const upstreams = [`127.0.0.1:${(silent.address() as AddressInfo).port}`];
  nginx = await startNginx({
    folder: temporaryFolder(t),
    softwareFolder: placeOf('nginx').softwareFolder,
    http: (port) => nginxConfiguration({ listen: `127.0.0.1:${port}`, served: [{ path: '/', upstreams }] }),
  });
  assert.ok(nginx.running());
});

/** A client of the live protocol that reconnects at once and resumes at its position. */
function resumingClient(url: string) {
  const numbers: number[] = [];
  let since: { epoch: string; pos: number } | undefined;
  let snapshots = 0;
  let connections = 0;
  let closed = false;
  let socket: WebSocket;

  function connect(): void {
    connections += 1;
    socket = new WebSocket(url);
    socket.on('open', () => socket.send(JSON.stringify({ type: 'sub', channel, since })));
    socket.on('error', () => {});
    socket.on('close', () => {
      if (!closed) connect();
    });
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as { type: string; epoch?: string; pos: number; changed?: { number: number }[] };
      if (message.type === 'snap') {
        snapshots += 1;
        since = { epoch: message.epoch ?? '', pos: message.pos };
      } else if (message.type === 'delta' && since) {
        since = { ...since, pos: message.pos };
        numbers.push(...(message.changed ?? []).map(({ number }) => number));
      }
    });
  }
  connect();
  return {
    numbers,
    isOpen: () => socket.readyState === WebSocket.OPEN,
    snapshots: () => snapshots,
    connections: () => connections,
    close() {
      closed = true;
      socket.close();
    },
  };
}
