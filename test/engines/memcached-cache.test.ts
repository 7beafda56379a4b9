/** The Cache on real memcached nodes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '#core/seeded-random.ts';
import { openMemcachedCache } from '#engines/cache/memcached.ts';
import { manualClock } from '#testkit/clock.ts';
import { silentLog } from '#testkit/log.ts';
import { startMemcached } from '../../tools/engines/caches.ts';
import { placeOf } from '../../tools/engines.ts';
import { sharedCacheTests } from './cache-servers.ts';
import { engineFor } from './require-engine.ts';

const server = await engineFor('memcached', 'alone');

describe('memcached', { skip: server.skip }, () => {
  sharedCacheTests('memcached', {
    open: openMemcachedCache,
    url: server.url,
    server: () => startMemcached(placeOf('memcached')),
    through: (port) => `memcached://127.0.0.1:${port}`,
  });

  it('with one of two nodes dead, its keys are loaded and the others stay cached', async (t) => {
    const { nodes } = await startMemcached(placeOf('memcached'));
    const clock = manualClock({ flowing: true });
    const cache = openMemcachedCache({ url: server.url, clock, random: seededRandom(Date.now()), log: silentLog(), timeoutMs: 5_000 });
    t.after(() => cache.close());
    const rules = { ttlMs: 60_000, staleMs: 0 };
    const keys = Array.from({ length: 200 }, (_, index) => `two nodes ${process.pid} ${index}`);
    await Promise.all(keys.map((key) => cache.getOrLoad(key, rules, async () => 'first')));
    await nodes[0]?.kill();
    const answers = await Promise.all(keys.map((key) => cache.getOrLoad(key, rules, async () => 'loaded')));
    await nodes[0]?.start();
    const cached = answers.filter((answer) => answer === 'first').length;
    assert.ok(cached > 50 && cached < 150, `${cached} of 200 stayed cached`);
  });
});
