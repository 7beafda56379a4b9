/** Moves coins between accounts: locks what must be locked, refuses what is not there, and writes all of it in a few statements. */
import { sql } from 'kysely';
import { invariant, KontorError } from '../errors.ts';
import type { Dialect, Queries } from '../ports/state.ts';
import { rowsFrom } from '../sql/rows.ts';
import { type LockedAccount, lockAccounts } from './accounts.ts';
import type { CoinsTables, TransferKind } from './tables.ts';

export interface Movement {
  /** Of its request, and so of the transfer. */
  readonly id: number;
  readonly kind: TransferKind;
  readonly debit: string;
  readonly credit: string;
  readonly amount: number;
  readonly memo: string;
  /** The hold that a capture takes from, or the transfer that a refund takes back. */
  readonly of?: number | undefined;
  /** Coins of the debit account that are held for this, and are not any more. */
  readonly releases?: number;
}

export type MovementAnswer =
  | {
      readonly outcome: 'posted';
      /** The balances after it; undefined for a rollup, which keeps none. */
      readonly debitBalance: number | undefined;
      readonly creditBalance: number | undefined;
    }
  | { readonly outcome: 'insufficient'; readonly available: number };

/** A trillion: sums of thousands of the largest are still exact. */
export const maxAmount = 1_000_000_000_000;
export const maxMemoLength = 200;

/** An account as this transaction leaves it. */
class Moving {
  readonly account: LockedAccount;
  posted: number;
  held: number;
  entries: number;
  lastTransfer: number | null;

  constructor(account: LockedAccount) {
    this.account = account;
    this.posted = account.posted;
    this.held = account.held;
    this.entries = account.entries;
    this.lastTransfer = account.last_transfer;
  }

  get strict(): boolean {
    return this.account.mode === 'strict';
  }

  get available(): number {
    return this.posted - this.held - this.account.floor;
  }

  /** Adds to the balance (or takes from it) and numbers the entry. */
  enter(transfer: number, amount: number): Entry {
    this.posted += amount;
    if (!this.strict) return { entry: null, balance: null, previous: null };
    invariant(Number.isSafeInteger(this.posted), `the balance of ${this.account.id} would be beyond 2^53`);
    const previous = this.lastTransfer;
    this.entries += 1;
    this.lastTransfer = transfer;
    return { entry: this.entries, balance: this.posted, previous };
  }
}

interface Entry {
  readonly entry: number | null;
  readonly balance: number | null;
  readonly previous: number | null;
}

/** An answer each, in order: a movement may spend what an earlier one of the same call brought. */
export async function move(queries: Queries, dialect: Dialect, movements: readonly Movement[]): Promise<readonly MovementAnswer[]> {
  if (movements.length === 0) return [];
  for (const movement of movements) checkMovement(movement);
  const moving = await accountsMoving(
    queries,
    dialect,
    movements.flatMap(({ debit, credit }) => [debit, credit]),
  );
  const answers: MovementAnswer[] = [];
  const transfers: TransferRow[] = [];
  for (const movement of movements) {
    const debit = accountIn(moving, movement.debit);
    const credit = accountIn(moving, movement.credit);
    const available = debit.available + (movement.releases ?? 0);
    if (debit.strict && available < movement.amount) {
      answers.push({ outcome: 'insufficient', available });
      continue;
    }
    debit.held -= movement.releases ?? 0;
    const row = transferRow(movement, debit.enter(movement.id, -movement.amount), credit.enter(movement.id, movement.amount));
    transfers.push(row);
    answers.push({ outcome: 'posted', debitBalance: row.debit_balance ?? undefined, creditBalance: row.credit_balance ?? undefined });
  }
  await saveAccounts(queries, dialect, [...moving.values()]);
  await insertTransfers(queries, dialect, transfers);
  return answers;
}

/** Sets aside coins of one account, or lets go of them where `amount` is negative; `insufficient` when they are not there. */
export async function hold(
  queries: Queries,
  dialect: Dialect,
  holds: readonly { readonly payer: string; readonly amount: number }[],
): Promise<readonly ({ readonly outcome: 'held' } | { readonly outcome: 'insufficient'; readonly available: number })[]> {
  const moving = await accountsMoving(
    queries,
    dialect,
    holds.map(({ payer }) => payer),
  );
  const answers = holds.map(({ payer, amount }) => {
    const account = accountIn(moving, payer);
    invariant(account.strict, `coins can be held in a strict account only, not in ${payer}`);
    if (account.available < amount) return { outcome: 'insufficient', available: account.available } as const;
    account.held += amount;
    return { outcome: 'held' } as const;
  });
  await saveAccounts(queries, dialect, [...moving.values()]);
  return answers;
}

function checkMovement({ debit, credit, amount }: Movement): void {
  invariant(Number.isSafeInteger(amount) && amount > 0 && amount <= maxAmount, `${amount} coins cannot be moved: 1 to ${maxAmount} can`);
  invariant(debit !== credit, `coins cannot be moved from ${debit} to itself`);
}

async function accountsMoving(queries: Queries, dialect: Dialect, ids: readonly string[]): Promise<ReadonlyMap<string, Moving>> {
  const locked = await lockAccounts(queries, dialect, ids);
  return new Map([...locked].map(([id, account]) => [id, new Moving(account)]));
}

function accountIn(moving: ReadonlyMap<string, Moving>, id: string): Moving {
  const account = moving.get(id);
  if (account === undefined)
    throw new KontorError('not_found', `There is no account ${id} in the ledger: it must be opened before coins can move.`, {
      details: [{ field: id, message: 'no such account' }],
    });
  return account;
}

type TransferRow = CoinsTables['coins_transfer'];

function transferRow({ id, kind, debit, credit, amount, memo, of }: Movement, out: Entry, into: Entry): TransferRow {
  return {
    id,
    kind,
    debit,
    credit,
    amount,
    debit_entry: out.entry,
    debit_balance: out.balance,
    debit_previous: out.previous,
    credit_entry: into.entry,
    credit_balance: into.balance,
    credit_previous: into.previous,
    of_id: of ?? null,
    memo,
  };
}

/** Net differences: the constraint on the table sees to it that no strict account falls below its floor, whatever happened here. */
async function saveAccounts(queries: Queries, dialect: Dialect, accounts: readonly Moving[]): Promise<void> {
  const differences = accounts.map(({ account, posted, held, entries, lastTransfer, strict }) => ({
    strict,
    id: account.id,
    posted: posted - account.posted,
    held: held - account.held,
    entries: entries - account.entries,
    last_transfer: lastTransfer,
  }));
  const strict = differences.filter((row) => row.strict && (row.entries > 0 || row.held !== 0));
  if (strict.length > 0) {
    const rows = rowsFrom(dialect, { id: 'text', posted: 'bigint', held: 'bigint', entries: 'bigint', last_transfer: 'bigint' }, strict);
    await sql`update coins_account set
        posted = coins_account.posted + difference.posted,
        held = coins_account.held + difference.held,
        entries = coins_account.entries + difference.entries,
        last_transfer = difference.last_transfer
      from (${rows}) as difference where coins_account.id = difference.id`.execute(queries);
  }
  const tail = differences.filter((row) => !row.strict && row.posted !== 0);
  if (tail.length > 0) {
    await queries
      .withTables<CoinsTables>()
      .insertInto('coins_tail')
      .columns(['account', 'amount'])
      .expression(
        rowsFrom(
          dialect,
          { account: 'text', amount: 'bigint' },
          tail.map(({ id, posted }) => ({ account: id, amount: posted })),
        ) as never,
      )
      .execute();
  }
}

const transferColumns = {
  id: 'bigint',
  kind: 'text',
  debit: 'text',
  credit: 'text',
  amount: 'bigint',
  debit_entry: 'bigint',
  debit_balance: 'bigint',
  debit_previous: 'bigint',
  credit_entry: 'bigint',
  credit_balance: 'bigint',
  credit_previous: 'bigint',
  of_id: 'bigint',
  memo: 'text',
} as const;

async function insertTransfers(queries: Queries, dialect: Dialect, rows: readonly TransferRow[]): Promise<void> {
  if (rows.length === 0) return;
  const names = Object.keys(transferColumns) as (keyof TransferRow)[];
  await queries
    .withTables<CoinsTables>()
    .insertInto('coins_transfer')
    .columns(names)
    .expression(rowsFrom(dialect, transferColumns, rows) as never)
    .execute();
}
