/** Ids: long, and never the same, also beyond what is fetched at a time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { realRandom } from './real-random.ts';

test('no two of many ids are alike, in any of their halves', () => {
  const ids = Array.from({ length: 2_000 }, () => realRandom.id());
  for (const id of ids) assert.match(id, /^[0-9a-f]{32}$/);
  assert.equal(new Set(ids.flatMap((id) => [id.slice(0, 16), id.slice(16)])).size, 2 * ids.length);
});
