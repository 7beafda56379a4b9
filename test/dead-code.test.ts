/** Plants a file that nobody imports and exports that no other file uses, and expects the check for dead code to name each. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { it } from 'node:test';
import { temporaryFolder } from '#testkit/temporary-folder.ts';

const root = new URL('..', import.meta.url).pathname;

const files: Readonly<Record<string, string>> = {
  'src/cli/kontor.ts': "import { used } from './used.ts';\nconsole.log(used);\n",
  'src/cli/used.ts': 'export type Dead = number;\nexport const used = 1;\nexport const dead: Dead = used;\nexport const tested = dead;\n',
  'src/cli/used.test.ts': "import { tested } from './used.ts';\nconsole.log(tested);\n",
  'src/cli/forgotten.ts': 'console.log();\n',
};

it('dead files and exports are named; an export that a test uses is not dead', (t) => {
  const folder = temporaryFolder(t);
  for (const name of ['knip.json', 'tsconfig.json', 'bin/kontor.js']) cpSync(join(root, name), join(folder, name));
  writeFileSync(join(folder, 'package.json'), '{ "name": "planted", "type": "module", "bin": "./bin/kontor.js" }');
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const knip = join(root, 'node_modules/knip/bin/knip.js');
  const run = spawnSync(process.execPath, [knip, '--no-progress', '--no-config-hints', '--reporter', 'compact'], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 60_000,
  });
  assert.equal(run.status, 1, run.stderr);
  const found = run.stdout.split('\n').filter((line) => line.includes('/'));
  assert.deepEqual(
    found.map((line) => line.trim()),
    ['src/cli/forgotten.ts: src/cli/forgotten.ts', 'src/cli/used.ts: dead', 'src/cli/used.ts: Dead'],
  );
});
