/** The auditor on a real State: rounds, stored verdicts, log entries on change only, and one auditor at a time. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { type ManualClock, manualClock } from '#testkit/clock.ts';
import { processHolder } from '#testkit/holder.ts';
import { recordingLog } from '#testkit/log.ts';
import { silentMetrics } from '#testkit/metrics.ts';
import { temporaryState } from '#testkit/temporary-state.ts';
import { until } from '#testkit/until.ts';
import { leaseMigrations } from '../lease.ts';
import type { Ports } from '../ports/ports.ts';
import type { State } from '../ports/state.ts';
import { auditorRole } from './auditor.ts';
import type { Law } from './law.ts';
import { latestVerdicts, storeVerdicts, type Verdict, verdictMigrations } from './verdicts.ts';

const openBooks = (t: TestContext) => temporaryState(t, [...leaseMigrations, ...verdictMigrations]);

/** A law whose violations the test sets and that counts its checks. */
function changeableLaw() {
  const now = { violations: [] as string[], checks: 0, scope: '' };
  const law: Law = {
    id: 'test-1',
    says: 'the test passes',
    enforcedBy: 'the test',
    async check(_books, scope) {
      now.checks += 1;
      now.scope = scope;
      return { checked: `round ${now.checks}`, violations: [...now.violations] };
    },
  };
  return { law, now };
}

async function startAuditor(t: TestContext, state: State, law: Law) {
  const clock = manualClock();
  const log = recordingLog();
  const gauges = new Map<string, number>();
  const metrics: Ports['metrics'] = {
    ...silentMetrics(),
    gauge: (name) => ({ set: (value, labels) => gauges.set(`${name} ${labels?.law}`, value) }),
  };
  const ports = { state, clock, log, metrics, holder: processHolder('auditor') } as unknown as Ports;
  const service = await auditorRole({ laws: [law], intervalMs: 1_000 }).start({ ports, fail: assert.fail });
  t.after(() => service.stop());
  return { clock, log, gauges, service };
}

/** Moves time only once the auditor and its lease (renewal and watch) sleep: otherwise the round would be missed. */
async function toNextRound(clock: ManualClock): Promise<void> {
  await until(() => clock.sleeping() === 3, { describe: 'the auditor to rest' });
  await clock.advance(1_000);
}

/** The verdicts stored in round `number`. */
function round(state: State, number: number): Promise<readonly Verdict[]> {
  return until(
    async () => {
      const verdicts = await latestVerdicts(state);
      return verdicts[0]?.checked === `round ${number}` && verdicts;
    },
    { describe: `the verdict of round ${number}` },
  );
}

describe('the auditor', () => {
  it('checks at once and then in every interval, and stores the verdicts', async (t) => {
    const state = await openBooks(t);
    const { law, now } = changeableLaw();
    const { clock, gauges, service } = await startAuditor(t, state, law);
    const [first] = await round(state, 1);
    assert.deepEqual(
      { holds: first?.holds, says: first?.says, checkedAt: first?.checkedAt },
      { holds: true, says: 'the test passes', checkedAt: clock.now() },
    );
    assert.equal(now.scope, 'recent');
    await until(() => service.status().says === 'active; all 1 laws hold', { describe: 'the status to change' });

    now.violations = ['row 7 is wrong'];
    await toNextRound(clock);
    const [second] = await round(state, 2);
    assert.deepEqual(second?.violations, ['row 7 is wrong']);
    assert.equal(second?.holds, false);
    assert.equal(gauges.get('kontor_law_holds test-1'), 0);
    assert.equal(gauges.get('kontor_law_violations test-1'), 1);
    assert.deepEqual(service.status(), { ready: true, says: 'active; broken: test-1' });
  });

  it('logs when a law breaks, when its violations change, and when it holds again, but not in every round', async (t) => {
    const state = await openBooks(t);
    const { law, now } = changeableLaw();
    const { clock, log } = await startAuditor(t, state, law);
    await round(state, 1);
    for (const [index, violations] of [['a'], ['a'], ['a'], ['a', 'b'], [], []].entries()) {
      now.violations = violations;
      await toNextRound(clock);
      await round(state, index + 2);
    }
    const logged = log.entries.filter(({ fields }) => fields.law === 'test-1').map(({ level, message }) => `${level}: ${message}`);
    assert.deepEqual(logged, ['error: a law is broken', 'error: a law is broken', 'info: the law holds again']);
  });

  it('stands by while another one is active', async (t) => {
    const state = await openBooks(t);
    const { law, now } = changeableLaw();
    await startAuditor(t, state, law);
    await round(state, 1);
    const other = changeableLaw();
    const second = await startAuditor(t, state, other.law);
    assert.deepEqual(second.service.status(), { ready: true, says: 'standing by' });
    await second.clock.advance(3_000);
    assert.equal(other.now.checks, 0);
    assert.equal(now.checks, 1);
  });

  it('reports that the verdicts cannot be stored, and continues', async (t) => {
    const state = await openBooks(t);
    const { law, now } = changeableLaw();
    await state.write(async (queries) => void (await queries.schema.dropTable('law_verdict').execute()));
    const { clock, service } = await startAuditor(t, state, law);
    await until(() => !service.status().ready, { describe: 'the status to change' });
    assert.match(service.status().says, /cannot be stored/);
    await toNextRound(clock);
    await until(() => now.checks === 2, { describe: 'the next round' });
  });
});

describe('stored verdicts', () => {
  it('are replaced as a whole, and are read back unchanged', async (t) => {
    const state = await openBooks(t);
    const verdict: Verdict = {
      lawId: 'b-1',
      says: 'so',
      checked: '2 rows',
      holds: false,
      violations: ['"a", b'],
      checkedAt: 1_772_438_400_000,
      tookMs: 12,
    };
    await storeVerdicts(state, [verdict, { ...verdict, lawId: 'a-1', holds: true, violations: [] }]);
    assert.deepEqual(
      (await latestVerdicts(state)).map(({ lawId }) => lawId),
      ['a-1', 'b-1'],
    );
    await storeVerdicts(state, [verdict]);
    assert.deepEqual(await latestVerdicts(state), [verdict]);
    await storeVerdicts(state, []);
    assert.deepEqual(await latestVerdicts(state), []);
  });
});
