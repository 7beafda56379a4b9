/** What is only for visitors of the machine itself stays closed to visitors who come through a proxy, whatever headers it sets. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { anyGoods, shipTo } from './shop.ts';
import { openWorld, type Person, suiteCleanup, type World } from './world.ts';

/** One of each way in which proxies say that they hand on somebody else's request. */
const forwarded: readonly Readonly<Record<string, string>>[] = [
  { forwarded: 'for=203.0.113.7' },
  { via: '1.1 proxy' },
  { 'x-forwarded-for': '203.0.113.7' },
  { 'x-forwarded-host': 'localhost' },
  { 'x-forwarded-proto': 'https' },
  { 'x-forwarded-port': '443' },
  { 'x-forwarded-server': 'proxy' },
  { 'x-forwarded-prefix': '/kontor' },
  { 'x-forwarded-client-cert': 'Hash=1' },
  { 'x-real-ip': '203.0.113.7' },
  { 'x-client-ip': '203.0.113.7' },
  { 'x-cluster-client-ip': '203.0.113.7' },
  { 'x-original-forwarded-for': '203.0.113.7' },
  { 'x-envoy-external-address': '203.0.113.7' },
  { 'x-amzn-trace-id': 'Root=1-67891233-abcdef012345678912345678' },
  { 'x-azure-clientip': '203.0.113.7' },
  { 'x-appengine-user-ip': '203.0.113.7' },
  { 'x-arr-log-id': '1' },
  { 'cf-connecting-ip': '203.0.113.7' },
  { 'cf-ray': '230b030023ae2822-SJC' },
  { 'true-client-ip': '203.0.113.7' },
  { 'fastly-client-ip': '203.0.113.7' },
  { 'fly-client-ip': '203.0.113.7' },
  { 'do-connecting-ip': '203.0.113.7' },
  { 'akamai-origin-hop': '1' },
  { 'cdn-loop': 'cloudflare' },
  { 'ngrok-trace-id': '1' },
  { 'tailscale-user-login': 'a@example.org' },
];

describe('a visitor whom a proxy brings', { timeout: 300_000 }, () => {
  const cleanup = suiteCleanup();
  let world: World;
  let mallory: Person;

  before(async () => {
    world = await openWorld(cleanup, { roles: ['people', 'coins', 'shop-api', 'stocks-liveview'], environment: { SHOP_DEMO_GOODS: 'on' } });
    mallory = await world.person('mallory', { coins: 100 });
  });

  /** What each of these answers to a visitor of the machine itself, and to one that a proxy brings. */
  const onlyHere = {
    'the letters of others': (headers: Readonly<Record<string, string>>) => world.ask('GET', '/api/people/letters', { headers }),
    'the faucet': (headers: Readonly<Record<string, string>>) => world.ask('POST', '/api/coins/faucet', { as: mallory, headers, body: {} }),
    'the speed of the tape': (headers: Readonly<Record<string, string>>) =>
      world.ask('PUT', '/api/stocks/rate', { headers, body: { tradesPerSecond: 1 } }),
  };

  for (const [name, ask] of Object.entries(onlyHere)) {
    it(`gets nothing of ${name}`, async () => {
      for (const headers of forwarded) {
        const { status, text } = await ask(headers);
        assert.ok(status >= 400 && status < 500, `${JSON.stringify(headers)}: ${status} ${text}`);
      }
      assert.equal((await ask({})).status, 200, 'at the machine itself it is given');
    });
  }

  it('cannot pay through the test provider, not even an order that was made at the machine', async () => {
    const { id, price } = await anyGoods(world);
    await world.ask('PUT', `/api/shop/cart/lines/${id}`, { as: mallory, body: { quantity: 1 } });
    const order = (headers: Readonly<Record<string, string>>) =>
      world.ask('POST', '/api/shop/checkout', {
        as: mallory,
        key: 'order-one',
        headers,
        body: { payment: 'provider', expectedTotal: price, shipTo },
      });
    for (const headers of forwarded) {
      const { status, text } = await order(headers);
      assert.equal(status, 409, `${JSON.stringify(headers)}: ${text}`);
      const { payments } = (await world.ask('GET', '/api/shop/categories', { headers })).json();
      assert.deepEqual(payments, ['coins'], JSON.stringify(headers));
    }
    const made = await order({});
    assert.equal(made.status, 201, made.text);
    const { payAt } = made.json();
    const pay = (headers: Readonly<Record<string, string>>) =>
      world.ask('POST', payAt, { as: mallory, headers, body: { outcome: 'paid' } });
    for (const headers of forwarded) assert.equal((await pay(headers)).status, 409, JSON.stringify(headers));
    assert.equal((await pay({})).status, 200);
  });

  it('is told that it is no demonstration, also by a host that is not a loopback one', async () => {
    const demo = async (headers: Readonly<Record<string, string>>) => (await world.ask('GET', '/api/people/me', { headers })).json().demo;
    for (const headers of forwarded) assert.equal(await demo(headers), false, JSON.stringify(headers));
    assert.equal((await world.ask('GET', '/api/people/me', { headers: { host: 'kontor.example' } })).status, 403);
    assert.equal(await demo({}), true);
  });
});
