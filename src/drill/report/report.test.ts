/** The report of a drill: its figures, its verdict, and a page that stays small with a thousand faults. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkOf } from '../check/check.ts';
import type { Fault } from '../faults.ts';
import { Journal, type Part, parts } from '../journal.ts';
import { type FaultRecord, recordOf } from '../recovery.ts';
import { reportPage } from './page.ts';
import { type DrillRun, reportOf } from './report.ts';

const about = {
  seed: 42,
  minutes: 1,
  command: 'kontor drill --minutes 1 --seed 42 --on embedded',
  on: 'embedded',
  engines: [],
  startedAt: '2026-11-27T12:00:00.000Z',
} as const;
const kill: Fault = { kind: 'kill', target: 'house', holdMs: 0, byMs: 0 };

function killAt(ms: number, but: readonly Part[] = []): FaultRecord {
  const workedAtMs = new Map(parts.filter((part) => !but.includes(part)).map((part) => [part, ms + 500]));
  return recordOf(kill, { startedMs: 0, atMs: ms, overAtMs: ms, workedAtMs });
}

function run(changed: Partial<DrillRun> = {}): DrillRun {
  const journal = new Journal();
  journal.note({ part: 'shop', kind: 'order', key: 'a', outcome: 'acknowledged', id: '1', moves: [] });
  journal.note({ part: 'shop', kind: 'order', key: 'b', outcome: 'unknown', id: undefined, moves: [] });
  journal.tried({ part: 'shop', begunMs: 500, tookMs: 20, failure: undefined });
  journal.tried({ part: 'shop', begunMs: 1_100, tookMs: 5, failure: 'ECONNRESET' });
  journal.tried({ part: 'shop', begunMs: 1_450, tookMs: 40, failure: undefined });
  const evidence = { checks: [], laws: [] };
  return Object.assign({ about, startedMs: 0, endedMs: 60_000, journal, faults: [killAt(1_000)], evidence, defects: [] }, changed);
}

const broken = checkOf({
  id: 'orders',
  says: 'all there',
  checked: 2,
  lost: 1,
  doubled: 0,
  violations: ['1 (a) was acknowledged, and is not there'],
});

describe('the report of a drill', () => {
  it('counts what clients saw, during faults and outside of them', () => {
    const { clients, failures, recovery, verdict } = reportOf(run());
    const shop = clients.find(({ part }) => part === 'shop');
    assert.deepEqual([shop?.outside.requests, shop?.during.requests, shop?.during.failed], [1, 2, 1]);
    assert.deepEqual([shop?.acknowledged, shop?.unknown], [1, 1]);
    assert.deepEqual(failures, [{ why: 'ECONNRESET', count: 1 }]);
    assert.deepEqual([recovery[0]?.count, recovery[0]?.p50Ms, recovery[0]?.worstMs], [1, 500, 500]);
    assert.equal(verdict.holds, true);
  });

  for (const [what, changed, says] of [
    ['a check does not hold', { evidence: { checks: [broken], laws: [] } }, /1 lost/],
    ['a part does not work again', { faults: [killAt(1_000, ['flights'])] }, /not right/],
    ['a client broke', { defects: ['a client broke: no total'] }, /not right/],
  ] as const) {
    it(`does not hold when ${what}, and says why`, () => {
      const { verdict } = reportOf(run(changed));
      assert.equal(verdict.holds, false);
      assert.match(verdict.says, says);
      assert.equal(verdict.why.length, 1);
    });
  }

  it('is a page of its own that is small also with a thousand faults, and lets no text become code', () => {
    const defects = ['<script>alert(1)</script>'];
    const report = reportOf(
      run({ faults: Array.from({ length: 1_200 }, (_, index) => killAt(1_000 + index * 2_500)), endedMs: 3_100_000, defects }),
    );
    const page = reportPage(report);
    assert.ok(page.length < 300_000, `${page.length} bytes`);
    assert.ok(page.includes('&lt;script&gt;') && !page.includes('<script>'));
    assert.ok(JSON.stringify(report).length < 300_000);
  });
});
