/** How a pull goes on, by what is seen of it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Verdict } from '#core/laws/verdicts.ts';
import type { PullTimes } from '#core/plugs.ts';
import type { Presence } from '#core/presence.ts';
import { advance, type Pull, type Sight, verdictOf } from './pull.ts';
import { pullsCsv } from './pulls-csv.ts';

const id = '0'.repeat(32);
const asked: Pull = {
  id,
  kind: 'kill-process',
  target: 'aggregator-1',
  state: 'running',
  askedAt: 1_000,
  pulledAt: null,
  noticedAt: null,
  takenOverAt: null,
  readyAt: null,
  recoveredAt: null,
  auditedAt: null,
  held: { leases: [{ name: 'work', holder: 'a', beat: 7 }], partitions: ['aggregator trades MSFT'] },
  laws: null,
  why: null,
};
const before: PullTimes = { id, pulledAt: 1_200, noticedAt: undefined, readyAt: undefined, failed: undefined };
const back: PullTimes = { id, pulledAt: 1_200, noticedAt: 1_400, readyAt: 3_000, failed: undefined };

function active(at: number, ...partitions: string[]): Presence {
  const about = { name: 'p', pid: 1, host: 'h', version: '1', startedAt: 0, memoryBytes: 0, cores: 0, roles: [], pulses: [], away: [] };
  return { ...about, holder: 'b', beat: 1, at, partitions };
}

function verdict(lawId: string, holds: boolean | null, checkedAt: number): Verdict {
  return { lawId, says: lawId, checked: '3 rows', holds, violations: holds === true ? [] : ['one', 'two'], checkedAt, tookMs: 5 };
}

function sight(changes: Partial<Sight>): Sight {
  return { now: 2_000, times: before, leases: asked.held.leases, presences: [], verdicts: [], laws: 2, ...changes };
}

const takenOver: Partial<Sight> = {
  leases: [{ name: 'work', holder: 'b', beat: 8 }],
  presences: [active(1_900, 'aggregator trades MSFT')],
};

describe('a pull', () => {
  it('stays as it is while nothing happens', () => {
    const pulled = advance(asked, sight({}));
    assert.deepEqual(pulled, { ...asked, pulledAt: 1_200 });
    assert.equal(advance(pulled, sight({ now: 2_500 })), pulled);
  });

  it('is taken over when others hold every lease and every partition', () => {
    const at = (changes: Partial<Sight>) => advance(asked, sight({ ...takenOver, ...changes })).takenOverAt;
    assert.equal(at({}), 2_000);
    assert.equal(at({ presences: [active(1_100, 'aggregator trades MSFT')] }), null, 'that was told before the pull');
    assert.equal(at({ presences: [] }), null, 'nobody has the partition');
    assert.equal(at({ leases: [] }), null, 'nobody has the lease');
    assert.equal(at({ leases: [{ name: 'work', holder: 'a', beat: 8 }] }), null, 'renewed at the moment of the pull');
    assert.equal(at({ leases: [{ name: 'work', holder: 'a', beat: 9 }] }), 2_000, 'it goes on itself');
  });

  it('has recovered when all is ready and all is taken over, and not before', () => {
    assert.equal(advance(asked, sight({ times: back, now: 4_000 })).recoveredAt, null);
    const recovered = advance(asked, sight({ ...takenOver, times: back, now: 4_000 }));
    assert.equal(recovered.recoveredAt, 4_000, 'the lease changed hands last');
    const nothingHeld = { ...asked, held: { leases: [], partitions: [] } };
    const quick = advance(nothingHeld, sight({ times: back, now: 4_000 }));
    assert.deepEqual([quick.takenOverAt, quick.recoveredAt], [null, 3_000]);
    assert.equal(advance(asked, sight({ times: back, now: 34_000 })).recoveredAt, 3_000, 'nobody wants that lease any more');
  });

  it('ends with an audit of all laws that began after the recovery', () => {
    const recovered = advance(asked, sight({ ...takenOver, times: back, now: 4_000 }));
    const audited = (...verdicts: Verdict[]) => advance(recovered, sight({ times: back, now: 6_000, verdicts }));
    assert.equal(audited(verdict('a', true, 3_999), verdict('b', true, 4_500)), recovered, 'one was checked before');
    assert.equal(audited(verdict('a', true, 4_500)), recovered, 'one is missing');
    assert.equal(audited(verdict('a', true, 4_500), verdict('b', true, 44_500)), recovered, 'the clock of the auditor was wrong');
    assert.equal(audited(verdict('a', true, 4_500), verdict('b', null, 4_500)), recovered, 'one is checked again');
    const done = audited(verdict('a', true, 4_500), verdict('b', true, 4_500));
    assert.deepEqual([done.state, done.auditedAt], ['done', 6_000]);
    assert.deepEqual(verdictOf(done), { holds: true, violations: 0, laws: 2, says: '0 lost, 0 doubled' });
    const broken = audited(verdict('a', true, 4_500), verdict('b', false, 4_500));
    assert.deepEqual(verdictOf(broken), { holds: false, violations: 2, laws: 2, says: '2 violations of b' });
    const unclear = advance(
      recovered,
      sight({ times: back, now: 65_000, verdicts: [verdict('a', true, 4_500), verdict('b', null, 4_500)] }),
    );
    assert.equal(verdictOf(unclear)?.holds, null);
  });

  it('fails when it could not be pulled, and when it does not come back', () => {
    const failed = advance(asked, sight({ times: { ...before, failed: 'it is gone' } }));
    assert.deepEqual([failed.state, failed.why, failed.pulledAt], ['failed', 'it is gone', 1_200]);
    assert.equal(advance(asked, sight({ now: 301_001 })).why, 'it did not recover in time');
    assert.equal(advance(asked, sight({ now: 301_001, times: undefined })).why, 'nobody knows what became of it');
    assert.equal(advance(asked, sight({ times: undefined })), asked, 'another process knows');
  });

  it('is a line of CSV, with milliseconds after the pull', () => {
    const recovered = advance(asked, sight({ ...takenOver, times: back, now: 4_000 }));
    const done = advance(recovered, sight({ times: back, now: 6_000, verdicts: [verdict('a', true, 4_500), verdict('b', true, 4_500)] }));
    assert.equal(
      pullsCsv([done]),
      'id,kind,target,state,asked,pulled,noticed_ms,taken_over_ms,recovered_ms,audited_ms,held,laws,violations,verdict,why\r\n' +
        `${id},kill-process,aggregator-1,done,1970-01-01T00:00:01.000Z,1970-01-01T00:00:01.200Z,200,2800,2800,4800,2,2,0,"0 lost, 0 doubled",\r\n`,
    );
  });
});
