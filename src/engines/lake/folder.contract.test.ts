/** The folder engine keeps every promise of the Lake port. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { Worker } from 'node:worker_threads';
import { KontorError } from '#core/errors.ts';
import { manualClock } from '#testkit/clock.ts';
import { lakeContract } from '#testkit/contracts/lake.ts';
import { processHolder } from '#testkit/holder.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { openFolderLake } from './folder.ts';

lakeContract('folder', {
  async open(t) {
    const folder = join(temporaryFolder(t), 'data/lake');
    const clock = manualClock({ flowing: true });
    return {
      lake: openFolderLake({ folder, clock, holder: processHolder('one') }),
      other: openFolderLake({ folder, clock, holder: processHolder('other') }),
      victim: { module: import.meta.resolve('./folder.ts'), name: 'openFolderLake', options: { folder } },
    };
  },
});

it('unfinished files of a killed process are removed, those of running ones and of other machines stay', async (t) => {
  const folder = temporaryFolder(t);
  const clock = manualClock({ flowing: true });
  const [dead, alive, self] = [processHolder('dead'), processHolder('alive'), processHolder('self')];
  const names = { dead: `${dead.id}~1`, alive: `${alive.id}~1`, elsewhere: 'elsewhere:7:a~1', old: 'elsewhere:7:b~1', strange: '%~1' };
  mkdirSync(join(folder, '.unfinished'));
  for (const name of Object.values(names)) writeFileSync(join(folder, '.unfinished', encodeURIComponent(name)), 'half');
  const twoDaysAgo = new Date(clock.now() - 48 * 3_600_000);
  utimesSync(join(folder, '.unfinished', encodeURIComponent(names.old)), twoDaysAgo, twoDaysAgo);
  dead.bury();

  const lake = openFolderLake({ folder, clock, holder: self });
  await lake.create('a/one.x', Buffer.from('x'));
  const left = readdirSync(join(folder, '.unfinished')).map(decodeURIComponent).sort();
  assert.deepEqual(left, [names.alive, names.elsewhere, names.strange].sort());
  assert.deepEqual(await lake.list('', { limit: 10 }), [{ path: 'a/one.x', bytes: 1 }]);
});

it('foreign files and links are not listed', async (t) => {
  const folder = temporaryFolder(t);
  const lake = openFolderLake({ folder, clock: manualClock(), holder: processHolder('self') });
  await lake.create('a/one.x', Buffer.from('x'));
  writeFileSync(join(folder, 'no-ending'), '');
  writeFileSync(join(folder, 'a/.one.x.crc'), '');
  symlinkSync('/', join(folder, 'root'));
  assert.deepEqual(await lake.list('', { limit: 10 }), [{ path: 'a/one.x', bytes: 1 }]);
});

it('empty folders are removed with their last file, the lake itself stays', async (t) => {
  const folder = temporaryFolder(t);
  const lake = openFolderLake({ folder, clock: manualClock(), holder: processHolder('self') });
  await lake.create('a/dt=2026-01-02/one.x', Buffer.from('x'));
  await lake.create('a/two.x', Buffer.from('x'));
  await lake.remove('a/dt=2026-01-02/one.x');
  assert.deepEqual(readdirSync(join(folder, 'a')), ['two.x']);
  await lake.remove('a/two.x');
  assert.deepEqual(readdirSync(folder), ['.unfinished']);
});

it('files are created in a folder that another makes and removes all the time', async (t) => {
  const folder = temporaryFolder(t);
  const lake = openFolderLake({ folder, clock: manualClock(), holder: processHolder('self') });
  const other = new Worker(
    `const { mkdirSync, rmdirSync } = require('node:fs');
    for (;;) for (const change of [mkdirSync, rmdirSync]) try { change(${JSON.stringify(join(folder, 'busy'))}); } catch {}`,
    { eval: true },
  );
  t.after(() => other.terminate());
  await once(other, 'online');
  for (let step = 0; step < 50; step += 1) {
    const path = `busy/hr=05/${step}.x`;
    assert.equal(await lake.create(path, Buffer.from('x')), 'created');
    await lake.remove(path);
  }
});

it('a folder that cannot be used is an operating failure that names it', async (t) => {
  const folder = join(temporaryFolder(t), 'lake');
  writeFileSync(folder, 'a file in its place');
  const lake = openFolderLake({ folder, clock: manualClock(), holder: processHolder('self') });
  const named = (error: unknown) => error instanceof KontorError && error.code === 'unavailable' && error.message.includes(folder);
  await assert.rejects(lake.create('a/one.x', Buffer.from('x')), named);
  await assert.rejects(lake.ping(), named);
  rmSync(folder);
  await lake.ping();
});

it('of a lake that does not exist yet, a reader makes nothing', async (t) => {
  const folder = join(temporaryFolder(t), 'lake');
  const lake = openFolderLake({ folder, clock: manualClock(), holder: processHolder('self') });
  assert.deepEqual(await lake.list('', { limit: 10 }), []);
  assert.equal(await lake.read('a/one.x'), undefined);
  assert.equal(existsSync(folder), false);
});
