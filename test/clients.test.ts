/** The clients of clients/ against a real house: log in, buy, book, order an errand, and lose an answer on the way. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { before, describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Cleanup } from '#testkit/temporary-folder.ts';
import { until } from '#testkit/until.ts';
import { Kontor, KontorProblem, KontorUnreachable } from '../clients/typescript/kontor.ts';
import { openWorld, type Person, password, suiteCleanup, type World } from './attacks/world.ts';

const dayMs = 86_400_000;
const shipTo = { name: 'Ada Lovelace', street: 'Hafenstraße 1', postcode: '20457', city: 'Hamburg', country: 'DE' };
const schedule = { start: null, repeat: { kind: 'interval', seconds: 3_600 }, repetitions: 3 } as const;
const python = spawnSync('python3', ['--version']).status === 0;

describe('clients of the API', () => {
  const cleanup = suiteCleanup();
  let world: World;
  let ada: Person;
  let page: string;

  before(async () => {
    const { port } = await listening(
      cleanup,
      createServer((asked, response) => response.writeHead(asked.url === '/robots.txt' ? 404 : 200).end('12')),
    );
    page = `http://127.0.0.1:${port}/prices`;
    world = await openWorld(cleanup, {
      environment: { DEMO: 'off', SHOP_DEMO_GOODS: 'on', ERRANDS_ALLOWED_HOSTS: `127.0.0.1:${port}` },
    });
    ada = await world.person('ada', { coins: 1_000 });
  });

  async function loggedIn(url = world.url): Promise<Kontor> {
    const kontor = new Kontor({ url });
    const { account } = await kontor.logIn({ email: ada.account.email, password });
    assert.equal(account?.id, ada.account.id);
    return kontor;
  }

  async function fillCart(kontor: Kontor): Promise<number> {
    const { products } = await kontor.call('GET /api/shop/products', { query: { sort: 'price', inStock: true, limit: 1 } });
    const { variants } = await kontor.call('GET /api/shop/products/{id}', { path: { id: products[0]?.id ?? '' } });
    const article = variants.find(({ available }) => available > 0);
    return (await kontor.call('PUT /api/shop/cart/lines/{id}', { path: { id: article?.id ?? '' }, body: { quantity: 1 } })).total;
  }

  it('in TypeScript logs in, buys, and lists what it bought page by page', async () => {
    const kontor = await loggedIn();
    const bought: string[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      const expectedTotal = await fillCart(kontor);
      bought.unshift((await kontor.call('POST /api/shop/checkout', { body: { payment: 'coins', expectedTotal, shipTo } })).id);
    }
    const listed: string[] = [];
    for await (const { id } of kontor.each('GET /api/shop/orders', { query: { limit: 2 } })) listed.push(id);
    assert.deepEqual(listed, bought);
    await kontor.call('POST /api/people/logout');
    await assert.rejects(kontor.call('GET /api/coins/wallet'), { name: 'KontorProblem', status: 401, code: 'unauthenticated' });
  });

  it('in TypeScript buys once, though the first answer is lost', async (t) => {
    const proxy = await losesFirstAnswer(t, world.port, '/api/shop/checkout');
    const kontor = await loggedIn(proxy.url);
    const before = (await kontor.call('GET /api/shop/orders')).orders.length;
    const expectedTotal = await fillCart(kontor);
    const order = await kontor.call('POST /api/shop/checkout', { body: { payment: 'coins', expectedTotal, shipTo } });
    assert.deepEqual([proxy.lost(), order.total], [1, expectedTotal]);
    assert.equal((await kontor.call('GET /api/shop/orders')).orders.length, before + 1);
  });

  it('in TypeScript books a flight and orders an errand, by access tokens', async () => {
    const admin = new Kontor({
      url: world.url,
      token: await world.token(await world.person('chief', { role: 'admin' }), ['read', 'write', 'admin']),
    });
    const day = (days: number) => new Date(Date.now() + days * dayMs).toISOString().slice(0, 10);
    await admin.call('PUT /api/flights/admin/services/{number}', {
      path: { number: 'KN100' },
      body: {
        from: 'HAM',
        to: 'MUC',
        departsMinute: 600,
        durationMinutes: 90,
        weekdays: [1, 2, 3, 4, 5, 6, 7],
        aircraft: 'A320',
        economyBase: 50,
        businessBase: null,
        firstDay: day(1),
        lastDay: day(20),
      },
    });
    const kontor = new Kontor({ url: world.url, token: await world.token(ada, ['read', 'write']) });
    const search = { from: 'HAM', to: 'MUC', date: day(10), flexDays: 0, maxStops: 0 };
    const flight = await until(
      async () => (await kontor.call('GET /api/flights/search', { query: search })).itineraries[0]?.legs[0]?.flightId,
      {
        describe: 'a flight',
      },
    );
    const quote = await kontor.call('POST /api/flights/quotes', { body: { flights: [flight], cabin: 'economy', passengers: 1 } });
    const passengers = [{ givenName: 'Ada', familyName: 'Lovelace', seats: [null] }];
    const booking = await kontor.call('POST /api/flights/bookings', {
      body: { quoteId: quote.id, expectedTotal: quote.total, passengers },
    });
    assert.equal(booking.state, 'booked');
    const errand = await kontor.call('POST /api/errands/orders', { body: { address: page, schedule }, key: 'an-errand-of-ada' });
    const again = await kontor.call('POST /api/errands/orders', { body: { address: page, schedule }, key: 'an-errand-of-ada' });
    assert.equal(again.id, errand.id, 'the key names the request');
  });

  it('in TypeScript tells what was refused, and what is not known', async () => {
    const kontor = await loggedIn();
    const empty = { to: '' } as unknown as { to: string; amount: number };
    const refused = await kontor.call('POST /api/coins/transfers', { body: empty }).catch((error: unknown) => error);
    assert.ok(refused instanceof KontorProblem);
    assert.deepEqual([refused.code, refused.problem.errors[0]?.field], ['invalid_input', 'amount']);
    const nobody = createServer().listen(0, '127.0.0.1');
    await once(nobody, 'listening');
    const { port } = nobody.address() as AddressInfo;
    nobody.close();
    await once(nobody, 'close');
    const away = new Kontor({ url: `http://127.0.0.1:${port}`, token: 'kontor_pat_x', tries: 2 });
    const unknown = await away
      .call('POST /api/errands/orders', { body: { address: page, schedule }, key: 'an-errand-of-bert' })
      .catch((error: unknown) => error);
    assert.ok(unknown instanceof KontorUnreachable);
    assert.equal(unknown.key, 'an-errand-of-bert');
  });

  it('in Python buys, orders an errand, and tells what was refused', { skip: python ? false : 'there is no python3' }, async () => {
    const example = fileURLToPath(new URL('../clients/python/example.py', import.meta.url));
    const token = await world.token(await world.person('grace', { coins: 100 }), ['read', 'write']);
    const environment = {
      ...process.env,
      KONTOR_URL: world.url,
      KONTOR_TOKEN: token,
      KONTOR_PAGE: page,
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONIOENCODING: 'utf-8',
    };
    const child = spawn('python3', [example], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
    assert.equal((await once(child, 'close'))[0], 0, output);
    assert.match(output, /^Coins: 100\nOrdered: KO-[\w-]+ for \d+\nOrders so far: 1\nErrand: KE-[\w-]+ active\nRefused: .*amount/);
  });
});

/** A proxy that passes on everything, but keeps the first answer of a path to itself. */
async function losesFirstAnswer(t: TestContext, port: number, path: string) {
  let lost = 0;
  const proxy = createServer((asked, response) => {
    const { method, url, headers } = asked;
    const passing = request(
      { port, host: '127.0.0.1', method, path: url, headers: { ...headers, host: `127.0.0.1:${port}` } },
      (answer) => {
        if (url === path && lost === 0) {
          lost += 1;
          answer.resume();
          answer.on('end', () => response.destroy());
        } else {
          response.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(response);
        }
      },
    );
    asked.pipe(passing);
  });
  return { url: `http://127.0.0.1:${(await listening(t, proxy)).port}`, lost: () => lost };
}

async function listening(t: Cleanup, server: Server): Promise<AddressInfo> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return server.address() as AddressInfo;
}
