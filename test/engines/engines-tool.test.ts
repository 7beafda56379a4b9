/** The tool that starts engines: twice is once, and nothing is stopped that it did not start. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { it, type TestContext } from 'node:test';
import { isAlive, killProcess, type ProcessRecord, runningProcess, stopProcess } from '#cluster/processes.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { downEngines, upEngines } from '../../tools/engines.ts';
import { engineFor } from './require-engine.ts';

const { skip } = await engineFor('nginx');

it('up twice is up once, at the same address; down leaves the data, and up finds the address again', { skip }, async () => {
  const [first, second] = await Promise.all([upEngines(['nginx']), upEngines(['nginx'])]);
  assert.deepEqual(first, second);
  assert.deepEqual(await downEngines(['nginx']), ['nginx']);
  assert.deepEqual(await downEngines(['nginx']), []);
  assert.deepEqual(await upEngines(['nginx']), first);
  assert.equal(await (await fetch(first.nginx?.url ?? '')).text(), 'nginx is up\n');
});

it('an engine that nobody knows is refused by name, with those that there are', async () => {
  await assert.rejects(upEngines(['mysql']), /"mysql".*postgres/);
});

it('a process that took over the id of one of ours is left alone', async (t) => {
  const { child, plan } = stranger(t, 'another start time');
  assert.equal(runningProcess(plan), undefined);
  assert.equal(await stopProcess(plan, { signal: 'SIGTERM', timeoutMs: 1_000 }), false);
  await killProcess(plan);
  assert.equal(child.exitCode, null);
  assert.equal(child.signalCode, null);
});

/** A process of somebody else, and a record of ours that has its id. */
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
