/** The model behind docs/scale.md: parts fill with the load, and the simulation agrees with queueing theory. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { seededRandom } from '#core/seeded-random.ts';
import { fullest, simulateShards, times, today } from '../bench/scale-model.ts';

/** One shard that is busy for 5 ms with each. */
function oneShard(perSecond: number) {
  return simulateShards({ perSecond, serviceMs: 5, shards: 1, keys: 1, skew: 0, seconds: 2_000 }, seededRandom(1));
}

function busiestShare(shards: number, keys: number, skew: number): number {
  return simulateShards({ perSecond: 500, serviceMs: 5, shards, keys, skew, seconds: 100 }, seededRandom(2)).busiestShare;
}

it('parts fill in proportion to the load', () => {
  for (const { part, used } of fullest(today)) {
    assert.ok(used > 0 && used < 1, `${part.name} is enough today`);
    assert.ok(Math.abs(part.used(times(today, 1_000)) / used - 1_000) < 0.001, part.name);
  }
});

it('work waits as long as in a queue with random arrivals and equal service times (M/D/1)', () => {
  for (const perSecond of [60, 100, 140, 160]) {
    const used = (perSecond * 5) / 1_000;
    const expectedMs = (used / (2 * (1 - used))) * 5;
    const { meanMs, busiestUsed } = oneShard(perSecond);
    assert.ok(Math.abs(busiestUsed - used) < 0.02, `${busiestUsed} of ${used} used`);
    assert.ok(Math.abs(meanMs / expectedMs - 1) < 0.15, `a wait of ${meanMs} ms, expected ${expectedMs} ms`);
  }
});

it('shards by many equal keys share the work; by few unequal ones the most frequent key decides', () => {
  assert.ok(Math.abs(busiestShare(8, 1_000_000, 0) - 1 / 8) < 0.01);
  assert.ok(Math.abs(busiestShare(64, 1_000_000, 0) - 1 / 64) < 0.005);
  assert.ok(busiestShare(64, 200, 1) > 0.15, 'the first of 200 articles is a sixth of all sales');
});
