/** The steps of values over time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stepShape } from './step-path.ts';

const size = { width: 100, height: 50 };

test('a value holds until the next one, and the last until the end', () => {
  const shape = stepShape(
    [
      { at: 0, value: 100 },
      { at: 50, value: 120 },
    ],
    100,
    size,
  );
  assert.ok(shape);
  assert.match(shape.line, /^M0 [\d.]+H50V[\d.]+H100$/);
  assert.equal(shape.end[0], 100);
  assert.ok(shape.end[1] < size.height / 2, 'the higher value is higher on the chart');
});

test('levels are round and hold all values between them', () => {
  for (const [low, high] of [
    [97, 133],
    [100, 100],
    [1, 1],
    [4_812, 9_733],
  ] as const) {
    const shape = stepShape(
      [
        { at: 0, value: low },
        { at: 1, value: high },
      ],
      2,
      size,
    );
    const values = shape?.levels.map(({ value }) => value) ?? [];
    assert.ok(values.length >= 2 && values.length <= 8, values.join());
    assert.ok((values[0] ?? 0) <= low && (values.at(-1) ?? 0) >= high, values.join());
    assert.ok(values.every(Number.isInteger), values.join());
  }
});

test('without a value there is nothing to draw', () => {
  assert.equal(stepShape([], 1, size), undefined);
});
