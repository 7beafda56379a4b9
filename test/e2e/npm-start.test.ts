/** `npm start` as a person or a service manager meets it: it opens, and stops when asked. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { until } from '#testkit/until.ts';

const root = new URL('../..', import.meta.url).pathname;

describe('npm start', () => {
  it('opens the house, and ends it in order when npm itself is asked to stop', async (t) => {
    const npm = spawn('npm', ['start'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, PORT: '0', DATA_DIR: temporaryFolder(t), STOCKS_HISTORY_MINUTES: '0', LOG_FORMAT: 'json' },
    });
    t.after(() => npm.kill('SIGKILL'));
    let output = '';
    for (const stream of [npm.stdout, npm.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk;
      });
    }
    const url = await until(() => /(http:\/\/127\.0\.0\.1:\d+)\D/.exec(output)?.[1], {
      timeoutMs: 60_000,
      describe: () => `an address in:\n${output}`,
    });
    assert.equal((await fetch(`${url}/healthz`)).status, 200);
    const ended = once(npm, 'exit');
    npm.kill('SIGTERM');
    const [code] = await until(ended, { timeoutMs: 60_000, describe: () => `npm to end:\n${output}` });
    assert.equal(code, 0);
    await assert.rejects(fetch(`${url}/healthz`), 'the house ended with npm');
  });
});
