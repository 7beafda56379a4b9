/** One small world: it is well, and the same seed has the same history. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { runWorld } from './world.ts';

it('a seed has one history, in which every law holds', { timeout: 120_000 }, async () => {
  const options = { seed: 4, stormMinutes: 0.7, isShort: true } as const;
  const first = await runWorld(options);
  assert.deepEqual(first.violations, []);
  assert.ok(first.acknowledged > 0 && first.starts > 4, 'people were served, and processes died');
  const second = await runWorld(options);
  assert.equal(second.trace, first.trace, 'the history differs: something real, such as a timer or a thread, is in the simulated world');
});
