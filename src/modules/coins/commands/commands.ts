/** `kontor coins statement|grant|transfer`: the ledger from the command line. */
import { alignedColumns } from '#core/command/columns.ts';
import type { Command } from '#core/command/command.ts';
import { invalidOption } from '#core/command/invalid-option.ts';

const accounts = 'ACCOUNT is an e-mail address, the id of an account, or an account of the ledger such as house:mint.';
const keyFlag = {
  name: '--key',
  value: 'KEY',
  says: 'Names the request: the same key again moves nothing. A new one is made when it is left out.',
};
const defaultEntries = 20;
const maxEntries = 500;

export const coinsStatementCommand: Command = {
  name: 'coins statement',
  usage: 'ACCOUNT',
  says: 'Shows what is in an account, what came in and what went out.',
  details: `${accounts} House accounts have a balance, and no statement.`,
  flags: [
    { name: '--limit', value: 'N', says: `Entries to show, the newest first; ${defaultEntries} if left out.` },
    { name: '--csv', says: 'The whole statement as CSV.' },
  ],
  operands: { min: 1, max: 1 },
  async run(call) {
    const {
      operands: [account = ''],
      flag,
      print,
    } = call;
    const { readAccount, writeStatementCsv } = await import('./ledger.ts');
    if (flag('--csv') !== undefined) {
      await writeStatementCsv(call, account, (text) => print(text.trimEnd()));
      return 0;
    }
    const limit = wholeNumber('--limit', flag('--limit') ?? String(defaultEntries), maxEntries);
    const { account: id, balance, entries } = await readAccount(call, account, limit);
    print(`${id}: ${balance.posted} coins, ${balance.held} of them held, ${balance.available} to spend`);
    if (entries.length === 0) return 0;
    const rows = entries.map(({ entry, at, kind, amount, balance: after, counterparty, memo }) =>
      [entry, new Date(at).toISOString(), kind, amount, after, counterparty, memo].map(String),
    );
    print('');
    print(alignedColumns([['ENTRY', 'TIME', 'KIND', 'AMOUNT', 'BALANCE', 'WITH', 'MEMO'], ...rows]));
    return 0;
  },
};

export const coinsGrantCommand: Command = {
  name: 'coins grant',
  usage: 'ACCOUNT AMOUNT',
  says: 'Gives coins from the mint.',
  details: accounts,
  flags: [{ name: '--reason', value: 'TEXT', says: 'What the receiver reads. Must be given.' }, keyFlag],
  operands: { min: 2, max: 2 },
  async run(call) {
    const {
      operands: [to = '', amount = ''],
      flag,
      note,
    } = call;
    const memo = flag('--reason');
    if (!memo) throw invalidOption('--reason', '--reason must be given: coins from nothing need a reason');
    const { moveCoins } = await import('./ledger.ts');
    const done = await moveCoins(call, { to, amount: wholeNumber('AMOUNT', amount), memo, key: flag('--key') });
    note(said(done, amount));
    return 0;
  },
};

export const coinsTransferCommand: Command = {
  name: 'coins transfer',
  usage: 'FROM TO AMOUNT',
  says: 'Moves coins from one account to another.',
  details: `${accounts} So are FROM and TO.`,
  flags: [{ name: '--memo', value: 'TEXT', says: 'What both sides read.' }, keyFlag],
  operands: { min: 3, max: 3 },
  async run(call) {
    const {
      operands: [from = '', to = '', amount = ''],
      flag,
      note,
    } = call;
    const { moveCoins } = await import('./ledger.ts');
    const request = { from, to, amount: wholeNumber('AMOUNT', amount), memo: flag('--memo') ?? '', key: flag('--key') };
    note(said(await moveCoins(call, request), amount));
    return 0;
  },
};

function said(done: { repeated: boolean; debit: string; credit: string; key: string }, amount: string): string {
  const name = `request ${done.key}`;
  if (done.repeated) return `${name} was made before: nothing was moved now.`;
  return `${amount} coins moved from ${done.debit} to ${done.credit} (${name}).`;
}

function wholeNumber(field: string, text: string, max = Number.MAX_SAFE_INTEGER): number {
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= 1 && number <= max) return number;
  throw invalidOption(field, `${field} is "${text}", but must be a whole number from 1 to ${max}`);
}
