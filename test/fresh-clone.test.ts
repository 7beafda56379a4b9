/** A clone in which nothing is installed yet, or the wrong thing: the npm scripts install it first, or say what to do. npm is played by a script. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { temporaryFolder } from '#testkit/temporary-folder.ts';

const root = new URL('..', import.meta.url).pathname;
const pretendOld = "data:text/javascript,Object.defineProperty(process, 'versions', { value: { node: '20.1.0' } })";

const locked = {
  '': { version: '1.0.0' },
  'node_modules/fastify': { version: '5.0.0', integrity: 'sha512-a' },
  'node_modules/vite': { version: '8.0.0', integrity: 'sha512-b', dev: true },
  'node_modules/for-another-system': { version: '1.0.0', integrity: 'sha512-c', optional: true },
};
const { 'node_modules/fastify': fastify, 'node_modules/vite': vite } = locked;
const complete = { 'node_modules/fastify': fastify, 'node_modules/vite': vite };

interface Clone {
  readonly installed?: object;
  /** A package that npm notes as installed, and that is not there. */
  readonly lost?: string;
  /** What the npm of this test does, beside writing down what it was asked. */
  readonly npm?: string;
  readonly old?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
}

function preflight(t: TestContext, { installed, lost, npm = '', old = false, environment = {} }: Clone) {
  const folder = temporaryFolder(t);
  cpSync(join(root, 'tools/preflight.js'), join(folder, 'tools/preflight.js'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: locked }));
  for (const path of ['node_modules', ...Object.keys(installed ?? {})]) {
    mkdirSync(join(folder, path), { recursive: true });
    if (path !== lost) writeFileSync(join(folder, path, 'package.json'), '{}');
  }
  if (installed) writeFileSync(join(folder, 'node_modules/.package-lock.json'), JSON.stringify({ packages: installed }));
  const program = join(folder, 'npm-cli.js');
  writeFileSync(
    program,
    `import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'; appendFileSync('asked', process.argv.slice(2).join(' ') + '\\n');\n${npm}`,
  );
  const run = spawnSync(process.execPath, [...(old ? ['--import', pretendOld] : []), 'tools/preflight.js'], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, npm_execpath: program, npm_node_execpath: process.execPath, ...environment },
  });
  const asked = join(folder, 'asked');
  return { ...run, asked: existsSync(asked) ? readFileSync(asked, 'utf8').trim().split('\n') : [] };
}

const bringNode = "mkdirSync('node_modules/node/bin', { recursive: true }); writeFileSync('node_modules/node/bin/node', '');";

describe('before an npm script', () => {
  it('nothing is done or said where nothing is missing; packages for other systems may be', (t) => {
    const { status, stdout, stderr, asked } = preflight(t, { installed: complete });
    assert.deepEqual({ status, stdout, stderr, asked }, { status: 0, stdout: '', stderr: '', asked: [] });
  });

  for (const [what, installed] of [
    ['nothing is installed', undefined],
    ['a package is missing', { 'node_modules/fastify': fastify }],
    ['a package has another version', { ...complete, 'node_modules/fastify': { ...fastify, version: '4.9.0' } }],
    ['a package has another content', { ...complete, 'node_modules/fastify': { ...fastify, integrity: 'sha512-z' } }],
  ] as const) {
    it(`the packages are installed, and a line says so, when ${what}`, (t) => {
      const { status, stdout, asked } = preflight(t, installed ? { installed } : {});
      assert.equal(status, 0);
      assert.match(stdout, /^Installing the packages with npm ci, because .*\n$/);
      assert.deepEqual(asked, ['ci --prefer-offline']);
    });
  }

  it('a package that npm only notes as installed is installed', (t) => {
    assert.deepEqual(preflight(t, { installed: complete, lost: 'node_modules/fastify' }).asked, ['ci --prefer-offline']);
  });

  it('packages of developers may be left out on purpose', (t) => {
    const installed = { 'node_modules/fastify': fastify };
    assert.deepEqual(preflight(t, { installed, environment: { NODE_ENV: 'production' } }).asked, []);
    assert.deepEqual(preflight(t, { installed, environment: { npm_config_omit: 'dev' } }).asked, []);
  });

  it('a failed installation ends with what to check, and exits 1', (t) => {
    const { status, stderr } = preflight(t, { npm: "console.error('npm error network'); process.exitCode = 7;" });
    assert.equal(status, 1);
    assert.match(
      stderr,
      /npm error network\n\nThe packages could not be installed: npm says why above\.\nInstalling needs the network once/,
    );
  });

  it('Node 26 comes with the packages', (t) => {
    const { status, stderr, asked } = preflight(t, { old: true, npm: bringNode });
    assert.deepEqual({ status, stderr, asked }, { status: 0, stderr: '', asked: ['ci --prefer-offline'] });
  });

  it('Node 26 is brought alone when install scripts were switched off', (t) => {
    const { status, stdout, asked } = preflight(t, { old: true, installed: complete, npm: bringNode });
    assert.equal(status, 0);
    assert.match(stdout, /^Installing Node 26 with npm rebuild node/);
    assert.deepEqual(asked, ['rebuild node --ignore-scripts=false']);
  });

  it('Node 26 that does not come ends with what to do, and exits 1', (t) => {
    const { status, stderr } = preflight(t, { old: true, installed: complete });
    assert.equal(status, 1);
    assert.match(stderr, /this is Node 20\.1\.0/);
    assert.match(stderr, /npm rebuild node --ignore-scripts=false/);
  });

  it('no script lets its shell find the old node before the new one is there', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
    for (const [name, script] of Object.entries(scripts)) {
      // npm itself runs it, at the end of an installation
      if (name !== 'prepare') assert.match(script, /^env node tools\/preflight\.js && /, name);
    }
  });
});
