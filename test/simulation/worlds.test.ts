/** Simulated worlds and a short day, one seed after another, for as long as the run has: for longer, `npm run simulate`. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { rounds } from '#testkit/rounds.ts';
import { runWorld } from './world.ts';

const stormMinutes = 2;
/** So few that the day is as short as it can be. */
const day = { busyTimes: 3, stormMinutes: 0.5 };
const firstSeed = Number(process.env.KONTOR_TEST_SEED ?? Date.now() % 1_000_000);

it('every law holds, everything acknowledged is there, and everything is done when the faults are over', {
  timeout: 900_000,
}, async (t) => {
  await rounds(t, { what: 'worlds', seconds: 20, slowestRoundSeconds: 40 }, async (number) => {
    const seed = firstSeed + number - 1;
    const { violations } = await runWorld({ seed, stormMinutes });
    assert.deepEqual(violations, [], `again: node test/simulation/run.ts --seed ${seed} --minutes ${stormMinutes}`);
  });
});

it('the same holds for a day with a midnight, in which the house sleeps, stands still and loses its power', {
  timeout: 900_000,
}, async () => {
  const { violations, simulatedMs } = await runWorld({ seed: firstSeed, ...day });
  const again = `again: node test/simulation/run.ts --day --busy-times ${day.busyTimes} --minutes ${day.stormMinutes} --seed ${firstSeed}`;
  assert.deepEqual(violations, [], again);
  assert.ok(simulatedMs > 86_400_000, 'more than a day has passed');
});
