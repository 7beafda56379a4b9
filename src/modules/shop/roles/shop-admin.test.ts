/** The shop over HTTP for admins: goods and stock, orders and refunds, promo codes, and who may do what. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PeopleTables } from '#modules/people/store/tables.ts';
import { buy, openShop } from '../testing/shop-server.ts';
import { lampId, teaId, teaPrice } from '../testing/shop-world.ts';

const problem = (answer: { json(): { reason?: object } }) => answer.json();

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
      'overview',
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

  it('writes products in both languages, and adds only what is new', async (t) => {
    const { ask } = await openShop(t);
    const variants = [{ id: 'BRUSH-1', name: 'One brush', price: 3, active: true, germanName: 'Ein Quast' }];
    const german = { name: 'Teerquast', description: 'Für Boote.' };
    const product = { category: 'ship', name: 'Tar brush', description: 'For boats.', keywords: '', active: true, german, variants };
    const put = (body: object, headers = {}) => ask('PUT', '/api/shop/admin/products/tar-brush', { as: 'boss', body, headers });
    const onlyNew = { 'if-none-match': '*' };
    assert.equal((await put(product, onlyNew)).status, 200);
    assert.deepEqual(problem(await put(product, onlyNew)).reason, { name: 'product-exists', values: { id: 'tar-brush' } });

    const read = async (language: string) => {
      const answer = (await ask('GET', '/api/shop/products/tar-brush', { headers: { 'accept-language': language } })).json();
      return [answer.name, answer.description, answer.variants[0].name];
    };
    assert.deepEqual(await read('de'), ['Teerquast', 'Für Boote.', 'Ein Quast']);
    assert.deepEqual(await read('en'), ['Tar brush', 'For boats.', 'One brush']);
    const found = (await ask('GET', '/api/shop/products?text=teerquast', { headers: { 'accept-language': 'de' } })).json();
    assert.deepEqual(
      found.products.map(({ name }: { name: string }) => name),
      ['Teerquast'],
      'it is found by its German name',
    );
    const admins = (await ask('GET', '/api/shop/admin/products/tar-brush', { as: 'boss' })).json();
    assert.deepEqual([admins.german, admins.variants[0].germanName], [german, 'Ein Quast']);

    await put({ ...product, german: undefined, name: 'Tar brush, new' });
    const changed = (await ask('GET', '/api/shop/admin/products/tar-brush', { as: 'boss' })).json();
    assert.deepEqual(changed.german, { name: '', description: 'Für Boote.' }, 'what translates another text no longer counts');
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

  it('finds orders by their number and by who ordered, and sees people by name', async (t) => {
    const shop = await openShop(t);
    const { ask, world } = shop;
    for (const [id, name] of [
      ['anna', 'Anna Schmidt'],
      ['boss', 'The Boss'],
    ] as const) {
      const person = { id, name, email: `${id}@example.org`, role: 'member', password_hash: '', locked_at: null, created_at: 1 } as const;
      await world.state.write((queries) => queries.withTables<PeopleTables>().insertInto('person').values(person).execute());
    }
    await world.customer('anna', 100);
    await world.customer('ben', 100);
    const { id } = (await buy(shop, 'anna')).json();
    await buy(shop, 'ben');
    const find = async (search: string) => {
      const { orders } = (await ask('GET', `/api/shop/admin/orders?search=${encodeURIComponent(search)}`, { as: 'boss' })).json();
      return orders.map((order: { id: string; accountName: string | null }) => [order.id, order.accountName]);
    };
    for (const text of ['schmi', 'ANNA', 'anna@ex', id, id.toLowerCase().replaceAll('-', ' ')])
      assert.deepEqual(await find(text), [[id, 'Anna Schmidt']], text);
    for (const text of ['nobody', '%', 'KO-0000-0000-0000']) assert.deepEqual(await find(text), [], text);
    const body = { reason: 'late', amount: 1 };
    await ask('POST', `/api/shop/admin/orders/${id}/refunds`, { as: 'boss', key: 'refund-1', body });
    assert.equal((await ask('GET', '/api/shop/admin/refunds', { as: 'boss' })).json().refunds[0].byName, 'The Boss');
    assert.equal((await ask('GET', `/api/shop/admin/orders/${id}`, { as: 'boss' })).json().accountName, 'Anna Schmidt');
    assert.equal((await ask('GET', `/api/shop/orders/${id}`, { as: 'anna' })).json().accountName, undefined, 'customers are told no names');
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
