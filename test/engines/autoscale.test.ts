/** `kontor cluster up --engines … --autoscale …` with a real NGINX: a load makes it grow, silence makes it shrink, and no request fails. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { freePort, freePorts } from '#cluster/free-port.ts';
import { nginxConfiguration } from '#cluster/nginx/configuration.ts';
import { readStatus } from '#cluster/status-file.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { until } from '#testkit/until.ts';
import { startNginx } from '../../tools/engines/nginx.ts';
import { projectFolder } from '../../tools/engines/place.ts';
import { placeOf } from '../../tools/engines.ts';
import { takeCluster } from './engine-use.ts';
import { engineFor } from './require-engine.ts';

takeCluster();
const engines = ['hdfs', 'kafka', 'memcached', 'postgres'];
const missing = new Map<string, string | false>();
for (const name of [...engines, 'nginx'].sort()) missing.set(name, (await engineFor(name)).skip);
const skip = missing.get('nginx') ?? false;
const engineMissing = [...missing.values()].find((reason) => reason !== false) ?? false;
const timeoutMs = 180_000;
/** More than one instance takes of each: the second is needed. */
const logins = 32;
const searchers = 64;
const mostSockets = 200;

describe('groups of processes that follow the load', { skip: engineMissing, timeout: 600_000 }, () => {
  let keeper: ChildProcess;
  let url: string;
  let printed = '';
  const failed: string[] = [];
  let answered = 0;

  before(async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const args = [
      'cluster',
      'up',
      '--engines',
      engines.join(','),
      '--autoscale',
      'front=1..2,flights-web=1..2',
      '--autoscale-down-after',
      '8',
      '--aggregators',
      '1',
      '--data-dir',
      dataDir,
    ];
    keeper = spawn(process.execPath, [path.join(projectFolder, 'bin/kontor.js'), ...args, '--port', String(port)], {
      stdio: ['ignore', 'ignore', 'pipe'],
      // NGINX believes the test which client sends a request, so that each login comes from another one.
      env: {
        PATH: process.env.PATH,
        RATE_LIMIT_PER_MINUTE: '0',
        TRUSTED_PROXIES: '127.0.0.1',
        STOCK: 'MSFT',
        TICKER_INTERVAL: '100',
        STOCKS_HISTORY_MINUTES: '0',
        FLIGHTS_DEMO_TIMETABLE: 'on',
        FLIGHTS_DEMO_FLIGHTS: '2000',
        // The books outlive the data folder.
        SECRETS_KEY: 'of-books-that-only-these-tests-know',
      },
    });
    keeper.stderr?.on('data', (chunk) => {
      printed += chunk;
    });
    await running({ liveview: 1, 'flights-web': 1 });
  });
  after(async () => {
    if (keeper?.exitCode === null) await Promise.all([once(keeper, 'exit'), keeper.kill('SIGTERM')]);
  });
  // Registered after the stop of the cluster: hooks run in order.
  const dataDir = temporaryFolder({ after });

  const group = (name: string) => readStatus(dataDir)?.groups.find((one) => one.name === name);
  const processesOf = (name: string) => readStatus(dataDir)?.parts.filter((part) => part.name.startsWith(name)) ?? [];

  async function metricsOf(name: string, index: number): Promise<string> {
    return (await fetch(`${processesOf(name)[index]?.address}/metrics`)).text();
  }

  /** Waits until exactly so many instances of each run, all of them ready, and those that leave have gone. */
  async function running(counts: Readonly<Record<string, number>>): Promise<void> {
    const isThere = ([name, count]: [string, number]) => group(name)?.running === count && processesOf(name).length === count;
    await until(() => Object.entries(counts).every(isThere) && readStatus(dataDir)?.parts.every(({ ready }) => ready), {
      timeoutMs,
      describe: () => `${JSON.stringify(counts)} ready instances; ${JSON.stringify(readStatus(dataDir))}\n${printed}`,
    });
  }

  /** Notes what fails. A refusal such as 401 is an answer; 5xx and broken connections are not. */
  async function ask(send: () => Promise<Response>): Promise<void> {
    try {
      const answer = await send();
      await answer.arrayBuffer();
      if (answer.status >= 500 || answer.status === 429) failed.push(`${answer.status} at ${new URL(answer.url).pathname}`);
      answered += 1;
    } catch (error) {
      failed.push(String((error as Error).cause ?? error));
    }
  }
  async function keepAsking(signal: AbortSignal, send: () => Promise<Response>): Promise<void> {
    while (!signal.aborted) await ask(send);
  }
  const read = () => fetch(`${url}/api/stocks/companies`);
  const readFlights = () => fetch(`${url}/api/flights/airports?text=ham`);
  const write = () => post('/api/people/login', { broken: true });
  let searches = 0;
  /** Each of another day or for another number of passengers, so that few answers are kept. */
  const search = () => {
    searches += 1;
    const [from, to] = busiest[searches % 2 === 0 ? 0 : 1] ?? assert.fail();
    const date = new Date(Date.now() + (3 + (searches % 110)) * 86_400_000).toISOString().slice(0, 10);
    return fetch(`${url}/api/flights/search?from=${from}&to=${to}&date=${date}&flexDays=3&passengers=${1 + (searches % 9)}`);
  };
  let busiest: readonly (readonly [string, string])[] = [];
  async function findBusiest(): Promise<void> {
    const answer = await readFlightsList();
    const { airports } = (await answer.json()) as { airports: { code: string }[] };
    const [one = '', other = '', third = ''] = airports.map(({ code }) => code);
    busiest = [
      [one, other],
      [other, third],
    ];
  }
  const readFlightsList = () => fetch(`${url}/api/flights/airports?limit=3`);
  let strangers = 0;
  const login = () => {
    strangers += 1;
    const address = `10.${strangers >> 16}.${(strangers >> 8) & 255}.${strangers & 255}`;
    return post(
      '/api/people/login',
      { email: `stranger-${strangers}@example.com`, password: 'a wrong password' },
      { 'x-forwarded-for': address },
    );
  };
  const post = (at: string, body: object, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`${url}${at}`, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } });

  it('grows under load and shrinks without it; no request and no reconnection fails meanwhile', async (t) => {
    const loadOver = new AbortController();
    t.after(() => loadOver.abort());
    const light = setInterval(() => {
      for (const send of [read, readFlights, write]) void ask(send);
    }, 20);
    t.after(() => clearInterval(light));
    await findBusiest();
    const heavy = [
      ...Array.from({ length: logins }, () => keepAsking(loadOver.signal, login)),
      ...Array.from({ length: searchers }, () => keepAsking(loadOver.signal, search)),
    ];
    await running({ liveview: 2, 'flights-web': 2 });
    assert.match(await metricsOf('flights-web', 1), /^http_requests_in_flight [1-9]/m);
    const ofTheCluster = await (await fetch(readStatus(dataDir)?.metricsUrl ?? '')).text();
    assert.match(ofTheCluster, /^cluster_group_instances\{group="flights-web"\} 2$/m);
    assert.equal((await readFlights()).status, 200, 'NGINX sends it to flights-web');
    const sockets: ReturnType<typeof reconnecting>[] = [];
    t.after(() => {
      for (const socket of sockets) socket.close();
    });
    // NGINX sends none to the second instance before it has noticed that it takes connections now.
    while (!/^http_sockets_open [1-9]/m.test(await metricsOf('liveview', 1))) {
      assert.ok(sockets.length < mostSockets, `the second instance has none of ${mostSockets} sockets`);
      const socket = reconnecting(`${url.replace('http', 'ws')}/live`, failed);
      sockets.push(socket);
      await until(() => socket.isOpen(), { timeoutMs, describe: 'an open socket' });
    }
    loadOver.abort();
    await Promise.all(heavy);

    await running({ liveview: 1, 'flights-web': 1 });
    await until(() => sockets.every(({ isOpen }) => isOpen()), { timeoutMs, describe: 'sockets that are open again' });
    clearInterval(light);
    assert.ok(sockets.reduce((sum, { connections }) => sum + connections(), 0) > sockets.length, 'some had to connect again');
    assert.deepEqual(failed, [], `${failed.length} of ${answered} failed\n${printed}`);
    for (const step of ['flights-web: 1 → 2', 'flights-web: 2 → 1', 'liveview: 1 → 2', 'liveview: 2 → 1'])
      assert.match(printed, new RegExp(`^${step} instances, as they use [\\d.]+ cores with [\\d.]+ requests in flight;`, 'm'));
  });

  it('replaces an instance that is killed', async () => {
    const [instance] = processesOf('flights-web');
    process.kill(instance?.processId ?? 0, 'SIGKILL');
    await until(() => processesOf('flights-web')[0]?.restarts === 1, { timeoutMs, describe: 'a restart' });
    await running({ liveview: 1, 'flights-web': 1 });
    assert.notEqual(processesOf('flights-web')[0]?.processId, instance?.processId);
  });
});

describe('NGINX before processes that serve only some paths', { skip, timeout: 480_000 }, () => {
  it('sends each path to its processes, and passes over those that do not run', async (t) => {
    const ports = await freePorts(4);
    const [flights = 0, front = 0, ...missing] = ports;
    for (const [port, says] of [
      [flights, 'flights'],
      [front, 'front'],
    ] as const) {
      const server = createServer((request, answer) => answer.end(`${says} ${request.url}`)).listen(port, '127.0.0.1');
      t.after(() => server.close());
      await once(server, 'listening');
    }
    let nginx: Awaited<ReturnType<typeof startNginx>> | undefined;
    // Before its folder goes: hooks run in order.
    t.after(() => nginx?.stop());
    nginx = await startNginx({
      folder: temporaryFolder({ after: (work) => t.after(work) }),
      softwareFolder: placeOf('nginx').softwareFolder,
      http: (port) =>
        nginxConfiguration({
          listen: `127.0.0.1:${port}`,
          served: [
            { path: '/', upstreams: [front, ...missing].map((one) => `127.0.0.1:${one}`) },
            { path: '/api/flights/', upstreams: [...missing, flights].map((one) => `127.0.0.1:${one}`) },
          ],
        }),
    });
    for (const [at, says] of [
      ['/api/flights/search?from=HAM', 'flights /api/flights/search?from=HAM'],
      ['/flights/search', 'front /flights/search'],
      ['/api/shop/products', 'front /api/shop/products'],
    ] as const) {
      for (const method of ['GET', 'POST']) {
        const answer = await fetch(`${nginx.url}${at}`, { method });
        assert.equal(await answer.text(), says);
      }
    }
  });
});

/** A client of the live view that connects again as soon as its socket is closed. */
function reconnecting(address: string, failed: string[]) {
  let connections = 0;
  let closed = false;
  let socket = connect();
  function connect(): WebSocket {
    connections += 1;
    const opened = new WebSocket(address);
    opened.on('error', (error) => failed.push(`socket: ${error.message}`));
    opened.on('close', () => {
      if (!closed) socket = connect();
    });
    return opened;
  }
  return {
    isOpen: () => socket.readyState === WebSocket.OPEN,
    connections: () => connections,
    close() {
      closed = true;
      socket.close();
    },
  };
}
