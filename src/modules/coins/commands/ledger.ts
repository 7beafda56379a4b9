/** What commands do to the ledger of a house: read statements, give coins from the mint, move them between accounts. */
import type { Call } from '#core/command/command.ts';
import { KontorError } from '#core/errors.ts';
import type { Queries } from '#core/ports/state.ts';
import { accountByEmail, accountById } from '#modules/people/who.ts';
import { type Balance, emptyBalance, houseAccounts, walletOf } from '../domain/accounts.ts';
import { maxAmount } from '../domain/requests.ts';
import { type StatementEntry, statementCsv, statementCsvHeader } from '../domain/statement-csv.ts';
import { balanceOf, openAccount } from '../store/accounts.ts';
import { readStatement, statementPages } from '../store/statements.ts';
import type { Transfer } from '../store/transfers.ts';
import { postToOpen } from '../store/wallets.ts';

export interface Statement {
  readonly account: string;
  readonly balance: Balance;
  /** Newest first. */
  readonly entries: readonly StatementEntry[];
}

/** `who` is an e-mail address, the id of a person's account, or an account of the ledger such as `house:mint`. */
export async function readAccount(call: Call, who: string, limit: number): Promise<Statement> {
  return call.visit(({ state }) =>
    state.read(async (queries) => {
      const account = await ledgerAccount(queries, who);
      const balance = (await balanceOf(queries, account)) ?? emptyBalance;
      const { items: entries } = await readStatement(queries, { account, limit });
      return { account, balance, entries };
    }),
  );
}

/** The whole statement as CSV, a page at a time. */
export async function writeStatementCsv(call: Call, who: string, write: (text: string) => void): Promise<void> {
  await call.visit(async ({ state }) => {
    const account = await state.read((queries) => ledgerAccount(queries, who));
    write(statementCsvHeader);
    for await (const entries of statementPages(state, { account })) write(statementCsv(entries));
  });
}

export interface CommandTransfer {
  /** Left out for a grant: the coins come from the mint. */
  readonly from?: string;
  readonly to: string;
  readonly amount: number;
  readonly memo: string;
  /** The same key again moves nothing; a new one when left out. */
  readonly key: string | undefined;
}

export interface TransferDone {
  readonly repeated: boolean;
  readonly debit: string;
  readonly credit: string;
  readonly key: string;
}

export async function moveCoins(call: Call, { from, to, amount, memo, key: wantedKey }: CommandTransfer): Promise<TransferDone> {
  if (!Number.isSafeInteger(amount) || amount < 1 || amount > maxAmount)
    throw refused('AMOUNT', `must be a whole number from 1 to ${maxAmount}`);
  if (wantedKey !== undefined && !/^[!-~]{1,200}$/.test(wantedKey)) throw refused('--key', 'must be 1 to 200 visible ASCII characters');
  return call.visit(({ state, clock, random }) => {
    const key = wantedKey ?? random.id();
    return state.write(async (queries) => {
      const debit = from === undefined ? houseAccounts.mint : await ledgerAccount(queries, from);
      const credit = await ledgerAccount(queries, to);
      for (const account of [debit, credit]) await openWallet(queries, account);
      if (debit === credit) throw refused('TO', 'is the same account as FROM: name another');
      const kind = from === undefined ? 'grant' : 'transfer';
      const request: Transfer = { scope: `command:${kind}`, key, kind, debit, credit, amount, memo, at: clock.now() };
      const [answer] = await postToOpen(queries, [request]);
      switch (answer?.outcome) {
        case 'posted':
          return { repeated: false, debit, credit, key };
        case 'replayed':
          return { repeated: true, debit, credit, key };
        case 'insufficient':
          throw new KontorError(
            'conflict',
            `${debit} has ${answer.available} coins to spend, and ${amount} were asked for: nothing was moved`,
          );
        default:
          throw new KontorError('conflict', `the key ${key} was used before, with another request: nothing was moved; use a new one`);
      }
    });
  });
}

/** A person's wallet is opened when coins first move. */
async function openWallet(queries: Queries, account: string): Promise<void> {
  const [kind = '', owner = ''] = account.split(':');
  if (kind === 'wallet') await openAccount(queries, { owner, kind, mode: 'strict' });
}

async function ledgerAccount(queries: Queries, who: string): Promise<string> {
  if (/^[a-z]{1,20}:/.test(who)) {
    if ((await balanceOf(queries, who)) !== undefined) return who;
    throw new KontorError('not_found', `there is no account ${who} in the ledger`);
  }
  const person = who.includes('@') ? await accountByEmail(queries, who) : await accountById(queries, who);
  if (person === undefined) {
    throw new KontorError(
      'not_found',
      `nobody has an account "${who}": give an e-mail address, an account id, or an account such as house:mint`,
    );
  }
  return walletOf(person.id);
}

function refused(field: string, message: string): KontorError {
  return new KontorError('invalid_option', `${field} ${message}`, { details: [{ field, message }] });
}
