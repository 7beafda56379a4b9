/** A consumer counts as gone when its beat does not change for a lease, by the watcher's monotonic clock. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { manualClock } from '#testkit/clock.ts';
import { Presences } from './presences.ts';

it('is silent once the same beat has been seen for a whole lease', async () => {
  const clock = manualClock();
  const presences = new Presences(clock, 1_000);
  assert.equal(presences.isSilent('a#1', 7), false);
  await clock.advance(999);
  assert.equal(presences.isSilent('a#1', 7), false);
  await clock.advance(1);
  assert.equal(presences.isSilent('a#1', 7), true);
});

it('is not silent while its beat changes, however rare the checks', async () => {
  const clock = manualClock();
  const presences = new Presences(clock, 1_000);
  for (let beat = 1; beat <= 3; beat += 1) {
    assert.equal(presences.isSilent('a#1', beat), false);
    await clock.advance(5_000);
  }
});

it('does not depend on the time of day', async () => {
  const clock = manualClock();
  const presences = new Presences(clock, 1_000);
  presences.isSilent('a#1', 7);
  clock.setNow(clock.now() + 3_600_000);
  assert.equal(presences.isSilent('a#1', 7), false);
});
