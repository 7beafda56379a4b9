/** The ledger from the command line: coins given, moved once, shown, and refused in one clear sentence. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { main } from '#cli/main.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';

/** A migrated house with one account, `anna@kontor.example`; runs a command and tells what it said. */
async function openHouse(t: TestContext) {
  const environment = { DATA_DIR: join(temporaryFolder(t), 'data') };
  async function kontor(...argv: readonly string[]) {
    const printed: string[] = [];
    const noted: string[] = [];
    const code = await main(argv, environment, { print: (line) => void printed.push(line), note: (line) => void noted.push(line) });
    return { code, printed: printed.join('\n'), noted: noted.join('\n') };
  }
  assert.equal((await kontor('migrate')).code, 0);
  assert.equal((await kontor('people', 'create-admin', 'anna@kontor.example')).code, 0);
  return kontor;
}

it('gives coins, moves each request once, and shows the statement', async (t) => {
  const kontor = await openHouse(t);
  const granted = await kontor('coins', 'grant', 'anna@kontor.example', '50', '--reason', 'Founding capital');
  assert.deepEqual([granted.code, /^50 coins moved from house:mint to wallet:[0-9a-f]{32} /.test(granted.noted)], [0, true], granted.noted);
  const transfer = ['coins', 'transfer', 'anna@kontor.example', 'house:fees', '20', '--memo', 'Dues', '--key', 'dues-1'];
  assert.match((await kontor(...transfer)).noted, /^20 coins moved/);
  assert.match((await kontor(...transfer)).noted, /made before: nothing was moved/);
  const { printed } = await kontor('coins', 'statement', 'anna@kontor.example');
  assert.match(printed, /: 30 coins, 0 of them held, 30 to spend/);
  assert.match(printed, /2 +\d{4}-\S+ +transfer +-20 +30 +house:fees +Dues/);
  assert.match(printed, /1 +\d{4}-\S+ +grant +50 +50 +house:mint +Founding capital/);
  const csv = (await kontor('coins', 'statement', 'anna@kontor.example', '--csv')).printed.split(/\r?\n/);
  assert.deepEqual([csv[0], csv.length], ['entry,time,kind,amount,balance,counterparty,memo,scope,key', 3]);
  assert.match((await kontor('coins', 'statement', 'house:mint')).printed, /^house:mint: -50 coins/);
  assert.equal((await kontor('audit')).code, 0);
});

it('refuses what cannot be done, and says why', async (t) => {
  const kontor = await openHouse(t);
  const refusals: readonly (readonly [readonly string[], number, RegExp])[] = [
    [['coins', 'grant', 'anna@kontor.example', '5'], 2, /--reason must be given/],
    [['coins', 'grant', 'anna@kontor.example', '5.5', '--reason', 'x'], 2, /AMOUNT is "5.5"/],
    [['coins', 'grant', 'bert@kontor.example', '5', '--reason', 'x'], 1, /nobody has an account "bert@kontor.example"/],
    [['coins', 'transfer', 'anna@kontor.example', 'house:fees', '5'], 1, /has 0 coins to spend, and 5 were asked for/],
    [['coins', 'transfer', 'house:fees', 'house:fees', '5'], 2, /the same account/],
    [['coins', 'statement', 'house:nothing'], 1, /no account house:nothing/],
  ];
  for (const [argv, code, says] of refusals) {
    const answer = await kontor(...argv);
    assert.deepEqual([answer.code, says.test(answer.noted)], [code, true], answer.noted);
  }
});
