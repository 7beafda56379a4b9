/** The memory cache keeps every promise of the Cache port. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { manualClock } from '#testkit/clock.ts';
import { cacheContract } from '#testkit/contracts/cache.ts';
import { openMemoryCache } from './memory.ts';

cacheContract('memory', {
  countsEntries: true,
  async open(t, entries) {
    const clock = manualClock();
    const cache = openMemoryCache({ maxEntries: entries, clock });
    t.after(() => cache.close());
    return { cache, clock };
  },
});

const rules = { ttlMs: 1_000, staleMs: 0 };

it('memory is bounded in characters, too, and a value larger than the limit is returned but not stored', async () => {
  const cache = openMemoryCache({ maxEntries: 1_000, maxCharacters: 100, clock: manualClock() });
  let loads = 0;
  const load = (length: number) => async () => {
    loads += 1;
    return 'x'.repeat(length);
  };
  await cache.getOrLoad('a', rules, load(40));
  await cache.getOrLoad('b', rules, load(40));
  await cache.getOrLoad('c', rules, load(40));
  assert.equal(loads, 3);
  await cache.getOrLoad('b', rules, load(40));
  await cache.getOrLoad('c', rules, load(40));
  assert.equal(loads, 3, 'b and c fit, a went');
  await cache.getOrLoad('a', rules, load(40));
  assert.equal(loads, 4);
  assert.equal((await cache.getOrLoad('large', rules, load(1_000))).length, 1_000);
  assert.equal((await cache.getOrLoad('large', rules, load(1_000))).length, 1_000);
  assert.equal(loads, 6, 'large was loaded each time');
  await cache.getOrLoad('a', rules, load(40));
  assert.equal(loads, 6, 'and drove nothing out');
});

it('refuses an invalid limit', () => {
  assert.throws(() => openMemoryCache({ maxEntries: 0, clock: manualClock() }), /maxEntries must be a whole number from 1, not 0/);
});
