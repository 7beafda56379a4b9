/** The manual clock moves only when advanced. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { manualClock } from './clock.ts';

it('stands still until it is advanced', async () => {
  const clock = manualClock({ startAt: 1_000 });
  assert.equal(clock.now(), 1_000);
  assert.equal(clock.monotonicMs(), 0);
  await clock.advance(250);
  assert.equal(clock.now(), 1_250);
  assert.equal(clock.monotonicMs(), 250);
});

it('wakes a sleeper at its time, and one that sleeps again within the same advance', async () => {
  const clock = manualClock();
  const wokenAtMs: number[] = [];
  const loop = (async () => {
    for (let count = 0; count < 3; count += 1) {
      await clock.sleep(100);
      wokenAtMs.push(clock.monotonicMs());
    }
  })();
  await clock.advance(99);
  assert.deepEqual(wokenAtMs, []);
  await clock.advance(201);
  assert.deepEqual(wokenAtMs, [100, 200, 300]);
  await loop;
  assert.equal(clock.sleeping(), 0);
});

it('setNow moves the time of day, also backwards, and neither wakes sleepers nor moves the monotonic time', async () => {
  const clock = manualClock({ startAt: 10_000 });
  let woken = false;
  void clock.sleep(1_000).then(() => {
    woken = true;
  });
  clock.setNow(500_000);
  assert.equal(clock.now(), 500_000);
  clock.setNow(2_000);
  assert.equal(clock.now(), 2_000);
  assert.equal(clock.monotonicMs(), 0);
  await clock.advance(999);
  assert.equal(woken, false);
  await clock.advance(1);
  assert.equal(woken, true);
  assert.equal(clock.now(), 3_000);
});

it('a flowing clock can be pushed ahead, and its sleepers wake without waiting', async () => {
  const clock = manualClock({ flowing: true });
  const slept = clock.sleep(3_600_000);
  await clock.advance(3_600_000);
  await slept;
  assert.ok(clock.monotonicMs() >= 3_600_000);
});
