/** The shop over HTTP, as a browser uses it: guests and members, checkout and orders, and the provider's messages. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buy, openShop, shipTo } from '../testing/shop-server.ts';
import { lampId, lampPrice, teaId, teaPrice } from '../testing/shop-world.ts';

const problem = (answer: { json(): { code: string; detail: string; reason?: object } }) => answer.json();

describe('a customer', () => {
  it('fills a cart as a guest, keeps it at login, and orders once', async (t) => {
    const shop = await openShop(t);
    const { ask, jar, world } = shop;
    await world.customer('anna', 100);
    const put = await ask('PUT', `/api/shop/cart/lines/${teaId}`, { body: { quantity: 2 } });
    assert.equal(put.status, 200, put.text);
    assert.match(put.headers['set-cookie']?.[0] ?? '', /^kontor_guest=\w{32}\.\w{64}; Path=\/; HttpOnly; SameSite=Lax/);
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
    const guest = jar.get('kontor_guest');
    const order = (expectedTotal: number) =>
      ask('POST', '/api/shop/checkout', { as: 'anna', key: 'too-dear-1', body: { payment: 'coins', expectedTotal, shipTo } });
    assert.equal((await order(teaPrice + lampPrice)).status, 409, 'it costs more than she has');
    assert.equal(jar.get('kontor_guest'), guest, 'the cookie is still there');
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
    const unprintable = { payment: 'coins', expectedTotal: 12, shipTo: { ...shipTo, name: 'A\u0000' } };
    assert.equal((await ask('POST', '/api/shop/checkout', { as: 'anna', key: 'order-456', body: unprintable })).status, 400);
    jar.set('kontor_guest', `${'0'.repeat(32)}.${'0'.repeat(64)}`);
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
