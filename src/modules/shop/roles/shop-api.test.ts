/** The shop over HTTP, as a browser uses it: guests and members, checkout and orders, admins, and the provider's messages. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { Account } from '#core/account.ts';
import type { Ports } from '#core/ports/ports.ts';
import { openSqliteState } from '#engines/state/sqlite.ts';
import { manualClock } from '#testkit/clock.ts';
import { silentLog } from '#testkit/log.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { startTestWebServer } from '#testkit/web-server.ts';
import { lampId, lampPrice, openShopWorld, teaId, teaPrice } from '../testing/shop-world.ts';
import { shopApiRole } from './shop-api.ts';

const shipTo = { name: 'Anna', street: 'Am Kai 1', postcode: '20457', city: 'Hamburg', country: 'DE' };

type Asked = { body?: unknown; text?: string; key?: string; as?: string; headers?: Record<string, string> };

/** The session's secret is the account's name, so that a test can be anybody. */
async function openShop(t: TestContext, { admins = ['boss'] } = {}) {
  const path = join(temporaryFolder(t), 'kontor.db');
  const state = await openSqliteState({ path, clock: manualClock({ flowing: true }), log: silentLog() });
  t.after(() => state.close());
  const world = await openShopWorld(state);
  const service = await shopApiRole(world.options).start({
    ports: { ...(world.ports as Ports), payments: world.payments },
    fail: (error) => assert.fail(String(error)),
  });
  t.after(() => service.stop());
  const accountNamed = (id: string): Account => ({
    id,
    email: `${id}@example.org`,
    name: id,
    role: admins.includes(id) ? 'admin' : 'member',
  });
  const server = await startTestWebServer(t, {
    webs: service.web ? [service.web] : [],
    clock: world.clock,
    limits: { requestsPerMinute: 0 },
    sessions: {
      demo: false,
      identify: async ({ secret }) => ({ account: accountNamed(secret), kind: 'session', id: secret, scopes: ['read', 'write', 'admin'] }),
    },
  });
  const jar = new Map<string, string>();

  async function ask(method: string, address: string, { body, text, key, as, headers = {} }: Asked = {}) {
    const cookies = [...jar].map(([name, value]) => `${name}=${value}`);
    if (as !== undefined) cookies.push(`kontor_session=${as}`);
    const answer = await server.send(address, {
      method,
      headers: {
        ...(cookies.length > 0 ? { cookie: cookies.join('; ') } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...headers,
      },
      ...(body === undefined && text === undefined ? {} : { body: text ?? JSON.stringify(body) }),
    });
    for (const cookie of answer.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '') jar.delete(name);
      else jar.set(name, value);
    }
    return answer;
  }
  return { world, ask, jar };
}

type Shop = Awaited<ReturnType<typeof openShop>>;

async function buy({ ask }: Shop, as: string, payment = 'coins') {
  await ask('PUT', `/api/shop/cart/lines/${teaId}`, { as, body: { quantity: 2 } });
  return ask('POST', '/api/shop/checkout', { as, key: `order-of-${as}`, body: { payment, expectedTotal: 2 * teaPrice, shipTo } });
}

const problem = (answer: { json(): { code: string; detail: string; reason?: object } }) => answer.json();

describe('a customer', () => {
  it('fills a cart as a guest, keeps it at login, and orders once', async (t) => {
    const shop = await openShop(t);
    const { ask, jar, world } = shop;
    await world.customer('anna', 100);
    const put = await ask('PUT', `/api/shop/cart/lines/${teaId}`, { body: { quantity: 2 } });
    assert.equal(put.status, 200, put.text);
    assert.match(put.headers['set-cookie']?.[0] ?? '', /^kontor_cart=\w{32}\.\w{64}; Path=\/api\/shop; HttpOnly; SameSite=Lax/);
    assert.equal((await ask('GET', '/api/shop/cart')).json().total, 2 * teaPrice);
    assert.equal(
      (await ask('POST', '/api/shop/checkout', { key: 'order-123', body: { payment: 'coins', expectedTotal: 1, shipTo } })).status,
      401,
    );
    assert.equal((await ask('GET', '/api/shop/cart', { as: 'anna' })).json().lines[0].quantity, 2, 'shown before it is merged');
    const body = { payment: 'coins', expectedTotal: 2 * teaPrice, shipTo };
    const first = await ask('POST', '/api/shop/checkout', { as: 'anna', key: 'order-123', body });
    assert.equal(first.status, 201, first.text);
    assert.deepEqual([first.json().state, first.json().total, first.json().shipTo], ['paid', 2 * teaPrice, shipTo]);
    assert.equal(jar.size, 0, 'the guest’s cookie is gone');
    const again = await ask('POST', '/api/shop/checkout', { as: 'anna', key: 'order-123', body });
    assert.deepEqual([again.json().id, again.headers['idempotency-replayed']], [first.json().id, 'true']);
    assert.equal(await world.coinsOf('anna'), 100 - 2 * teaPrice);
    assert.deepEqual((await ask('GET', '/api/shop/cart', { as: 'anna' })).json().lines, []);
    assert.deepEqual((await ask('GET', '/api/shop/orders', { as: 'anna' })).json().orders.length, 1);
  });

  it('is refused without a trace: what was collected as a guest stays a guest’s', async (t) => {
    const { ask, jar, world } = await openShop(t);
    await world.customer('anna', teaPrice);
    await world.fillCart('anna', { [teaId]: 1 });
    await ask('PUT', `/api/shop/cart/lines/${lampId}`, { body: { quantity: 1 } });
    const guest = jar.get('kontor_cart');
    const order = (expectedTotal: number) =>
      ask('POST', '/api/shop/checkout', { as: 'anna', key: 'too-dear-1', body: { payment: 'coins', expectedTotal, shipTo } });
    assert.equal((await order(teaPrice + lampPrice)).status, 409, 'it costs more than she has');
    assert.equal(jar.get('kontor_cart'), guest, 'the cookie is still there');
    const variants = async (as?: string) =>
      (await ask('GET', '/api/shop/cart', as === undefined ? {} : { as }))
        .json()
        .lines.map((line: { variantId: string }) => line.variantId);
    assert.deepEqual(await variants(), [lampId], 'the guest’s cart');
    jar.clear();
    assert.deepEqual(await variants('anna'), [teaId], 'the member’s cart');
    assert.equal((await order(teaPrice)).status, 201, 'the key may try again');
  });

  it('sees own orders only, and cancels while nothing is packed', async (t) => {
    const shop = await openShop(t);
    const { ask, world } = shop;
    await world.customer('anna', 100);
    const { id } = (await buy(shop, 'anna')).json();
    assert.equal((await ask('GET', `/api/shop/orders/${id}`, { as: 'ben' })).status, 404);
    assert.equal((await ask('POST', `/api/shop/orders/${id}/cancellation`, { as: 'ben' })).status, 404);
    const cancelled = (await ask('POST', `/api/shop/orders/${id}/cancellation`, { as: 'anna' })).json();
    assert.deepEqual([cancelled.state, cancelled.history.at(-1).houseNote], ['cancelled', 'refunded']);
    assert.deepEqual(
      [cancelled.history[0].houseNote, cancelled.refunds[0].houseNote],
      [null, 'by-the-customer'],
      'by name, for any language',
    );
    assert.equal(await world.coinsOf('anna'), 100);
    assert.deepEqual(await world.violations(), []);
  });

  it('is told what is wrong and what to do', async (t) => {
    const shop = await openShop(t);
    const { ask, world, jar } = shop;
    await world.customer('anna', 5);
    assert.deepEqual(problem(await buy(shop, 'anna')).code, 'conflict');
    const short = problem(await buy(shop, 'anna'));
    assert.match(short.detail, /costs 12 coins, and there are 5 in your wallet/);
    assert.deepEqual(short.reason, { name: 'coins-short', values: { total: 12, available: 5 } }, 'for readers of other languages');
    assert.match(problem(await ask('PUT', '/api/shop/cart/lines/NO-SUCH', { body: { quantity: 1 } })).detail, /no variant NO-SUCH/);
    assert.equal((await ask('PUT', `/api/shop/cart/lines/${teaId}`, { body: { quantity: 100 } })).status, 400);
    jar.set('kontor_cart', `${'0'.repeat(32)}.${'0'.repeat(64)}`);
    assert.deepEqual((await ask('GET', '/api/shop/cart')).json().lines, [], 'a cookie that we did not sign names no cart');
    const { promo } = (await ask('PUT', '/api/shop/cart/promo', { as: 'anna', body: { code: 'nonsense' } })).json();
    assert.match(promo.refused, /no such/);
    assert.deepEqual(promo.reason, { name: 'promo-unknown', values: {} });
    const foreign = { origin: 'https://elsewhere.example' };
    assert.equal((await ask('PUT', `/api/shop/cart/lines/${teaId}`, { body: { quantity: 1 }, headers: foreign })).status, 403);
  });

  it('pays through the provider: reserved, then sold when its signed word comes, once', async (t) => {
    const shop = await openShop(t);
    const { ask, world } = shop;
    const order = (await buy(shop, 'anna', 'provider')).json();
    assert.deepEqual([order.state, order.payAt], ['awaiting_payment', `/api/shop/orders/${order.id}/test-payment`]);
    assert.equal((await world.stockOf(teaId)).reserved, 2);
    const { paymentId } = await world.payments.begin({ reference: order.id, amount: order.total });
    const message = world.payments.pretend({ kind: 'paid', paymentId, reference: order.id, amount: order.total }, world.clock.now());
    const deliver = (text: string, signature: string) =>
      ask('POST', '/api/shop/payment-events', { text, headers: { 'content-type': 'application/json', 'x-payment-signature': signature } });
    assert.equal((await deliver(message.body.replace('paid', 'fail'), message.signature)).status, 403, 'changed on its way');
    assert.equal((await deliver(message.body, 't=1,v1=00')).status, 403, 'not signed');
    assert.equal((await deliver(message.body, message.signature)).json().outcome, 'applied');
    assert.equal((await deliver(message.body, message.signature)).json().outcome, 'repeated');
    await world.clock.advance(6 * 60_000);
    assert.equal((await deliver(message.body, message.signature)).status, 403, 'too old');
    assert.equal((await ask('GET', `/api/shop/orders/${order.id}`, { as: 'anna' })).json().state, 'paid');
    assert.deepEqual(await world.violations(), []);
  });
});

describe('an admin', () => {
  it('alone may do what admins do', async (t) => {
    const { ask } = await openShop(t);
    const routes = [
      'products',
      'products/harbour-tea',
      'products.csv',
      'stock',
      `stock/${teaId}`,
      'orders',
      'refunds',
      'promos',
      'customers',
    ];
    for (const route of routes) {
      assert.equal((await ask('GET', `/api/shop/admin/${route}`)).status, 401, route);
      assert.equal((await ask('GET', `/api/shop/admin/${route}`, { as: 'anna' })).status, 403, route);
      assert.equal((await ask('GET', `/api/shop/admin/${route}`, { as: 'boss' })).status, 200, route);
    }
  });

  it('keeps products and stock, and carries both through CSV', async (t) => {
    const { ask, world } = await openShop(t);
    const as = 'boss';
    const variants = [{ id: 'NEW-1', name: 'one', price: 3, active: true }];
    const product = { category: 'tea', name: 'New Leaf', description: '', keywords: '', active: true, variants };
    assert.equal((await ask('PUT', '/api/shop/admin/products/new-leaf', { as, body: product })).status, 200);
    assert.equal((await ask('PUT', '/api/shop/admin/products/other', { as, body: product })).status, 409, 'the variant is another’s');
    assert.equal((await ask('PUT', '/api/shop/admin/products/other', { as, body: { ...product, category: 'no' } })).status, 400);
    const received = await ask('POST', '/api/shop/admin/stock/NEW-1/receipts', { as, body: { pieces: 5, reason: 'delivery' } });
    assert.deepEqual([received.status, received.json().onHand], [201, 5]);
    assert.equal((await ask('POST', '/api/shop/admin/stock/NEW-1/receipts', { as, body: { pieces: -6, reason: 'lost' } })).status, 409);
    const csv = (await ask('GET', '/api/shop/admin/products.csv', { as })).text;
    assert.equal(csv.trim().split('\n').length, 4);
    const importing = (text: string, query = '') =>
      ask('POST', `/api/shop/admin/products.csv${query}`, { as, text, headers: { 'content-type': 'text/csv' } });
    const changed = csv.replace('NEW-1,one,3,yes,5', 'NEW-1,one,4,yes,9');
    assert.equal((await importing(changed, '?dryRun=true')).json().dryRun, true);
    assert.equal((await world.stockOf('NEW-1')).onHand, 5);
    assert.deepEqual((await importing(changed)).json(), { products: 3, variants: 3, dryRun: false });
    assert.equal((await world.stockOf('NEW-1')).onHand, 9);
    const bad = await importing(csv.replace('NEW-1,one,3', 'NEW-1,one,free'));
    assert.deepEqual([bad.status, bad.json().errors[0].field], [400, 'line 3']);
    assert.deepEqual(await world.violations(), []);
  });

  it('sees one product with its stock and, page by page, what came in', async (t) => {
    const { ask, world } = await openShop(t);
    const see = async (query = '') => (await ask('GET', `/api/shop/admin/products/harbour-tea${query}`, { as: 'boss' })).json();
    for (const pieces of [1, 2, 3]) {
      await world.clock.advance(pieces - 1);
      await ask('POST', `/api/shop/admin/stock/${teaId}/receipts`, { as: 'boss', body: { pieces, reason: `delivery ${pieces}` } });
    }
    const first = await see('?limit=2');
    assert.deepEqual(first.variants[0].stock, { onHand: 106, reserved: 0, received: 106, sold: 0, returned: 0 });
    const reasons = (page: { receipts: { reason: string }[] }) => page.receipts.map(({ reason }) => reason);
    assert.deepEqual(reasons(first), ['delivery 3', 'delivery 2']);
    const second = await see(`?limit=2&after=${first.next}`);
    assert.deepEqual([reasons(second).toSorted(), second.next], [['delivery 1', 'opening stock'], null]);
    assert.deepEqual(reasons(await see()).length, 4);
    const off = { category: 'tea', name: 'Off', description: '', keywords: '', active: false };
    const variants = [{ id: 'OFF-1', name: 'one', price: 3, active: true }];
    await ask('PUT', '/api/shop/admin/products/off', { as: 'boss', body: { ...off, variants } });
    assert.equal((await ask('GET', '/api/shop/admin/products/off', { as: 'boss' })).json().active, false, 'also what is not for sale');
    assert.equal((await ask('GET', '/api/shop/admin/products/nothing', { as: 'boss' })).status, 404);
    assert.equal((await ask('GET', '/api/shop/admin/products/off?after=x', { as: 'boss' })).status, 400);
  });

  it('sees what is running low, the least first, page by page', async (t) => {
    const { ask } = await openShop(t);
    const variants = ['A', 'B', 'C'].map((name) => ({ id: `NEW-${name}`, name, price: 3, active: name !== 'C' }));
    const product = { category: 'tea', name: 'New Leaf', description: '', keywords: '', active: true, variants };
    await ask('PUT', '/api/shop/admin/products/new-leaf', { as: 'boss', body: product });
    await ask('POST', '/api/shop/admin/stock/NEW-B/receipts', { as: 'boss', body: { pieces: 5, reason: 'delivery' } });
    const list = async (query = '') => {
      const { stock, next } = (await ask('GET', `/api/shop/admin/stock${query}`, { as: 'boss' })).json();
      return { left: stock.map((row: { variantId: string; available: number }) => [row.variantId, row.available]), next };
    };
    const all = [
      ['NEW-A', 0],
      ['NEW-B', 5],
      [lampId, 10],
      [teaId, 100],
    ];
    assert.deepEqual(await list(), { left: all, next: null });
    assert.deepEqual((await list('?below=1')).left, all.slice(0, 1));
    assert.deepEqual((await list('?below=10')).left, all.slice(0, 2));
    const first = await list('?limit=2');
    assert.deepEqual(first.left, all.slice(0, 2));
    assert.deepEqual(await list(`?limit=2&after=${first.next}`), { left: all.slice(2), next: null });
  });

  it('sees what went back, the newest first, and what is still owed', async (t) => {
    const shop = await openShop(t);
    const { ask, world } = shop;
    await world.customer('anna', 100);
    const { id } = (await buy(shop, 'anna')).json();
    for (const amount of [1, 2]) {
      await world.clock.advance(1);
      await ask('POST', `/api/shop/admin/orders/${id}/refunds`, { as: 'boss', key: `refund-${amount}`, body: { reason: 'late', amount } });
    }
    const list = async (query = '') => (await ask('GET', `/api/shop/admin/refunds${query}`, { as: 'boss' })).json();
    const { refunds } = await list();
    assert.deepEqual(
      refunds.map(({ orderId, amount, by, settled }: Record<string, unknown>) => [orderId, amount, by, settled]),
      [
        [id, 2, 'boss', true],
        [id, 1, 'boss', true],
      ],
    );
    const first = await list('?limit=1');
    const second = await list(`?limit=1&after=${first.next}`);
    assert.deepEqual([...first.refunds, ...second.refunds, second.next], [...refunds, null]);
    const order = (await buy(shop, 'ben', 'provider')).json();
    await ask('POST', `/api/shop/orders/${order.id}/test-payment`, { as: 'ben', body: { outcome: 'paid' } });
    await ask('POST', `/api/shop/admin/orders/${order.id}/refunds`, {
      as: 'boss',
      key: 'refund-3',
      body: { reason: '', everything: true },
    });
    const owed = (await list('?settled=false')).refunds;
    assert.deepEqual([owed.length, owed[0]?.orderId], [1, order.id]);
    assert.equal((await list('?settled=true')).refunds.length, 2);
  });

  it('moves orders on and refunds them, each request once', async (t) => {
    const shop = await openShop(t);
    const { ask, world } = shop;
    await world.customer('anna', 100);
    const { id } = (await buy(shop, 'anna')).json();
    const as = 'boss';
    const to = (state: string) => ask('POST', `/api/shop/admin/orders/${id}/state`, { as, body: { state, note: '' } });
    assert.equal((await to('delivered')).status, 409);
    assert.equal((await to('packed')).json().state, 'packed');
    const give = (body: object, key: string) =>
      ask('POST', `/api/shop/admin/orders/${id}/refunds`, { as, key, body: { reason: 'late', ...body } });
    const piece = { lines: [{ line: 1, quantity: 1, restock: true }] };
    assert.equal((await give(piece, 'refund-1')).json().amount, teaPrice);
    assert.equal((await give(piece, 'refund-1')).headers['idempotency-replayed'], 'true');
    assert.equal((await give({ amount: 1 }, 'refund-1')).status, 409);
    assert.equal((await give({ amount: 1, everything: true }, 'refund-2')).status, 400);
    assert.equal((await give({ everything: true, restock: true }, 'refund-3')).status, 201);
    assert.equal((await ask('GET', `/api/shop/admin/orders/${id}`, { as })).json().state, 'cancelled');
    assert.equal(await world.coinsOf('anna'), 100);
    assert.equal((await ask('GET', '/api/shop/admin/customers', { as })).json().customers[0].refunded, 2 * teaPrice);
    assert.deepEqual(await world.violations(), []);
  });

  it('makes promo codes that count', async (t) => {
    const shop = await openShop(t);
    const { ask, world } = shop;
    await world.customer('anna', 100);
    const rules = {
      kind: 'amount',
      value: 3,
      minSubtotal: 0,
      startsAt: null,
      endsAt: null,
      maxUses: 1,
      maxUsesPerAccount: 1,
      active: true,
    };
    assert.equal((await ask('PUT', '/api/shop/admin/promos/moin', { as: 'boss', body: rules })).json().code, 'MOIN');
    assert.equal(
      (await ask('PUT', '/api/shop/admin/promos/moin', { as: 'boss', body: { ...rules, kind: 'percent', value: 101 } })).status,
      400,
    );
    await ask('PUT', `/api/shop/cart/lines/${lampId}`, { as: 'anna', body: { quantity: 1 } });
    assert.equal((await ask('PUT', '/api/shop/cart/promo', { as: 'anna', body: { code: 'moin' } })).json().total, 31);
  });
});

describe('the catalogue', () => {
  it('answers with pages and pictures that stay the same', async (t) => {
    const { ask } = await openShop(t);
    const { products, total } = (await ask('GET', '/api/shop/products?text=harbor')).json();
    assert.deepEqual([products[0].id, total], ['harbour-tea', 1]);
    const first = (await ask('GET', '/api/shop/products?sort=name&limit=1')).json();
    const second = (await ask('GET', `/api/shop/products?sort=name&limit=1&after=${first.next}`)).json();
    assert.deepEqual([first.products[0].id, second.products[0].id, second.next], ['harbour-tea', 'storm-lamp', null]);
    assert.equal((await ask('GET', `/api/shop/products?sort=price&after=${first.next}`)).status, 400, 'the cursor of another order');
    assert.equal((await ask('GET', '/api/shop/products?sort=wild')).status, 400);
    const picture = await ask('GET', '/api/shop/products/harbour-tea/picture.svg');
    assert.match(picture.headers['content-type'] ?? '', /image\/svg\+xml/);
    assert.equal((await ask('GET', '/api/shop/products/harbour-tea/picture.svg')).text, picture.text);
    assert.equal((await ask('GET', '/api/shop/products/nothing/picture.svg')).status, 404);
    assert.equal((await ask('GET', '/api/shop/products/harbour-tea')).json().variants[0].available, 100);
  });
});
