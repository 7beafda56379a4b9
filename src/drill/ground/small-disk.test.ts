/** The small disk of a drill is unmounted however the drill ends: at the latest by the next drill. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { it } from 'node:test';
import { openSmallDisk } from './small-disk.ts';

it('goes when the process ends by an error that nobody expected', (t) => {
  const { stdout, stderr } = openedIn("throw new Error('nobody expected this');");
  assert.match(stderr, /nobody expected this/);
  const folder = stdout.trim();
  if (folder === 'none') return t.skip('this user may not mount a disk');
  assert.match(folder, /kontor-drill-disk-/);
  assert.equal(existsSync(folder), false);
});

it('goes with the next drill where the process was killed', (t) => {
  const folder = openedIn("process.kill(process.pid, 'SIGKILL');").stdout.trim();
  if (folder === 'none') return t.skip('this user may not mount a disk');
  assert.equal(existsSync(folder), true);
  openSmallDisk()?.remove();
  assert.equal(existsSync(folder), false);
});

function openedIn(then: string) {
  const program = `import { writeSync } from 'node:fs';
    import { openSmallDisk } from '${import.meta.resolve('./small-disk.ts')}';
    writeSync(1, openSmallDisk()?.folder ?? 'none');
    ${then}`;
  return spawnSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
}
