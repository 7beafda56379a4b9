/** `kontor people …` on the books of a house, and what the first start of one says. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { main } from '#cli/main.ts';
import { type Cleanup, temporaryFolder } from '#testkit/temporary-folder.ts';
import { until } from '#testkit/until.ts';

const program = fileURLToPath(import.meta.resolve('#cli/kontor.ts'));

function kontorIn(t: Cleanup) {
  const dataDir = join(temporaryFolder(t), 'data');
  return {
    dataDir,
    async run(...args: string[]) {
      const said: string[] = [];
      const noted: string[] = [];
      const exit = await main(args, { DATA_DIR: dataDir }, { print: (line) => said.push(line), note: (line) => noted.push(line) });
      return { exit, said, noted };
    },
  };
}

describe('kontor people', () => {
  it('makes admins, lists, locks and unlocks', async (t) => {
    const { run } = kontorIn(t);
    await run('migrate');
    const made = await run('people', 'create-admin', 'Ada@Example.org');
    assert.equal(made.exit, 0);
    assert.match(made.said.join(), /^([a-z2-7]{4}-){5}[a-z2-7]{4}$/);
    assert.deepEqual((await run('people', 'lock', 'ada@example.org')).noted, ['ada@example.org is locked.']);
    assert.deepEqual((await run('people', 'list')).said, ['EMAIL            ROLE   STATE   NAME\nada@example.org  admin  locked  Admin']);
    assert.deepEqual((await run('people', 'unlock', 'ada@example.org')).noted, ['ada@example.org is open.']);
    assert.deepEqual((await run('people', 'list', 'nobody')).said, ['EMAIL  ROLE  STATE  NAME']);
  });

  it('says what is wrong', async (t) => {
    const { run } = kontorIn(t);
    await run('migrate');
    const nobody = await run('people', 'lock', 'nobody@example.org');
    assert.equal(nobody.exit, 1);
    assert.match(nobody.noted.join(), /nobody@example\.org has no account; `kontor people list` shows all/);
    const bad = await run('people', 'create-admin', 'ada');
    assert.equal(bad.exit, 2);
    assert.match(bad.noted.join(), /"ada" is not an e-mail address/);
  });
});

describe('the first start of a house', () => {
  it('tells the admin’s password once, at the terminal and in no log, and keeps letters to be shown', async (t) => {
    const { dataDir, run } = kontorIn(t);
    const start = async () => {
      const environment = { PATH: process.env.PATH ?? '', PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'debug', LOG_FORMAT: 'json' };
      const house = spawn(process.execPath, [program, 'run', 'people'], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
      t.after(() => house.kill('SIGKILL'));
      const out = { stdout: '', stderr: '' };
      house.stdout.on('data', (text) => (out.stdout += text));
      house.stderr.on('data', (text) => (out.stderr += text));
      const closed = once(house, 'close');
      const url = await until(() => /"url":"([^"]+)"/.exec(out.stdout)?.[1], { describe: () => `the house: ${out.stdout}${out.stderr}` });
      const stop = async () => {
        house.kill('SIGTERM');
        await closed;
        return out;
      };
      return { url, out, stop };
    };

    const first = await start();
    const password = /^ {2}(([a-z2-7]{4}-){5}[a-z2-7]{4})$/m.exec(first.out.stderr)?.[1] ?? assert.fail(first.out.stderr);
    const json = { 'content-type': 'application/json' };
    await fetch(`${first.url}/api/people/sign-up`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ email: 'ada@example.org', name: 'Ada' }),
    });
    assert.match(
      (await run('people', 'letters', 'Ada@example.org')).said.join(),
      /^To: ada@example\.org\nDate: .*\nSubject: Open your account\n/,
    );
    assert.deepEqual(await run('people', 'letters', 'bob@example.org'), { exit: 0, said: [], noted: ['no letters'] });
    const login = await fetch(`${first.url}/api/people/login`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ email: 'admin@localhost', password }),
    });
    assert.equal(login.status, 200);
    assert.ok(!(await first.stop()).stdout.includes(password));

    const again = await (await start()).stop();
    assert.doesNotMatch(again.stdout + again.stderr, /([a-z2-7]{4}-){5}[a-z2-7]{4}|The house is new/);
  });
});
