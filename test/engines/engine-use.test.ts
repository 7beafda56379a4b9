/** Files of tests share engines, or have them alone, by locks that end with their processes. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { lockFile, lockFileInTurn } from '../../tools/engines/file-lock.ts';
import { assertNextInOrder, takeEngine } from './engine-use.ts';

const waitMs = 60_000;

/** Another process that uses it together with others, until it is killed. */
async function otherUser(t: TestContext, file: string) {
  const code = `import { lockFile } from ${JSON.stringify(import.meta.resolve('../../tools/engines/file-lock.ts'))};
    globalThis.lock = lockFile(${JSON.stringify(file)}, { alone: false, waitMs: ${waitMs} });
    console.log('taken');
    setInterval(() => {}, 1_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
}

describe('the use of engines', () => {
  it('is for many together, or for one alone, and ends when a process is killed', async (t) => {
    const file = path.join(temporaryFolder(t), 'engine.db');
    const [killOne, killOther] = [await otherUser(t, file), await otherUser(t, file)];
    lockFile(file, { alone: false, waitMs: 0 }).release();
    assert.throws(() => lockFile(file, { alone: true, waitMs: 0 }), /locked/);
    await killOne();
    assert.throws(() => lockFile(file, { alone: true, waitMs: 0 }), /locked/);
    await killOther();
    const alone = lockFile(file, { alone: true, waitMs });
    assert.throws(() => lockFile(file, { alone: false, waitMs: 0 }), /locked/);
    alone.release();
    lockFile(file, { alone: false, waitMs: 0 }).release();
  });

  it('is waited for while the process goes on, but not for ever', async (t) => {
    const file = path.join(temporaryFolder(t), 'engine.db');
    const first = await lockFileInTurn(file, waitMs);
    assert.equal(await lockFileInTurn(file, 1), undefined);
    const second = lockFileInTurn(file, waitMs);
    first?.release();
    (await second)?.release();
    lockFile(file, { alone: true, waitMs: 0 }).release();
  });

  it('is asked for in the order of the names', () => {
    takeEngine('test-b', 'together');
    assertNextInOrder('test-b');
    assertNextInOrder('test-c');
    assert.throws(() => assertNextInOrder('test-a'), /Ask for the engine test-a before test-b/);
  });
});
