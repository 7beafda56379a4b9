/** Verdicts on laws that hold, are broken, or cannot be checked. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ManualClock, manualClock } from '#testkit/clock.ts';
import { auditLaws } from './audit.ts';
import { type Books, type Finding, type Law, maxViolations } from './law.ts';

function law(id: string, check: Law['check']): Law {
  return { id, says: `${id} says so`, enforcedBy: 'the test', check };
}

const holding = law('good-1', async () => ({ checked: '3 rows', violations: [] }));
const broken = law('bad-1', async () => ({ checked: '3 rows', violations: ['row 2 is wrong'] }));

function audit(laws: readonly Law[], clock: ManualClock = manualClock(), signal?: AbortSignal) {
  const books = { clock } as unknown as Books;
  return auditLaws({ laws, books, scope: 'all', timeoutMs: 1_000, ...(signal ? { signal } : {}) });
}

describe('an audit', () => {
  it('reports for each law, in order, whether it holds and what was checked', async () => {
    const verdicts = await audit([broken, holding]);
    assert.deepEqual(
      verdicts.map(({ lawId, holds, checked }) => [lawId, holds, checked]),
      [
        ['bad-1', false, '3 rows'],
        ['good-1', true, '3 rows'],
      ],
    );
    assert.deepEqual(verdicts[0]?.violations, ['row 2 is wrong']);
    assert.equal(verdicts[1]?.says, 'good-1 says so');
  });

  it('reports a law that throws or rejects as "could not be checked", and continues', async () => {
    const atOnce = law('bad-2', () => {
      throw new Error('no such table');
    });
    const later = law('bad-3', async () => Promise.reject(new Error('the store is gone')));
    const verdicts = await audit([atOnce, later, holding]);
    assert.deepEqual(
      verdicts.map(({ holds, violations }) => [holds, ...violations]),
      [[null, 'could not be checked: no such table'], [null, 'could not be checked: the store is gone'], [true]],
    );
  });

  it('gives up on a law that takes too long', async () => {
    const clock = manualClock();
    const hanging = law('slow-1', () => new Promise<Finding>(() => {}));
    const verdicts = audit([hanging, holding], clock);
    await clock.advance(1_000);
    assert.deepEqual(
      (await verdicts).map(({ holds, violations }) => [holds, ...violations]),
      [[null, 'could not be checked: it took longer than 1000 ms'], [true]],
    );
  });

  it('leaves no timer behind', async () => {
    const clock = manualClock();
    await audit([holding], clock);
    assert.equal(clock.sleeping(), 0);
  });

  it('reports a bounded number of violations', async () => {
    const many = law('bad-4', async () => ({ checked: 'all', violations: Array.from({ length: 500 }, (_, row) => `row ${row}`) }));
    const [verdict] = await audit([many]);
    assert.equal(verdict?.violations.length, maxViolations);
    assert.equal(verdict?.holds, false);
  });

  it('starts no further law once it is aborted', async () => {
    const aborted = new AbortController();
    const first = law('first', async () => {
      aborted.abort();
      return { checked: '1 row', violations: [] };
    });
    const verdicts = await audit([first, holding], manualClock(), aborted.signal);
    assert.deepEqual(
      verdicts.map(({ lawId }) => lawId),
      ['first'],
    );
  });

  it('passes the scope on', async () => {
    const scopes: string[] = [];
    const curious = law('curious', async (_books, scope) => {
      scopes.push(scope);
      return { checked: '', violations: [] };
    });
    await auditLaws({ laws: [curious], books: { clock: manualClock() } as unknown as Books, scope: 'recent', timeoutMs: 1_000 });
    assert.deepEqual(scopes, ['recent']);
  });
});
