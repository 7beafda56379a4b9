/** Whose answers are audited, and what a lie costs. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type AuditVerdict, afterAudit, afterDisagreement, auditShare, newcomer, type Reputation, validToTrust } from './reputation.ts';

const after = (verdicts: readonly AuditVerdict[], from: Reputation = newcomer) => verdicts.reduce(afterAudit, from);
const valid = (count: number): readonly AuditVerdict[] => Array<AuditVerdict>(count).fill('valid');

it('all answers of a new miner are audited until ten in a row are valid, then one in n, and never less than a twentieth', () => {
  assert.equal(auditShare(after(valid(validToTrust - 1))), 1);
  assert.equal(auditShare(after(valid(validToTrust))), 0.1);
  assert.equal(auditShare(after(valid(16))), 1 / 16);
  assert.equal(auditShare(after(valid(1_000))), 0.05);
});

it('what is undecided changes nothing', () => {
  assert.deepEqual(after(['undecided', 'undecided'], after(valid(3))), after(valid(3)));
});

it('a lie begins the trial again, and three that are close together shut out, for good', () => {
  const once = after(['lie'], after(valid(50)));
  assert.equal(auditShare(once), 1);
  assert.equal(after(['lie', 'lie'], once).state, 'shut-out');
  assert.equal(after([...valid(12), 'lie', ...valid(12), 'lie', ...valid(12), 'lie']).state, 'new');
  assert.equal(after(valid(100), after(['lie', 'lie'], once)).state, 'shut-out');
});

it('a lie that is certain shuts out at once, and a disagreement only begins the trial again', () => {
  assert.equal(after(['certain-lie'], after(valid(1_000))).state, 'shut-out');
  assert.deepEqual(afterDisagreement(after(valid(20))), newcomer);
});
