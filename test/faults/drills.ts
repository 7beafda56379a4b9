/** Short drills as people run them, with their reports. */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { runToItsEnd } from './books.ts';

interface DrillTimes {
  /** How long faults happen. */
  readonly seconds: number;
  readonly limitMs: number;
}

/** Asserts that the books balance after at least one fault; resolves the seed, the report as data, and as a page. */
export async function shortDrill(t: TestContext, { seconds, limitMs }: DrillTimes, flags: readonly string[] = []) {
  const folder = temporaryFolder(t);
  const seed = String(process.env.KONTOR_TEST_SEED ?? randomInt(1_000_000));
  t.diagnostic(`KONTOR_TEST_SEED=${seed}`);
  const [data, page] = [join(folder, 'report.json'), join(folder, 'report.html')];
  const all = ['--minutes', (seconds / 60).toFixed(4), '--seed', seed, ...flags, '--report', `${data},${page}`];
  const { code, output } = await runToItsEnd(['drill', ...all], {}, limitMs);
  assert.equal(code, 0, output);
  const report = JSON.parse(readFileSync(data, 'utf8'));
  const { verdict, faults } = report;
  t.diagnostic(verdict.says);
  assert.ok(verdict.holds && faults.length > 0 && verdict.acknowledged > 0, verdict.says);
  return { seed, report, page: readFileSync(page, 'utf8') };
}
