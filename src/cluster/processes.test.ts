/** Processes that outlive this one: signals go to exactly the recorded process, and waiting for one ends when it is asked to. */
import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { isAlive, killProcess, readyWhen, signalTo, startProcess } from './processes.ts';

async function sleeper(t: TestContext) {
  const plan = { name: 'sleeper', folder: temporaryFolder(t), command: 'sleep', args: ['600'] };
  const record = await startProcess(plan);
  t.after(() => killProcess(plan));
  return { plan, record };
}

it('a signal does not reach another process that has the id of the recorded one', async (t) => {
  const { record } = await sleeper(t);
  signalTo({ pid: record.pid, startTicks: '1', command: 'sleep' }, 'SIGKILL');
  assert.ok(isAlive(record));
});

it('waiting until a process is ready ends when it is aborted', async (t) => {
  const { plan } = await sleeper(t);
  const asked = new AbortController();
  const ended = new Error('ended early');
  const never = async () => {
    asked.abort(ended);
    throw new Error('not ready');
  };
  await assert.rejects(readyWhen(plan, 60_000, never, asked.signal), ended);
});
