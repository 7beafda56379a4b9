/** Programs that mine for a real house: `kontor mine`, and the Python miner of the docs. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { until } from '#testkit/until.ts';
import { mineInPython, pythonMissing } from './mine-in-python.ts';
import { openMiningHouse } from './mining-house.ts';

const program = fileURLToPath(new URL('../src/cli/kontor.ts', import.meta.url));

describe('mining for a house', () => {
  it('kontor mine fetches what was ordered, says what it earned, and ends at SIGTERM', async (t) => {
    const house = await openMiningHouse(t);
    const coinsEarned = await house.order(20);
    const environment = { PATH: process.env.PATH ?? '', KONTOR_URL: house.url, KONTOR_TOKEN: house.minerToken };
    const miner = spawn(process.execPath, [program, 'mine', '--allow', house.site, '--machine', 'test'], { env: environment });
    t.after(() => miner.kill('SIGKILL'));
    let said = '';
    miner.stderr.on('data', (text) => {
      said += text;
    });
    await until(async () => (await coinsEarned()) === 20, { describe: () => `20 coins earned; it said: ${said}` });
    const ended = once(miner, 'close');
    miner.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null]);
    assert.match(said, /20 pages accepted/);
  });

  it('the Python miner of the docs does the same', { skip: pythonMissing() }, (t) => mineInPython(t));
});

describe('kontor mine', () => {
  it('says what is missing', () => {
    const { status, stderr } = spawnSync(process.execPath, [program, 'mine'], { env: { PATH: process.env.PATH ?? '' }, encoding: 'utf8' });
    assert.equal(status, 2);
    assert.match(stderr, /KONTOR_TOKEN/);
  });

  it('loads nothing of the server and its engines', () => {
    const loaded = loadedBy("import('#modules/errands/client/mine/mine.ts')");
    const foreign = loaded.filter((name) => /\/node_modules\//.test(name) && !/\/node_modules\/ws\//.test(name));
    assert.deepEqual(foreign, []);
    const house = loaded.filter((name) => /\/src\/(house|http|engines|cli)\//.test(name) || /\/modules\/(?!errands\/)/.test(name));
    assert.deepEqual(house, []);
    assert.ok(loaded.length > 10, `${loaded.length} modules`);
  });
});

/** The files that are loaded by it. */
function loadedBy(what: string): readonly string[] {
  const hooks = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load(url, context, next) { if (url.startsWith('file:')) loaded.push(url); return next(url, context); } });
    await ${what};
    console.log(JSON.stringify(loaded));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', hooks], {
    encoding: 'utf8',
    cwd: fileURLToPath(new URL('..', import.meta.url)),
  });
  assert.ok(stdout.startsWith('['), stderr);
  return JSON.parse(stdout) as string[];
}
