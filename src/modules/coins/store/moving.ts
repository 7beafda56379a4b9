/** Accounts while coins move: locked, changed in memory, and saved as net differences in one statement. */
import { sql } from 'kysely';
import { invariant, KontorError } from '#core/errors.ts';
import type { Queries } from '#core/ports/state.ts';
import { rowsFrom } from '#core/sql/rows.ts';
import { type LockedAccount, lockAccounts } from './accounts.ts';

/** An entry of a statement; nulls for a rollup, which keeps none. */
export interface Entry {
  readonly entry: number | null;
  readonly balance: number | null;
  readonly previous: number | null;
}

/** An account as this transaction leaves it. */
export class MovingAccount {
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

  get changed(): boolean {
    return this.posted !== this.account.posted || this.held !== this.account.held || this.entries !== this.account.entries;
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

export class MovingAccounts {
  readonly #accounts: ReadonlyMap<string, MovingAccount>;

  private constructor(accounts: ReadonlyMap<string, MovingAccount>) {
    this.#accounts = accounts;
  }

  static async lock(queries: Queries, ids: readonly string[]): Promise<MovingAccounts> {
    const locked = await lockAccounts(queries, ids);
    return new MovingAccounts(new Map([...locked].map(([id, account]) => [id, new MovingAccount(account)])));
  }

  get(id: string): MovingAccount {
    const account = this.#accounts.get(id);
    if (account === undefined)
      throw new KontorError('not_found', `There is no account ${id} in the ledger: it must be opened before coins can move.`, {
        details: [{ field: id, message: 'no such account' }],
      });
    return account;
  }

  /** The constraint on the table sees to it that no strict account falls below its floor, whatever happened here. */
  async save(queries: Queries): Promise<void> {
    const changed = [...this.#accounts.values()].filter((account) => account.changed);
    await Promise.all([
      saveStrict(
        queries,
        changed.filter(({ strict }) => strict),
      ),
      saveTail(
        queries,
        changed.filter(({ strict }) => !strict),
      ),
    ]);
  }
}

const strictColumns = { id: 'text', posted: 'bigint', held: 'bigint', entries: 'bigint', last_transfer: 'bigint' } as const;

async function saveStrict(queries: Queries, changed: readonly MovingAccount[]): Promise<void> {
  if (changed.length === 0) return;
  const differences = changed.map(({ account, posted, held, entries, lastTransfer }) => ({
    id: account.id,
    posted: posted - account.posted,
    held: held - account.held,
    entries: entries - account.entries,
    last_transfer: lastTransfer,
  }));
  await sql`update coins_account set
      posted = coins_account.posted + difference.posted,
      held = coins_account.held + difference.held,
      entries = coins_account.entries + difference.entries,
      last_transfer = difference.last_transfer
    from (${rowsFrom(queries, strictColumns, differences)}) as difference where coins_account.id = difference.id`.execute(queries);
}

const tailColumns = { account: 'text', amount: 'bigint' } as const;

async function saveTail(queries: Queries, changed: readonly MovingAccount[]): Promise<void> {
  if (changed.length === 0) return;
  const amounts = changed.map(({ account, posted }) => ({ account: account.id, amount: posted - account.posted }));
  await sql`insert into coins_tail (account, amount) ${rowsFrom(queries, tailColumns, amounts)}`.execute(queries);
}
