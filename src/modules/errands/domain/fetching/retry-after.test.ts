/** Retry-After in its two forms. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { retryAfterMs } from './retry-after.ts';

it('reads seconds and dates, and nothing else', () => {
  const now = Date.UTC(1994, 10, 6, 8, 49, 0);
  assert.equal(retryAfterMs('120', now), 120_000);
  assert.equal(retryAfterMs(' 0 ', now), 0);
  assert.equal(retryAfterMs('9999999999', now), 86_400_000);
  assert.equal(retryAfterMs('Sun, 06 Nov 1994 08:49:37 GMT', now), 37_000);
  assert.equal(retryAfterMs('Sun, 06 Nov 1994 08:48:37 GMT', now), 0);
  assert.equal(retryAfterMs(undefined, now), undefined);
  for (const text of ['', '-5', '1.5', 'soon', 'Sun, 32 Nov 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT'])
    assert.equal(retryAfterMs(text, now), undefined, text);
});
