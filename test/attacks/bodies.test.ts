/** No request body stalls the house: every route gets the largest bodies it takes and the first it refuses, as a stranger and as an admin. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { ApiDocument } from '#http/openapi.ts';
import { type BodiedRoute, bodiedRoutes, stallingBodies } from '#testkit/body-stall.ts';
import { allContracts } from '../../tools/access-table.ts';
import { openWorld, type Person, suiteCleanup, type World } from './world.ts';

/** Each with at least one route that takes a body. */
const markets = ['coins', 'errands', 'flights', 'people', 'shop', 'stocks'] as const;

describe('request bodies', { timeout: 300_000 }, () => {
  const cleanup = suiteCleanup();
  let world: World;
  let admin: Person;
  let routes: readonly BodiedRoute[];

  before(async () => {
    world = await openWorld(cleanup, { environment: { SHOP_TEST_PAYMENTS: 'on' } });
    admin = await world.person('admin', { role: 'admin' });
    routes = bodiedRoutes((await world.ask('GET', '/api/openapi.json')).json() as ApiDocument);
  });

  it('are known for many routes, each with its limit', () => {
    assert.ok(routes.length >= 40, `${routes.length} routes with a body`);
    for (const market of markets)
      assert.ok(
        routes.some(({ path }) => path.startsWith(`/api/${market}/`)),
        market,
      );
    for (const { method, path, maxBytes } of routes) assert.ok(maxBytes > 0, `${method} ${path} has no limit`);
  });

  it('of a stranger do not delay other requests', async () => {
    const contracts = (await allContracts()).filter(({ access }) => access === 'anyone');
    const open = new Set(contracts.map(({ method, path }) => `${method} ${path.replaceAll(/:\w+/g, 'x')}`));
    const isOpen = ({ method, path }: BodiedRoute) => open.has(`${method} ${path}`);
    assert.deepEqual(await stallingBodies(routes.filter(isOpen), { url: world.url }), []);
    // All others refuse a stranger before they read: the kind of body makes no difference.
    const closed = routes.filter((route) => !isOpen(route));
    assert.ok(closed.length > 0);
    assert.deepEqual(await stallingBodies(closed, { url: world.url, shapes: 2 }), []);
  });

  it('of an admin do not delay other requests', async () => {
    assert.deepEqual(await stallingBodies(routes, { url: world.url, headers: { cookie: admin.cookie } }), []);
  });
});
