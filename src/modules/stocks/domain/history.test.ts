/** A new tape's past: as many trades a minute as agreed, in order of time, ending now, and finer towards the end. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { historyFrames } from './history.ts';
import { historyTradesPerMinute } from './walk.ts';

const now = 1_772_438_412_345;

function timesOf(minutes: number): number[] {
  return [...historyFrames(minutes, now)].flatMap(({ count, times }) => Array.from({ length: count }, (_, index) => times(index)));
}

describe('the history', () => {
  for (const minutes of [1, 19, 20, 21, 90, 1_440]) {
    it(`of ${minutes} minutes has every minute's trades, in order, the last of them now or just before`, () => {
      const times = timesOf(minutes);
      assert.equal(times.length, minutes * historyTradesPerMinute);
      times.forEach((at, index) => {
        const minute = Math.floor(index / historyTradesPerMinute);
        const from = now - (minutes - minute) * 60_000;
        assert.ok(Number.isInteger(at) && at >= from && at < from + 60_000, `trade ${index + 1} at ${at} is in minute ${minute + 1}`);
        assert.ok(index === 0 || at >= times[index - 1]!, `trade ${index + 1} does not lie before the one before it`);
      });
    });
  }

  it('of nothing is nothing', () => {
    assert.deepEqual([...historyFrames(0, now)], []);
  });

  it('fills every second of the last ten minutes, and few seconds of a minute before them', () => {
    const seconds = timesOf(60).map((at) => Math.floor((at - now) / 1_000));
    const seen = (fromMinute: number, toMinute: number) =>
      new Set(seconds.filter((second) => second >= -60 * fromMinute && second < -60 * toMinute)).size;
    assert.equal(seen(10, 0), 600);
    assert.equal(seen(60, 10), 50 * 3);
  });

  it('comes in frames that are neither tiny nor huge', () => {
    for (const { count } of historyFrames(1_440, now)) assert.ok(count >= 600 && count <= 4_096, `${count} trades`);
  });
});
