/** Processes that outlive this one: signals go to exactly the recorded process, and waiting for one ends when it is asked to. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { Worker } from 'node:worker_threads';
import { turn } from '#testkit/clock.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { isAlive, killProcess, readyWhen, runningProcess, signalTo, startProcess, startTicksOf, statFields } from './processes.ts';

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

it('a process that keeps starting children is killed with all of them', async (t) => {
  const keepsStarting = 'i=0; while [ $i -lt 200 ]; do sleep 20 & i=$((i+1)); done; wait';
  for (let kills = 0; kills < 5; kills += 1) {
    const plan = { name: 'parent', folder: temporaryFolder(t), command: 'sh', args: ['-c', keepsStarting] };
    const { pid } = await startProcess(plan);
    await killProcess(plan);
    const left = readdirSync('/proc').filter((id) => statFields(Number(id))?.[2] === String(pid) && startTicksOf(Number(id)) !== undefined);
    assert.deepEqual(left, []);
  }
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

it('a record is read as a whole, or not at all, while another process writes and removes it', async (t) => {
  const plan = { name: 'self', folder: temporaryFolder(t) };
  const other = new Worker(
    `import(${JSON.stringify(import.meta.resolve('./processes.ts'))}).then(({ recordProcess }) => {
      const { rmSync } = require('node:fs');
      for (let count = 0; count < 400; count += 1) {
        recordProcess(${JSON.stringify(plan)}, process.pid);
        if (count % 2 === 0) rmSync(${JSON.stringify(join(plan.folder, 'self.process.json'))});
      }
    })`,
    { eval: true },
  );
  let isOver = false;
  const over = once(other, 'exit').then(() => {
    isOver = true;
  });
  let read = 0;
  while (!isOver) {
    for (let count = 0; count < 100; count += 1) if (runningProcess(plan)?.pid === process.pid) read += 1;
    await turn();
  }
  await over;
  assert.ok(read > 0);
});
