/** Kept answers of the catalogue are what the framework answers, in each language. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';
import type { Ports } from '#core/ports/ports.ts';
import { openSqliteState } from '#engines/state/sqlite.ts';
import { manualClock } from '#testkit/clock.ts';
import { assertKeptAsAnswered } from '#testkit/kept-answers.ts';
import { silentLog } from '#testkit/log.ts';
import { silentMetrics } from '#testkit/metrics.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { startTestWebServer } from '#testkit/web-server.ts';
import { shopApiRole } from '../../roles/shop-api.ts';
import { openShopWorld } from '../../testing/shop-world.ts';

it('keeps what it answers in each language', async (t) => {
  const state = await openSqliteState({ path: join(temporaryFolder(t), 'kontor.db'), clock: manualClock(), log: silentLog() });
  t.after(() => state.close());
  const { options, ports, payments, clock } = await openShopWorld(state);
  const service = await shopApiRole(options).start({
    ports: { ...(ports as Ports), metrics: silentMetrics(), payments },
    fail: (error) => assert.fail(String(error)),
  });
  t.after(() => service.stop());
  const webs = service.web ? [service.web] : [];
  const server = await startTestWebServer(t, { webs, clock, limits: { requestsPerMinute: 0 } });
  const seen = new Set<string>();
  const asked = ['?text=tea', '/harbour-tea', '/harbour-tea/picture.svg', '/nothing', '?sort=wild'];
  for (const path of asked) {
    for (const language of ['de-DE, en;q=0.5', 'en', 'fr', '']) {
      for (const method of ['GET', 'HEAD']) {
        const headers = { 'accept-language': language, cookie: 'kontor_session=anna' };
        const answers = await assertKeptAsAnswered({ server, clock }, `/api/shop/products${path}`, { method, headers });
        for (const { status, headers } of answers) seen.add(`${path} ${status} ${headers.vary} ${headers['cache-control']}`);
      }
    }
  }
  assert.deepEqual(
    [...seen],
    [
      '?text=tea 200 accept-language public, max-age=1',
      '/harbour-tea 200 accept-language undefined',
      '/harbour-tea/picture.svg 200 undefined public, max-age=86400',
      '/nothing 404 undefined no-store',
      '?sort=wild 400 undefined no-store',
    ],
  );
});
