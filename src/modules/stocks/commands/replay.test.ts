/** `kontor stocks replay` from end to end, without a house beside it. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { main } from '#cli/main.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';

function kontorIn(t: TestContext): {
  run(...args: string[]): Promise<{ exit: number; said: string[]; noted: string[] }>;
  write(name: string, content: string): string;
} {
  const folder = temporaryFolder(t);
  return {
    async run(...args) {
      const said: string[] = [];
      const noted: string[] = [];
      const exit = await main(
        ['stocks', 'replay', ...args],
        { DATA_DIR: join(folder, 'data') },
        { print: (line) => said.push(line), note: (line) => noted.push(line) },
      );
      return { exit, said, noted };
    },
    write(name, content) {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
  };
}

const good = 'company,side,price,quantity,at\nACME,buy,1.15,2,2026-01-05T09:00:00Z\nACME,sell,1.16,3,2026-01-05T09:00:01Z\n';

describe('kontor stocks replay', () => {
  it('checks, stores, and adds nothing the second time, not from a copy either', async (t) => {
    const { run, write } = kontorIn(t);
    const path = write('good.csv', good);
    assert.deepEqual(await run(path, '--dry-run'), {
      exit: 0,
      said: ['the file is good: 2 trades of one company; nothing was stored'],
      noted: [],
    });
    assert.deepEqual((await run(path)).said, ['stored 2 trades of one company']);
    assert.deepEqual((await run(path)).said, ['nothing to add: all 2 trades of this file were stored before']);
    assert.deepEqual((await run(write('copy.csv', good), '--speed', '10')).said, [
      'nothing to add: all 2 trades of this file were stored before',
    ]);
  });

  it('names the bad lines and exits 2', async (t) => {
    const { run, write } = kontorIn(t);
    const path = write('bad.csv', `${good}ACME,buy,1.005,1,2026-01-05T09:00:00Z\n`);
    const { exit, said, noted } = await run(path);
    assert.deepEqual([exit, said], [2, []]);
    assert.match(noted[0] ?? '', /^line 4: price must have at most 2 decimals/);
    assert.equal(noted[1], `kontor: ${path}: 1 of 3 rows are not valid; nothing was stored`);
  });

  it('refuses what it cannot do, and says what it can', async (t) => {
    const { run, write } = kontorIn(t);
    const path = write('good.csv', good);
    assert.match((await run(`${path}.nope`)).noted.join(), /there is no file/);
    assert.match((await run(join(path, '..'))).noted.join(), /not a regular file/);
    assert.match((await run(path, '--speed', '0')).noted.join(), /must be a number above 0/);
    assert.match((await run(path, '--company', 'acme')).noted.join(), /upper-case/);
    const simulated = await run(path, '--company', 'MSFT');
    assert.equal(simulated.exit, 2);
    assert.match(simulated.noted.join(), /MSFT is simulated here/);
    const instrument = await run(path, '--company', 'SHOP.TEA');
    assert.equal(instrument.exit, 2);
    assert.match(instrument.noted.join(), /SHOP\.TEA stands for what the module shop sells/);
    const inFile = await run(write('tea.csv', good.replaceAll('ACME', 'SHOP.TEA')));
    assert.deepEqual([inFile.exit, inFile.said], [2, []]);
    assert.match(inFile.noted[0] ?? '', /^line 2: SHOP\.TEA stands for what the module shop sells/);
  });
});
