/** Copies are bounded in bytes, stay while they are used, and go with their process. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { KontorError } from '#core/errors.ts';
import { processHolder } from '#testkit/holder.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { LocalCopies } from './local-copies.ts';

function world(t: TestContext) {
  const folder = temporaryFolder(t);
  const holder = processHolder('self');
  const copies = new LocalCopies({ folder, maxBytes: 100, holder });
  const reads: string[] = [];
  const copyOf = (path: string, bytes = 40) =>
    copies.copyOf(path, async () => {
      reads.push(path);
      return Buffer.alloc(bytes, path);
    });
  return { folder, holder, copies, reads, copyOf };
}

it('a file is read once, also by callers that ask at the same time', async (t) => {
  const { reads, copyOf } = world(t);
  const [one, other] = await Promise.all([copyOf('a/one.x'), copyOf('a/one.x')]);
  assert.equal(one?.file, other?.file);
  assert.deepEqual(readFileSync(one?.file ?? ''), Buffer.alloc(40, 'a/one.x'));
  await copyOf('a/one.x');
  assert.deepEqual(reads, ['a/one.x']);
});

it('the ones that were not used for longest go first, those in use stay', async (t) => {
  const { reads, copyOf } = world(t);
  const used = await copyOf('used.x');
  (await copyOf('old.x'))?.release();
  (await copyOf('new.x'))?.release();
  assert.ok(existsSync(used?.file ?? ''));
  (await copyOf('new.x'))?.release();
  (await copyOf('old.x'))?.release();
  assert.deepEqual(reads, ['used.x', 'old.x', 'new.x', 'old.x']);
  used?.release();
});

it('a copy never has the place of an earlier one, which a slow disk may still be removing', async (t) => {
  const { copyOf } = world(t);
  const earlier = await copyOf('one.x', 60);
  earlier?.release();
  (await copyOf('two.x', 60))?.release();
  const later = await copyOf('one.x', 60);
  assert.notEqual(later?.file, earlier?.file);
  assert.deepEqual([existsSync(earlier?.file ?? ''), existsSync(later?.file ?? '')], [false, true]);
});

it('when those in use leave no room, the next is refused until one is released', async (t) => {
  const { copyOf } = world(t);
  const held = [await copyOf('one.x'), await copyOf('two.x')];
  await assert.rejects(copyOf('three.x'), (error) => error instanceof KontorError && error.code === 'overloaded');
  held[0]?.release();
  assert.ok(await copyOf('three.x'));
});

it('many at once, each larger than what is left: all are served in turn', async (t) => {
  const { copyOf } = world(t);
  for (let round = 0; round < 20; round += 1) {
    for (const path of ['one.x', 'two.x', 'three.x']) {
      const copy = await copyOf(path, 60);
      assert.equal(readFileSync(copy?.file ?? '').length, 60);
      copy?.release();
    }
  }
});

it('copies of processes that are gone are removed, and its own at the end', async (t) => {
  const { folder, copies, copyOf } = world(t);
  const [dead, alive] = [processHolder('dead'), processHolder('alive')];
  for (const { id } of [dead, alive]) mkdirSync(join(folder, `${encodeURIComponent(id)}~1`));
  dead.bury();
  await copyOf('one.x');
  assert.equal(readdirSync(folder).length, 2);
  await copies.close();
  assert.deepEqual(readdirSync(folder), [`${encodeURIComponent(alive.id)}~1`]);
});

it('what is not there is undefined, and a failed read is tried again', async (t) => {
  const { copies, copyOf } = world(t);
  assert.equal(await copies.copyOf('one.x', async () => undefined), undefined);
  await assert.rejects(
    copies.copyOf('one.x', () => Promise.reject(new Error('gone'))),
    /gone/,
  );
  assert.ok(await copyOf('one.x'));
});
