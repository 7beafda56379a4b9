/** The faults of a drill: the same seed gives the same, and all kinds and targets come. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { seededRandom } from '#core/seeded-random.ts';
import { type FaultKind, faultText, nextFault } from './faults.ts';

const targets = new Map<FaultKind, readonly string[]>([
  ['kill', ['relay', 'postgres']],
  ['slow', ['clients']],
  ['clock', ['all']],
]);
const first = (seed: number, count: number) => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => nextFault(random, targets));
};

it('a seed gives the same faults again, and another seed others', () => {
  assert.deepEqual(first(7, 50), first(7, 50));
  assert.notDeepEqual(first(7, 50), first(8, 50));
});

it('all kinds and targets come, and each says what it is', () => {
  const faults = first(1, 200);
  assert.deepEqual([...new Set(faults.map(({ target }) => target))].sort(), ['all', 'clients', 'postgres', 'relay']);
  const texts = faults.map(faultText);
  for (const like of [
    /^kill relay$/,
    /^clients slow by \d+ ms for \d\.\d s$/,
    /^clock of all [\d.]+ s ahead for/,
    /^clock of all [\d.]+ s behind for/,
  ])
    assert.ok(
      texts.some((text) => like.test(text)),
      String(like),
    );
});
