/** What belongs to somebody stays that person's: other people's ids, leases and tokens open nothing, and no number makes coins. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { before, describe, it } from 'node:test';
import { balanceOf, walletOf } from '#modules/coins/post.ts';
import type { BookingTables } from '#modules/flights/store/booking/tables.ts';
import type { ShopTables } from '#modules/shop/store/tables.ts';
import { until } from '#testkit/until.ts';
import { anyGoods, shipTo } from './shop.ts';
import { answeringRoles, openWorld, type Person, password, reasonOf, suiteCleanup, type World } from './world.ts';

const dayMs = 86_400_000;
const coins = 1_000;
const huge = [-1, 0, 1.5, 1e21, Number.MAX_SAFE_INTEGER, 2 ** 63, '1', null] as const;

/** Addresses inside, in the forms that get past simple checks. */
const inside = [
  'http://127.0.0.1/',
  'http://127.1/',
  'http://2130706433/',
  'http://0x7f000001/',
  'http://0177.0.0.1/',
  'http://localhost/',
  'http://LOCALHOST./',
  'http://[::1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:7f00:1]/',
  'http://[64:ff9b::7f00:1]/',
  'http://169.254.169.254/latest/meta-data/',
  'http://10.0.0.1/',
  'http://192.168.0.1/',
  'http://0.0.0.0/',
  'http://user:secret@127.0.0.1/',
  'http://１２７.0.0.1/',
  'file:///etc/passwd',
  'gopher://127.0.0.1:25/',
  'javascript:alert(1)',
  '//127.0.0.1/',
] as const;

describe('what belongs to somebody', { timeout: 300_000 }, () => {
  const cleanup = suiteCleanup();
  let world: World;
  let victim: Person;
  let mallory: Person;
  let miner: Person;
  let shopOrder: string;
  let errand: string;
  let quote: { readonly id: string; readonly total: number };
  let booking: string;
  let page: string;
  let requests = 0;

  before(async () => {
    const site = createServer((request, answer) => answer.writeHead(request.url === '/page' ? 200 : 404).end('<p>page</p>'));
    cleanup.after(() => site.closeAllConnections());
    cleanup.after(() => void site.close());
    await once(site.listen(0, '127.0.0.1'), 'listening');
    const host = `127.0.0.1:${(site.address() as AddressInfo).port}`;
    page = `http://${host}/page`;
    world = await openWorld(cleanup, {
      roles: [...answeringRoles, 'errands-scheduler'],
      environment: { DEMO: 'off', ERRANDS_ALLOWED_HOSTS: host, SHOP_DEMO_GOODS: 'on', SHOP_TEST_PAYMENTS: 'on' },
    });
    const admin = await world.person('admin', { role: 'admin' });
    [victim, mallory, miner] = [
      await world.person('victim', { coins }),
      await world.person('mallory', { coins }),
      await world.person('miner'),
    ];
    shopOrder = await orderGoods();
    quote = await quoteFlight(admin);
    booking = await book(await quoteAgain());
    errand = await orderErrand();
  });

  const key = () => {
    requests += 1;
    return `request-${requests}`;
  };

  async function done<Body>(asking: ReturnType<World['ask']>): Promise<Body> {
    const answer = await asking;
    assert.ok(answer.status >= 200 && answer.status < 300, `${answer.status} ${answer.text}`);
    return answer.json();
  }

  async function orderGoods(): Promise<string> {
    const { id, price } = await anyGoods(world);
    await done(world.ask('PUT', `/api/shop/cart/lines/${id}`, { as: victim, body: { quantity: 1 } }));
    const body = { payment: 'provider', expectedTotal: price, shipTo };
    return (await done<{ id: string }>(world.ask('POST', '/api/shop/checkout', { as: victim, key: key(), body }))).id;
  }

  let flightId = '';
  async function quoteFlight(admin: Person): Promise<typeof quote> {
    const day = (days: number) => new Date(Date.now() + days * dayMs).toISOString().slice(0, 10);
    const service = { from: 'HAM', to: 'MUC', departsMinute: 600, durationMinutes: 90, weekdays: [1, 2, 3, 4, 5, 6, 7], aircraft: 'A320' };
    const fares = { economyBase: 50, businessBase: null, firstDay: day(1), lastDay: day(20) };
    await done(world.ask('PUT', '/api/flights/admin/services/KN100', { as: admin, body: { ...service, ...fares } }));
    const search = `/api/flights/search?from=HAM&to=MUC&date=${day(10)}&flexDays=0&maxStops=0&passengers=1`;
    const found = async () => (await world.ask('GET', search)).json().itineraries?.[0]?.legs[0]?.flightId as string | undefined;
    flightId = await until(found, { describe: 'a flight' });
    return quoteAgain();
  }

  function quoteAgain(): Promise<typeof quote> {
    const body = { flights: [flightId], cabin: 'economy', passengers: 1 };
    return done(world.ask('POST', '/api/flights/quotes', { as: victim, body }));
  }

  async function book({ id, total }: typeof quote): Promise<string> {
    const passengers = [{ givenName: 'Vera', familyName: 'Victim', seats: [null] }];
    const body = { quoteId: id, expectedTotal: total, passengers };
    return (await done<{ id: string }>(world.ask('POST', '/api/flights/bookings', { as: victim, key: key(), body }))).id;
  }

  async function orderErrand(): Promise<string> {
    const schedule = { start: null, repeat: { kind: 'interval', seconds: 10 }, repetitions: 20 };
    const body = { address: page, schedule };
    return (await done<{ id: string }>(world.ask('POST', '/api/errands/orders', { as: victim, key: key(), body }))).id;
  }

  async function coinsOf(person: Person): Promise<number> {
    return (await done<{ available: number }>(world.ask('GET', '/api/coins/wallet', { as: person }))).available;
  }

  it('is neither read nor changed by somebody who knows its id, by session or by token', async () => {
    const errandAt = (rest = '') => `/api/errands/orders/${errand}${rest}`;
    const wish = { address: page, schedule: { repeat: { kind: 'once' } } };
    const attempts: readonly (readonly [string, string, unknown?])[] = [
      ['GET', `/api/shop/orders/${shopOrder}`],
      ['POST', `/api/shop/orders/${shopOrder}/cancellation`],
      ['POST', `/api/shop/orders/${shopOrder}/test-payment`, { outcome: 'failed' }],
      ['GET', `/api/flights/bookings/${booking}`],
      ['GET', `/api/flights/bookings/${booking}/flights.ics`],
      ['POST', `/api/flights/bookings/${booking}/cancellation`, { expectedRefund: 0 }],
      ['GET', errandAt()],
      ['PUT', errandAt(), wish],
      ['POST', errandAt('/pause')],
      ['POST', errandAt('/resume')],
      ['POST', errandAt('/cancellation')],
      ['POST', errandAt('/runs'), {}],
      ['GET', errandAt('/runs')],
      ['POST', errandAt('/clone'), {}],
      ['GET', errandAt('/results')],
      ['GET', errandAt('/results/1')],
      ['GET', errandAt('/results/1/page')],
      ['GET', errandAt('/results/1/difference')],
      ['GET', errandAt('/series')],
      ['GET', errandAt('/webhook')],
      ['POST', errandAt('/webhook/resume')],
      ['GET', `/api/coins/accounts/wallet:${victim.account.id}`],
      ['GET', `/api/coins/accounts/wallet:${victim.account.id}/statement`],
    ];
    const token = await world.token(mallory, ['read', 'write']);
    const opened: string[] = [];
    for (const [method, path, body] of attempts) {
      for (const by of [{ as: mallory }, { token }, {}]) {
        const { status, text } = await world.ask(method, path, { ...by, ...(method === 'GET' ? {} : { body: body ?? {}, key: key() }) });
        if (status < 400 || status >= 500) opened.push(`${method} ${path}: ${status} ${text.slice(0, 200)}`);
      }
    }
    assert.deepEqual(opened, []);
    assert.equal((await world.ask('GET', errandAt(), { as: victim })).json().state, 'active');
    assert.equal((await world.ask('GET', `/api/flights/bookings/${booking}`, { as: victim })).json().state, 'booked');
    assert.equal((await world.ask('GET', `/api/shop/orders/${shopOrder}`, { as: victim })).json().state, 'awaiting_payment');
  });

  it('is in no list and no feed of others', async () => {
    for (const path of [
      '/api/shop/orders',
      '/api/flights/bookings',
      '/api/errands/orders',
      '/api/errands/results',
      '/api/errands/feed/results?after=0',
      `/api/errands/feed/results?after=0&order=${errand}`,
      '/api/errands/orders/export',
      '/api/coins/statement',
    ]) {
      const { text } = await world.ask('GET', path, { as: mallory });
      for (const id of [shopOrder, booking, errand]) assert.ok(!text.includes(id), `${path} names ${id}`);
    }
  });

  it('is a quote that others can book only by paying for it themselves, and nobody twice', async () => {
    const before = await coinsOf(victim);
    const passengers = [{ givenName: 'Mal', familyName: 'Lory', seats: [null] }];
    const body = { quoteId: quote.id, expectedTotal: quote.total, passengers };
    const cheap = { quoteId: quote.id, expectedTotal: 1, passengers };
    assert.ok((await world.ask('POST', '/api/flights/bookings', { as: mallory, key: key(), body: cheap })).status >= 400);
    const answers = await Promise.all(
      [mallory, mallory, victim].map((as) => world.ask('POST', '/api/flights/bookings', { as, key: key(), body })),
    );
    assert.ok(answers.filter(({ status }) => status === 201).length <= 1, answers.map(({ text }) => text).join('\n'));
    const paid = 2 * coins - (coins - before) - (await coinsOf(victim)) - (await coinsOf(mallory));
    assert.ok(paid === 0 || paid === quote.total, `${paid} coins were paid`);
  });

  it('is a lease that nobody else completes, extends or gives back', async () => {
    const claimed = await until(
      async () => {
        const body = { machine: 'mine', version: '1', concurrency: 1, max: 1, waitMs: 500 };
        return (await done<{ runs: { lease: string }[] }>(world.ask('POST', '/api/errands/desk/claim', { as: miner, body }))).runs[0];
      },
      { describe: 'a run to fetch' },
    );
    const { lease } = claimed;
    const as = mallory;
    const answer = {
      lease,
      status: 200,
      finalAddress: page,
      contentType: 'text/html',
      body: Buffer.from('<p>forged</p>').toString('base64'),
    };
    const forged = await done<{ outcomes: { outcome: string; reason: string }[] }>(
      world.ask('POST', '/api/errands/desk/complete', { as, body: { machine: 'theirs', answers: [answer] } }),
    );
    assert.equal(forged.outcomes[0]?.outcome, 'refused', JSON.stringify(forged));
    const body = { leases: [lease] };
    assert.deepEqual(await done(world.ask('POST', '/api/errands/desk/extend', { as, body })), { extended: [] });
    assert.deepEqual(await done(world.ask('POST', '/api/errands/desk/release', { as, body })), { released: 0 });
    for (const forged of [`${lease}0`, lease.slice(0, -1), lease.replace(/.$/, '*'), '']) {
      const leases = { leases: [forged] };
      const { status, text } = await world.ask('POST', '/api/errands/desk/release', { as, body: leases });
      assert.ok(status === 400 || (status === 200 && text.includes('"released":0')), `${forged}: ${status} ${text}`);
    }
    for (const token of ['kontor_pat_forged', await world.token(miner, ['read'])])
      assert.ok(
        (await world.ask('POST', '/api/errands/desk/complete', { token, body: { machine: 'm', answers: [answer] } })).status >= 401,
      );
    const own = await done<{ outcomes: { outcome: string }[] }>(
      world.ask('POST', '/api/errands/desk/complete', { as: miner, body: { machine: 'mine', answers: [answer, answer] } }),
    );
    assert.notEqual(own.outcomes[0]?.outcome, 'refused', 'the lease is still its own miner’s');
  });

  it('is not the house’s network: no order, preview or webhook leads inside', async () => {
    const led: string[] = [];
    for (const address of inside) {
      const schedule = { repeat: { kind: 'once' } };
      const attempts = [
        await world.ask('POST', '/api/errands/orders', { as: mallory, key: key(), body: { address, schedule } }),
        await world.ask('POST', '/api/errands/orders', { as: mallory, key: key(), body: { address: page, schedule, webhook: address } }),
        await world.ask('POST', '/api/errands/preview', { as: mallory, body: { address } }),
      ];
      for (const [index, { status, text }] of attempts.entries())
        if (status < 400 || status >= 500)
          led.push(`${['order', 'webhook', 'preview'][index]} ${address}: ${status} ${text.slice(0, 150)}`);
    }
    assert.deepEqual(led, []);
  });

  it('does not become more by numbers that nobody expects', async () => {
    const before = await coinsOf(mallory);
    const taken: string[] = [];
    for (const number of huge) {
      const schedule = { repeat: { kind: 'interval', seconds: 60 }, repetitions: number };
      const forms: readonly (readonly [string, string, unknown])[] = [
        ['POST', '/api/coins/transfers', { to: 'victim@example.org', amount: number, memo: '' }],
        // No pieces take a line away.
        ...(number === 0 ? [] : [['PUT', '/api/shop/cart/lines/X', { quantity: number }] as const]),
        ['POST', '/api/shop/checkout', { payment: 'coins', expectedTotal: number, shipTo }],
        ['POST', '/api/flights/quotes', { flights: [flightId], cabin: 'economy', passengers: number }],
        ['POST', '/api/flights/bookings', { quoteId: quote.id, expectedTotal: number, passengers: [] }],
        ...(number === null ? [] : [['POST', '/api/errands/orders', { address: page, schedule }] as const]),
        ['POST', '/api/errands/orders', { address: page, schedule: { repeat: { kind: 'once' } }, copies: number }],
        ['POST', '/api/errands/desk/claim', { machine: 'm', version: '1', concurrency: 1, max: number, waitMs: 0 }],
      ];
      for (const [method, path, body] of forms) {
        const { status, text } = await world.ask(method, path, { as: mallory, key: key(), body });
        if (status < 400 || status >= 500) taken.push(`${method} ${path} ${number}: ${status} ${text.slice(0, 150)}`);
      }
    }
    assert.deepEqual(taken, []);
    assert.equal(await coinsOf(mallory), before);
  });

  it('is not found by the key of its request but by its owner, who finds it also after a lost answer', async () => {
    const { id } = await anyGoods(world);
    await done(world.ask('PUT', `/api/shop/cart/lines/${id}`, { as: victim, body: { quantity: 1 } }));
    const body = { payment: 'provider', expectedTotal: (await anyGoods(world)).price, shipTo };
    const ordered = await done<{ id: string }>(world.ask('POST', '/api/shop/checkout', { as: victim, key: 'lost-answer', body }));
    const found = (as: Person, path: string) => world.ask('GET', `${path}?key=lost-answer`, { as }).then((answer) => answer.json());
    assert.deepEqual(
      (await found(victim, '/api/shop/orders')).orders.map((order: { id: string }) => order.id),
      [ordered.id],
    );
    assert.deepEqual((await found(mallory, '/api/shop/orders')).orders, []);
    assert.deepEqual((await found(victim, '/api/flights/bookings')).bookings, []);
    assert.deepEqual((await found(victim, '/api/errands/orders')).orders, []);
    assert.deepEqual((await found(victim, '/api/coins/statement')).entries, []);
  });

  it('can be left behind when nothing is under way: names go, coins go to the mint', async () => {
    const leaver = await world.person('leaver', { coins });
    const close = (as: Person) => world.ask('POST', '/api/people/me/close', { as, body: { password } });
    assert.deepEqual(reasonOf(await close(victim)), [409, 'errand-under-way']);
    const { id, price } = await anyGoods(world);
    const putInCart = () => done(world.ask('PUT', `/api/shop/cart/lines/${id}`, { as: leaver, body: { quantity: 1 } }));
    await putInCart();
    const checkout = { payment: 'coins', expectedTotal: price, shipTo };
    const order = await done<{ id: string }>(world.ask('POST', '/api/shop/checkout', { as: leaver, key: key(), body: checkout }));
    const asked = { flights: [flightId], cabin: 'economy', passengers: 1 };
    const held = await done<typeof quote>(world.ask('POST', '/api/flights/quotes', { as: leaver, body: asked }));
    const passengers = [{ givenName: 'Lea', familyName: 'Leaver', seats: [null] }];
    const wanted = { quoteId: held.id, expectedTotal: held.total, passengers };
    const flown = await done<{ id: string }>(world.ask('POST', '/api/flights/bookings', { as: leaver, key: key(), body: wanted }));
    assert.deepEqual(reasonOf(await close(leaver)), [409, 'booking-under-way']);
    const { rules } = await done<{ rules: { refundPercent: number } }>(
      world.ask('GET', `/api/flights/bookings/${flown.id}`, { as: leaver }),
    );
    const cancelling = { as: leaver, body: { expectedRefund: Math.floor((held.total * rules.refundPercent) / 100) } };
    await done(world.ask('POST', `/api/flights/bookings/${flown.id}/cancellation`, cancelling));
    assert.deepEqual(reasonOf(await close(leaver)), [409, 'order-under-way']);
    await done(world.ask('POST', `/api/shop/orders/${order.id}/cancellation`, { as: leaver }));
    await putInCart();
    assert.ok((await coinsOf(leaver)) > 0);
    assert.equal((await close(leaver)).status, 204);
    assert.equal((await world.ask('GET', '/api/coins/wallet', { as: leaver })).status, 401);
    const left = await world.state.read(async (queries) => ({
      coins: (await balanceOf(queries, walletOf(leaver.account.id)))?.posted,
      orders: await queries.withTables<ShopTables>().selectFrom('shop_order').select('ship_to').where('id', '=', order.id).execute(),
      names: await queries
        .withTables<BookingTables>()
        .selectFrom('flights_passenger')
        .select('family_name')
        .where('booking_id', '=', flown.id)
        .execute(),
      carts: await queries
        .withTables<ShopTables>()
        .selectFrom('shop_cart')
        .select('id')
        .where('account_id', '=', leaver.account.id)
        .execute(),
    }));
    assert.equal(left.coins, 0);
    assert.doesNotMatch(JSON.stringify(left), /Leaver|"B 1"/);
    assert.deepEqual(left.carts, []);
  });

  it('is in books that balance after all of this', async () => {
    assert.deepEqual(
      (await world.audit()).filter(({ holds }) => holds === false),
      [],
    );
  });
});
