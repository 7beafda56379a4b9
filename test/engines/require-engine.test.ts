/** A test that needs an engine is skipped when it is missing, and fails when KONTOR_TEST_REQUIRE names it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { temporaryFolder } from '#testkit/temporary-folder.ts';

const root = new URL('../..', import.meta.url).pathname;
const endsWithinMs = 60_000;

/** Runs a test that needs PostgreSQL in a checkout where no engine starts, because a file is in place of their folder. */
function runWithoutEngines(t: TestContext, required: string) {
  const folder = temporaryFolder(t);
  const testFile = join(folder, 'test/engines/needs-postgres.test.ts');
  mkdirSync(dirname(testFile), { recursive: true });
  for (const path of [
    'package.json',
    'src/cluster',
    'src/core',
    'tools/engines.ts',
    'tools/engines',
    'tools/end-slow-test.ts',
    'test/engines/require-engine.ts',
    'test/engines/engine-use.ts',
  ]) {
    cpSync(join(root, path), join(folder, path), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, '.engines'), '');
  writeFileSync(
    testFile,
    `import { it } from 'node:test';
     import { engineFor } from './require-engine.ts';
     const { skip } = await engineFor('postgres');
     it('runs on PostgreSQL', { skip }, () => {});`,
  );
  // A test runner that detects another one around it runs nothing.
  const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
  const run = spawnSync(process.execPath, ['--test', '--test-reporter=spec', testFile], {
    encoding: 'utf8',
    timeout: endsWithinMs,
    env: { ...environment, KONTOR_TEST_REQUIRE: required },
  });
  assert.equal(run.error, undefined);
  return { succeeded: run.status === 0, says: run.stdout + run.stderr };
}

describe('a test that needs an engine', () => {
  it('is skipped with the reason when the engine is not required', (t) => {
    const { succeeded, says } = runWithoutEngines(t, 'rabbitmq');
    assert.ok(succeeded, says);
    assert.match(says, /runs on PostgreSQL .*# no postgres here: EEXIST/);
  });

  it('fails with the reason when the engine is required', (t) => {
    const { succeeded, says } = runWithoutEngines(t, 'rabbitmq, postgres');
    assert.ok(!succeeded, says);
    assert.match(says, /KONTOR_TEST_REQUIRE names postgres, which does not start: EEXIST/);
  });

  it('fails when an unknown engine is required', (t) => {
    const { succeeded, says } = runWithoutEngines(t, 'postgres,rabitmq');
    assert.ok(!succeeded, says);
    assert.match(says, /KONTOR_TEST_REQUIRE names "rabitmq"; there are .*rabbitmq/);
  });
});
