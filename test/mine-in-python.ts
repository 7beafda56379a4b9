/** The Python miner of the docs, run against a real house. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { until } from '#testkit/until.ts';
import { openMiningHouse } from './mining-house.ts';

const program = fileURLToPath(new URL('../docs/examples/errands-miner.py', import.meta.url));
const pages = 20;

/** Why it cannot run here; false when it can. */
export function pythonMissing(): string | false {
  const { status } = spawnSync('python3', ['--version']);
  return status === 0 ? false : 'there is no python3 here';
}

export async function mineInPython(t: TestContext): Promise<void> {
  const house = await openMiningHouse(t);
  const coinsEarned = await house.order(pages);
  const environment = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', KONTOR_URL: house.url, KONTOR_TOKEN: house.minerToken };
  const miner = spawn('python3', [program, String(pages)], { env: environment });
  t.after(() => miner.kill('SIGKILL'));
  let said = '';
  for (const stream of [miner.stdout, miner.stderr])
    stream.on('data', (text) => {
      said += text;
    });
  assert.deepEqual(await once(miner, 'close'), [0, null], said);
  assert.equal(said.match(/accepted 200/g)?.length, pages, said);
  await until(async () => (await coinsEarned()) === pages, { describe: 'the coins of the miner' });
}
