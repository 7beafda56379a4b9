/** Pictures of products: what a browser could run never becomes one, and only admins put any. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { openWorld, type Person, suiteCleanup, type World } from './world.ts';

const png = Buffer.from('\x89PNG\r\n\x1a\nthe rest of it', 'latin1');
const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
const html = Buffer.from('<!doctype html><script>alert(1)</script>');

describe('pictures of products', { timeout: 300_000 }, () => {
  const cleanup = suiteCleanup();
  let world: World;
  let admin: Person;
  let address: string;

  before(async () => {
    world = await openWorld(cleanup, { roles: ['people', 'coins', 'shop-api'], environment: { DEMO: 'off', SHOP_DEMO_GOODS: 'on' } });
    admin = await world.person('admin', { role: 'admin' });
    const { products } = (await world.ask('GET', '/api/shop/products?limit=1')).json();
    address = `/api/shop/admin/products/${products[0].id}/picture`;
  });

  const put = (bytes: Buffer, type: string, as?: Person) =>
    world.ask('PUT', address, { text: bytes, headers: { 'content-type': type }, ...(as === undefined ? {} : { as }) });

  it('are put by admins only', async () => {
    assert.equal((await put(png, 'image/png')).status, 401);
    assert.equal((await put(png, 'image/png', await world.person('mallory'))).status, 403);
  });

  it('are neither SVG nor HTML, whatever they are called', async () => {
    for (const bytes of [svg, html, Buffer.alloc(0), Buffer.from('GIF89a')]) {
      for (const type of ['image/png', 'image/jpeg', 'image/webp', 'image/avif'])
        assert.equal((await put(bytes, type, admin)).status, 400, `${bytes} as ${type}`);
      for (const type of ['image/svg+xml', 'text/html', 'image/gif']) assert.equal((await put(bytes, type, admin)).status, 415, type);
    }
    assert.equal((await put(png, 'image/jpeg', admin)).status, 400, 'a PNG that is called JPEG');
  });

  it('are small', async () => {
    assert.equal((await put(Buffer.concat([png, Buffer.alloc(512 * 1_024)]), 'image/png', admin)).status, 413);
  });

  it('are given as what they are, for ever, and gone when they are taken away', async () => {
    // What follows the first bytes is not looked at: the browser is told to take it for nothing else than a picture.
    const mixed = Buffer.concat([png, html]);
    const { picture } = (await put(mixed, 'image/png', admin)).json();
    assert.match(picture, /^\/api\/shop\/pictures\/png\/[0-9a-f]{64}$/);
    const seen = await world.ask('GET', picture);
    const {
      'content-type': type,
      'x-content-type-options': options,
      'cache-control': cache,
      'content-security-policy': policy,
    } = seen.headers;
    assert.deepEqual([seen.status, type, options, cache], [200, 'image/png', 'nosniff', 'public, max-age=31536000, immutable']);
    assert.match(String(policy), /default-src 'none'/);
    assert.equal((await world.ask('GET', picture.replace('/png/', '/jpeg/'))).status, 404, 'as no other kind');
    assert.equal((await world.ask('GET', '/api/shop/pictures/png/..%2f..%2fetc')).status, 400);
    assert.equal((await world.ask('DELETE', address, { as: admin })).status, 204);
    assert.equal((await world.ask('GET', picture)).status, 404);
  });
});
