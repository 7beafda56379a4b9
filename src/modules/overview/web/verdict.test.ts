/** What the pages say of the books: never anything good of a house that does not answer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Overview } from '#modules/overview/api/schemas.ts';
import { toneOf, verdictOf } from './verdict.ts';

const overview = { books: { verdict: 'holds' } } as Overview;

test('the verdict is that of the last audit while the house answers', () => {
  assert.equal(verdictOf({ overview, lost: false, without: false }), 'holds');
  assert.equal(toneOf('holds'), 'good');
});

test('of a house that does not answer, and before its first answer, nothing is known', () => {
  for (const news of [
    { overview, lost: true, without: false },
    { overview: undefined, lost: true, without: false },
    { overview: undefined, lost: false, without: false },
    { overview: undefined, lost: false, without: true },
  ])
    assert.equal(toneOf(verdictOf(news)), 'grey');
});

test('only broken laws are bad, and only laws that hold are good', () => {
  assert.deepEqual((['broken', 'unchecked', 'late', 'none'] as const).map(toneOf), ['bad', 'warning', 'warning', 'grey']);
});
