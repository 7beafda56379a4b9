/** Waits grow up to a limit, and vary at random. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoffMs } from './backoff.ts';

const backoff = { firstMs: 400, limitMs: 15_000 };

test('each attempt waits twice as long, up to the limit', () => {
  const waits = [0, 1, 2, 5, 6, 1_000].map((attempt) => backoffMs(backoff, attempt, 1));
  assert.deepEqual(waits, [400, 800, 1_600, 12_800, 15_000, 15_000]);
});

test('a random part of up to half is subtracted', () => {
  assert.equal(backoffMs(backoff, 0, 0), 200);
  assert.equal(backoffMs(backoff, 0, 0.5), 300);
  assert.equal(backoffMs(backoff, 10, 0), 7_500);
});
