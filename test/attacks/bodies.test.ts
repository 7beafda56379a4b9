/** No request body stalls the house: every route gets the largest bodies it takes and the first it refuses, as a stranger and as an admin. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { main } from '#cli/main.ts';
import { type House, openHouse } from '#house/house.ts';
import { openMetrics } from '#house/metrics.ts';
import { modules } from '#house/modules.ts';
import { processHolder } from '#house/process-holder.ts';
import { readHouseConfig } from '#house/read-config.ts';
import { realClock } from '#house/real-clock.ts';
import { realRandom } from '#house/real-random.ts';
import type { ApiDocument } from '#http/openapi.ts';
import { type BodiedRoute, bodiedRoutes, stallingBodies } from '#testkit/body-stall.ts';
import { silentLog } from '#testkit/log.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';

const roles = ['people', 'coins', 'shop-api', 'stocks-intake', 'stocks-liveview'];

describe('request bodies', { timeout: 300_000 }, () => {
  const environment = { DATA_DIR: join(temporaryFolder({ after }), 'data'), PORT: '0', RATE_LIMIT_PER_MINUTE: '0', SHOP_DEMO_GOODS: 'off' };
  let house: House;
  let routes: readonly BodiedRoute[];
  let adminCookie: string;

  before(async () => {
    const { config } = readHouseConfig({ environment, flags: new Map() });
    house = await openHouse({
      config,
      modules,
      roles,
      metrics: openMetrics(),
      signal: new AbortController().signal,
      basics: { clock: realClock, random: realRandom, holder: processHolder(), log: silentLog() },
    });
    const printed: string[] = [];
    await main(['people', 'create-admin', 'ada@example.org'], environment, { print: (line) => printed.push(line), note: () => {} });
    const login = await fetch(`${house.url}/api/people/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'ada@example.org', password: printed.join('') }),
    });
    assert.equal(login.status, 200, await login.clone().text());
    adminCookie = login.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    routes = bodiedRoutes((await (await fetch(`${house.url}/api/openapi.json`)).json()) as ApiDocument);
  });
  after(async () => {
    const soon = AbortSignal.timeout(10_000);
    await house.stop(soon, soon);
  });

  it('are known for many routes, each with its limit', () => {
    assert.ok(routes.length >= 20, `${routes.length} routes with a body`);
    for (const { method, path, maxBytes } of routes) assert.ok(maxBytes > 0, `${method} ${path} has no limit`);
  });

  it('of a stranger do not delay other requests', async () => {
    assert.deepEqual(await stallingBodies(routes, { url: house.url }), []);
  });

  it('of an admin do not delay other requests', async () => {
    assert.deepEqual(await stallingBodies(routes, { url: house.url, headers: { cookie: adminCookie } }), []);
  });
});
