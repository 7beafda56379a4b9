/** Nobody takes goods from all others without paying: what one account keeps in carts and unpaid orders is limited. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { shipTo } from './shop.ts';
import { openWorld, type Person, reasonOf, suiteCleanup, type World } from './world.ts';

const price = 2;
const articles = 60;
const pieces = 70;

describe('goods that are kept without payment', { timeout: 300_000 }, () => {
  const cleanup = suiteCleanup();
  let world: World;
  let admin: Person;
  let requests = 0;

  before(async () => {
    const environment = { DEMO: 'off', SHOP_TEST_PAYMENTS: 'on', SHOP_DEMO_GOODS: 'on' };
    world = await openWorld(cleanup, { roles: ['people', 'coins', 'shop-api'], environment });
    admin = await world.person('admin', { role: 'admin' });
    const { categories } = (await world.ask('GET', '/api/shop/categories')).json();
    const variants = Array.from({ length: articles }, (_, index) => ({ id: `ART-${index}`, name: `${index}`, price, active: true }));
    for (let first = 0; first < articles; first += 10) {
      const body = { category: categories[0].id, name: 'Goods', description: '', keywords: '', active: true };
      const some = { ...body, variants: variants.slice(first, first + 10) };
      const saved = await world.ask('PUT', `/api/shop/admin/products/goods-${first}`, { as: admin, body: some });
      assert.equal(saved.status, 200, saved.text);
    }
    for (const { id } of variants)
      await world.ask('POST', `/api/shop/admin/stock/${id}/receipts`, { as: admin, body: { pieces, reason: 'delivery' } });
  });

  const put = (as: Person, id: string, quantity: number) => world.ask('PUT', `/api/shop/cart/lines/${id}`, { as, body: { quantity } });

  function order(as: Person, expectedTotal: number, payment: 'provider' | 'coins' = 'provider') {
    requests += 1;
    return world.ask('POST', '/api/shop/checkout', { as, key: `request-${requests}`, body: { payment, expectedTotal, shipTo } });
  }

  const reserve = (as: Person) => world.ask('POST', '/api/shop/cart/reservation', { as });

  async function reservedOf(id: string): Promise<number> {
    const { variants } = (await world.ask('GET', '/api/shop/admin/products/goods-0', { as: admin })).json();
    return variants.find((variant: { id: string }) => variant.id === id).stock.reserved;
  }

  it('are never all of an article, neither in an order nor in a cart', async () => {
    const mallory = await world.person('mallory');
    await put(mallory, 'ART-0', pieces);
    assert.deepEqual(reasonOf(await order(mallory, pieces * price)), [409, 'kept-share']);
    assert.deepEqual(reasonOf(await reserve(mallory)), [409, 'kept-share']);
    const most = Math.ceil(pieces / 4);
    await put(mallory, 'ART-0', most);
    assert.equal((await order(mallory, most * price)).status, 201);
    await put(mallory, 'ART-0', 1);
    assert.deepEqual(reasonOf(await order(mallory, price)), [409, 'kept-share'], 'a second order adds to the first');
    assert.deepEqual(reasonOf(await reserve(mallory)), [409, 'kept-share'], 'the cart adds to the order');
    assert.equal(await reservedOf('ART-0'), most);
  });

  it('are few pieces of many articles', async () => {
    const mallory = await world.person('mallory-many');
    for (let index = 1; index < 40; index += 1) await put(mallory, `ART-${index}`, 3);
    assert.deepEqual(reasonOf(await order(mallory, 39 * 3 * price)), [409, 'kept-pieces']);
    assert.deepEqual(reasonOf(await reserve(mallory)), [409, 'kept-pieces']);
    assert.equal(await reservedOf('ART-1'), 0);
  });

  it('wait in few orders at a time, and in few a day, also when they are cancelled again and again', async () => {
    const mallory = await world.person('mallory-again');
    const made: string[] = [];
    const answers: (string | number)[] = [];
    for (let count = 0; count < 4; count += 1) {
      await put(mallory, 'ART-5', 1);
      const answer = await order(mallory, price);
      if (answer.status === 201) made.push(answer.json().id);
      answers.push(answer.status === 201 ? 201 : answer.json().reason.name);
    }
    assert.deepEqual(answers, [201, 201, 201, 'unpaid-orders']);
    let last = await order(mallory, price);
    for (let count = 0; count < 12 && last.json().reason?.name !== 'unpaid-today'; count += 1) {
      const cancelled = await world.ask('POST', `/api/shop/orders/${made.pop()}/cancellation`, { as: mallory });
      assert.equal(cancelled.status, 200, cancelled.text);
      await put(mallory, 'ART-5', 1);
      last = await order(mallory, price);
      if (last.status === 201) made.push(last.json().id);
    }
    assert.deepEqual(reasonOf(last), [409, 'unpaid-today']);
  });

  it('are not counted against who pays', async () => {
    const honest = await world.person('honest', { coins: 1_000 });
    await put(honest, 'ART-7', pieces);
    const bought = await order(honest, pieces * price, 'coins');
    assert.equal(bought.status, 201, bought.text);
    await put(honest, 'ART-8', 5);
    const unpaid = await order(honest, 5 * price);
    assert.equal(unpaid.status, 201);
    assert.equal((await world.ask('POST', unpaid.json().payAt, { as: honest, body: { outcome: 'paid' } })).status, 200);
    await put(honest, 'ART-8', 17);
    assert.equal((await order(honest, 17 * price)).status, 201, 'what was paid for is not kept');
  });

  it('leave books that balance', async () => {
    const broken = (await world.audit()).filter(({ holds }) => holds === false);
    assert.deepEqual(broken, []);
  });
});
