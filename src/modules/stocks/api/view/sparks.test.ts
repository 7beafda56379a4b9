/** What sparklines hold where nothing was traded, and how many points they have. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bar } from '../../ports/results.ts';
import { sparkOf, sparkPlan } from './sparks.ts';

const now = 1_772_496_012_345;
const close = (startAt: number, closeCents: number) => ({ startAt, closeCents }) as Bar;

test('an hour has a point a minute, a day fewer than a point a minute, a few minutes points by the second', () => {
  assert.deepEqual({ ...sparkPlan(60, now) }, { interval: '1m', stepMs: 60_000, points: 60, endAt: 1_772_496_060_000, maxBars: 61 });
  assert.deepEqual(sparkPlan(1_440, now).stepMs, 12 * 60_000);
  assert.equal(sparkPlan(1_440, now).points, 120);
  assert.deepEqual({ ...sparkPlan(1, now) }, { interval: '1s', stepMs: 1_000, points: 60, endAt: 1_772_496_013_000, maxBars: 61 });
});

test('a price holds until the next one, and there is none before the first', () => {
  const plan = { interval: '1m', stepMs: 60_000, points: 5, endAt: 600_000, maxBars: 6 } as const;
  const spark = sparkOf('MSFT', [close(360_000, 7), close(480_000, 9)], plan);
  assert.deepEqual(spark, { company: 'MSFT', stepMs: 60_000, endAt: 600_000, closesCents: [null, 7, 7, 9, 9] });
  assert.deepEqual(
    sparkOf('MSFT', [close(0, 3), close(540_000, 4)], plan).closesCents,
    [3, 3, 3, 3, 4],
    'a price from before the first point counts',
  );
});
