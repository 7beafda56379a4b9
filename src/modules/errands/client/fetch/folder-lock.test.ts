/** One client at a time saves into a folder, also when two come at the same moment after one was killed. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { type Cleanup, temporaryFolder } from '#testkit/temporary-folder.ts';
import { until } from '#testkit/until.ts';
import { lockFolder } from './folder-lock.ts';

/** Locks one folder after the other, each at its moment, says which it got, and keeps them. */
const program = `
  import { lockFolder } from ${JSON.stringify(import.meta.resolve('./folder-lock.ts'))};
  const [, startAt, ...folders] = process.argv;
  const [got, kept] = [[], []];
  for (const [index, folder] of folders.entries()) {
    while (Date.now() < Number(startAt) + 5 * index);
    try {
      kept.push(lockFolder(folder));
      got.push(folder);
    } catch (error) {
      if (error.code !== 'storage_busy') throw error;
    }
  }
  console.log(JSON.stringify(got));
  setInterval(() => {}, 60_000);`;

function startClient(t: Cleanup, startAt: number, folders: readonly string[]) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program, String(startAt), ...folders], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => void child.kill('SIGKILL'));
  let said = '';
  child.stdout.on('data', (piece) => {
    said += piece;
  });
  const got = async (): Promise<readonly string[]> => JSON.parse(await until(() => said.endsWith('\n') && said, { describe: 'its locks' }));
  const kill = async () => {
    const ended = once(child, 'close');
    child.kill('SIGKILL');
    await ended;
  };
  return { got, kill };
}

describe('the lock of a folder', () => {
  it('is refused while another has it, and free afterwards', (t) => {
    const folder = temporaryFolder(t);
    const unlock = lockFolder(folder);
    assert.throws(() => lockFolder(folder), { code: 'storage_busy', message: /another kontor errands fetch saves into/ });
    unlock();
    lockFolder(folder)();
  });

  it('of one who was killed goes to one of two who come at the same moment', async (t) => {
    const outer = temporaryFolder(t);
    const folders = Array.from({ length: 100 }, (_, index) => join(outer, String(index)));
    for (const folder of folders) mkdirSync(folder);
    const first = startClient(t, 0, folders);
    assert.deepEqual(await first.got(), folders);
    await first.kill();
    const startAt = Date.now() + 1_500;
    const two = [startClient(t, startAt, folders), startClient(t, startAt, folders)];
    const got = (await Promise.all(two.map((client) => client.got()))).flat();
    assert.deepEqual(got.toSorted(), folders.toSorted());
  });
});
