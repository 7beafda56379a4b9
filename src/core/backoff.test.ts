/** Pauses after failures: they double up to the longest, and half of each is left to chance. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import fastCheck from 'fast-check';
import { backoffMs } from './backoff.ts';
import { seededRandom } from './seeded-random.ts';

it('pauses double with each failure, up to the longest', () => {
  const limits = { firstMs: 100, maxMs: 1_000 };
  assert.deepEqual(
    [1, 2, 3, 4, 5, 1_000].map((failures) => backoffMs(failures, limits)),
    [100, 200, 400, 800, 1_000, 1_000],
  );
});

it('chance shortens a pause by no more than half', () => {
  fastCheck.assert(
    fastCheck.property(fastCheck.nat(), fastCheck.nat({ max: 50 }), fastCheck.integer({ min: 1, max: 100 }), (seed, failures, firstMs) => {
      const limits = { firstMs, maxMs: 5_000 };
      const fullMs = backoffMs(failures, limits);
      const pauseMs = backoffMs(failures, limits, seededRandom(seed));
      assert.ok(pauseMs >= fullMs / 2 && pauseMs <= fullMs);
    }),
  );
});
