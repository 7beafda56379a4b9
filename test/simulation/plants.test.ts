/** Five known-bad changes: the simulator finds each within a stated number of seeds. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Plant, type PlantName, plants } from './plants/plants.ts';
import { runWorld } from './world.ts';

/**
 * Each found its change when this was written, so that the test is short. A change of the product may give a seed another history;
 * then those from `firstOther` on are tried, and somebody should put one that finds it here.
 */
const knownSeeds: Readonly<Record<PlantName, number>> = {
  'lost-acknowledgement': 10_019,
  'lease-without-fence': 10_017,
  'write-outside-transaction': 10_007,
  'position-before-result': 10_001,
  'retry-without-key': 10_001,
};
const firstOther = 20_001;
const stormMinutes = 2;

describe('the simulator finds known-bad changes', () => {
  for (const name of Object.keys(plants) as PlantName[]) {
    const plant: Plant = plants[name];
    it(`${name}: ${plant.says}`, { timeout: 900_000 }, async (t) => {
      const others = Array.from({ length: plant.foundWithin - 1 }, (_, index) => firstOther + index);
      for (const seed of [knownSeeds[name], ...others]) {
        const { violations } = await runWorld({ seed, stormMinutes, plant });
        if (violations.length === 0) continue;
        t.diagnostic(`found by seed ${seed}: ${violations[0]?.split('\n')[0]}`);
        return;
      }
      assert.fail(`none of ${plant.foundWithin} seeds finds it`);
    });
  }
});
