/** The tool that starts engines is idempotent, and stops only what it started. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { it, type TestContext } from 'node:test';
import { createClient } from '@redis/client';
import { isAlive, killProcess, type ProcessRecord, runningProcess, stopProcess } from '#cluster/processes.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { downEngines, upEngines } from '../../tools/engines.ts';
import { engineFor } from './require-engine.ts';

// The one that fewest files use, and that starts at once.
const { skip } = await engineFor('redis', 'alone');

it('up is idempotent; down keeps the data, and up after down has the same address', { skip }, async () => {
  const up = async () => (await upEngines(['redis'])).redis?.url;
  const [first, second] = await Promise.all([up(), up()]);
  assert.equal(first, second);
  assert.deepEqual(await downEngines(['redis']), ['redis']);
  assert.deepEqual(await downEngines(['redis']), []);
  assert.equal(await up(), first);
  const client = await createClient({ url: first ?? '' }).connect();
  assert.equal(await client.ping(), 'PONG');
  await client.close();
});

it('an unknown engine is refused with the list of engines', async () => {
  await assert.rejects(upEngines(['mysql']), /"mysql".*postgres/);
});

it('a process that reuses a recorded id is not stopped', async (t) => {
  const { child, plan } = stranger(t, 'another start time');
  assert.equal(runningProcess(plan), undefined);
  assert.equal(await stopProcess(plan, { signal: 'SIGTERM', timeoutMs: 1_000 }), false);
  await killProcess(plan);
  assert.equal(child.exitCode, null);
  assert.equal(child.signalCode, null);
});

/** A foreign process, and a record that has its id. */
function stranger(t: TestContext, startTicks: string): { child: ChildProcess; plan: { name: string; folder: string } } {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
  t.after(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  const plan = { name: 'ours', folder: temporaryFolder(t) };
  const record: ProcessRecord = { pid: child.pid ?? 0, startTicks, command: 'ours' };
  assert.equal(isAlive(record), false);
  writeFileSync(path.join(plan.folder, 'ours.process.json'), JSON.stringify(record));
  return { child, plan };
}
