/** The books at a glance, and their proof. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Verdict } from '#core/laws/verdicts.ts';
import { booksOf } from './books.ts';

function verdict(lawId: string, holds: boolean | null, checkedAt = 1_000_000): Verdict {
  return { lawId, says: '', checked: '', holds, violations: [], checkedAt, tookMs: 10 };
}

describe('the books', () => {
  const seen = (verdicts: readonly Verdict[], now = 1_003_000) => booksOf(verdicts, now, 5_000);

  it('hold when every law does', () => {
    const books = seen([verdict('a', true), verdict('b', true, 1_000_500)]);
    assert.deepEqual([books.verdict, books.holding, books.checkedAt], ['holds', 2, 1_000_000]);
    assert.equal(books.proof, 'All 2 laws of the house hold: nothing lost, nothing doubled, audited at 00:16:40 UTC.');
  });

  it('are broken by one law, also long after', () => {
    const verdicts = [verdict('a', true), verdict('b', false), verdict('c', null)];
    assert.equal(seen(verdicts).verdict, 'broken');
    assert.equal(seen(verdicts, 9_000_000).verdict, 'broken');
  });

  it('are not called whole by an audit that is too old, did not check all, or never was', () => {
    assert.equal(seen([verdict('a', true)], 1_026_000).verdict, 'late');
    assert.equal(seen([verdict('a', true), verdict('b', null)]).verdict, 'unchecked');
    assert.deepEqual([seen([]).verdict, seen([]).checkedAt], ['none', null]);
  });
});
