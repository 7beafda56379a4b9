/** Free ports: two processes never choose the same one. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { it } from 'node:test';
import { until } from '#testkit/until.ts';
import { freePort, freePorts, reserve } from './free-port.ts';

/** Two that choose so many by chance would have some in common in 996 of 1,000 times. */
const count = 300;

const program = `
  import { freePorts } from ${JSON.stringify(import.meta.resolve('./free-port.ts'))};
  console.log(JSON.stringify(await freePorts(${count})));
  setInterval(() => {}, 60_000);`;

it('two processes never choose the same port, though nobody listens on it', async (t) => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => void child.kill('SIGKILL'));
  let said = '';
  child.stdout.on('data', (piece) => {
    said += piece;
  });
  const own = await freePorts(count);
  const others: readonly number[] = JSON.parse(await until(() => said.endsWith('\n') && said, { describe: 'its ports' }));
  assert.deepEqual(
    own.filter((port) => others.includes(port)),
    [],
  );
  assert.equal(await reserve(others[0] ?? 0), false);
});

it('a port that is wanted is kept, also if it was chosen before', async () => {
  const port = await freePort();
  assert.equal(await freePort(port), port);
});
