/** The time of the house, also while a plug has set the clock of the process that answers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clockAfter, type HouseClock, houseTime } from './house-clock.ts';

/** After answers that came each second, from `now` on. */
function after(before: HouseClock | undefined, now: number, aheadMs: readonly number[]): HouseClock | undefined {
  return aheadMs.reduce((clock: HouseClock | undefined, ahead, index) => {
    const answeredAt = now + index * 1_000;
    return clockAfter(clock, answeredAt + ahead, answeredAt);
  }, before);
}

test('the time of the house is what it told last, and goes on with the clock of this device', () => {
  assert.equal(houseTime({ clock: undefined }, 5_000), 5_000);
  assert.equal(houseTime({ clock: after(undefined, 0, [300, -200]) }, 5_000), 4_800);
});

test('a clock that is set far ahead for some seconds is not followed, and one that stays so is', () => {
  const right = after(undefined, 0, [100]);
  const set = after(right, 1_000, Array(9).fill(40_100));
  assert.equal(houseTime({ clock: set }, 10_000), 10_100);
  assert.deepEqual(after(set, 10_000, [120]), { aheadMs: 120, jumpedAt: undefined });
  assert.equal(after(right, 1_000, Array(22).fill(40_100))?.aheadMs, 40_100);
});

test('two processes of which one has a wrong clock may answer in turn', () => {
  assert.equal(after(undefined, 0, Array(60).fill([100, 40_100]).flat())?.aheadMs, 100);
});

test('a clock that is set back is followed at once', () => {
  assert.equal(after(undefined, 0, [40_000, 0])?.aheadMs, 0);
});
