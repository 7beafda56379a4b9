/** A short drill of the house in one process: faults of all kinds that are possible here, and its report. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { shortDrill } from './drills.ts';

/** How long faults happen. */
const seconds = Math.min(20, Number(process.env.KONTOR_TEST_SECONDS ?? 5));
const limitMs = 420_000;
/** A page of a thousand faults is to be small enough to be sent around; this one is of a few. */
const maxPageBytes = 100_000;

it('a short drill loses nothing, doubles nothing, and writes its report', async (t) => {
  const { seed, report, page } = await shortDrill(t, { seconds, limitMs });
  const { verdict, checks, laws } = report;
  assert.deepEqual([verdict.lost, verdict.doubled], [0, 0]);
  assert.ok(checks.length >= 10 && laws.length >= 10);
  assert.ok(page.includes(verdict.says) && page.includes(`--seed ${seed}`) && page.includes('<svg'), page.slice(0, 2_000));
  assert.ok(!/<script|src=|href=/.test(page) && page.length < maxPageBytes, 'the page needs nothing else, and is small');
});
