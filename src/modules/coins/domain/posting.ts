/** Decides in memory what one call to the ledger does, from locked accounts and stored requests; store/posting.ts reads and writes. */
import { invariant, KontorError } from '#core/errors.ts';
import type { LockedAccount } from './accounts.ts';
import { asksForSame, nameOf, type Request, type StoredRequest } from './requests.ts';

export interface Movement extends Request {
  /** Coins of the debit account that were held for this movement, and are released by it. */
  readonly releases?: number;
}

export type MovementAnswer =
  | {
      readonly outcome: 'posted';
      /** The balances after it; undefined for a rollup, which keeps none. */
      readonly debitBalance: number | undefined;
      readonly creditBalance: number | undefined;
    }
  | Insufficient;

export interface Insufficient {
  readonly outcome: 'insufficient';
  readonly available: number;
}

/** The same request was made before: `first` is its result. A new attempt needs a new key. */
export interface Replayed {
  readonly outcome: 'replayed';
  readonly first: 'posted' | 'refused';
}

/** The key was used before, for another request: nothing was done. */
export interface Conflict {
  readonly outcome: 'conflict';
}

export type Answer = MovementAnswer | Replayed | Conflict;

/** An entry of a statement; nulls for a rollup, which keeps none. */
interface Entry {
  readonly entry: number | null;
  readonly balance: number | null;
  readonly previous: number | null;
}

const noEntry: Entry = { entry: null, balance: null, previous: null };

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

  get isStrict(): boolean {
    return this.account.mode === 'strict';
  }

  get available(): number {
    return this.posted - this.held - this.account.floor;
  }

  get isChanged(): boolean {
    return this.posted !== this.account.posted || this.held !== this.account.held || this.entries !== this.account.entries;
  }

  /** Adds to the balance (or takes from it) and numbers the entry. */
  enter(transfer: number, amount: number): Entry {
    this.posted += amount;
    if (!this.isStrict) return noEntry;
    invariant(Number.isSafeInteger(this.posted), `the balance of ${this.account.id} would be beyond 2^53`);
    const previous = this.lastTransfer;
    this.entries += 1;
    this.lastTransfer = transfer;
    return { entry: this.entries, balance: this.posted, previous };
  }
}

export class MovingAccounts {
  readonly #accounts: ReadonlyMap<string, MovingAccount>;

  constructor(locked: readonly LockedAccount[]) {
    this.#accounts = new Map(locked.map((account) => [account.id, new MovingAccount(account)]));
  }

  get(id: string): MovingAccount {
    const account = this.#accounts.get(id);
    if (account === undefined)
      throw new KontorError('not_found', `There is no account ${id} in the ledger: it must be opened before coins can move.`, {
        details: [{ field: id, message: 'no such account' }],
      });
    return account;
  }

  get changed(): readonly MovingAccount[] {
    return [...this.#accounts.values()].filter(({ isChanged }) => isChanged);
  }
}

export class Posting {
  readonly accounts: MovingAccounts;
  /** The requests to be stored. */
  readonly rows: StoredRequest[] = [];
  /** Stored requests, and those of this call. */
  readonly #known: Map<string, StoredRequest>;
  readonly #ids: Iterator<number>;

  constructor(accounts: MovingAccounts, known: ReadonlyMap<string, StoredRequest>, newIds: readonly number[]) {
    this.accounts = accounts;
    this.#known = new Map(known);
    this.#ids = newIds.values();
  }

  /** The stored request of the same name, `conflict` when it is another request, undefined when there is none. */
  before(request: Request): StoredRequest | 'conflict' | undefined {
    const stored = this.#known.get(nameOf(request));
    return stored === undefined || asksForSame(request, stored) ? stored : 'conflict';
  }

  /** The answer to a request that was made before; undefined for a new one. */
  answerBefore(request: Request): Replayed | Conflict | undefined {
    const before = this.before(request);
    if (before === undefined) return undefined;
    return before === 'conflict' ? { outcome: 'conflict' } : { outcome: 'replayed', first: before.refused === 1 ? 'refused' : 'posted' };
  }

  /** A new one may spend what an earlier one of the same call brought. */
  move(movement: Movement): MovementAnswer {
    const { debit: from, credit: to, amount, releases = 0 } = movement;
    const [debit, credit] = [this.accounts.get(from), this.accounts.get(to)];
    const available = debit.available + releases;
    if (debit.isStrict && available < amount) return this.#refuse(movement, available);
    debit.held -= releases;
    const id = this.#newId();
    const [out, into] = [debit.enter(id, -amount), credit.enter(id, amount)];
    this.#add(movement, id, 0, out, into);
    return { outcome: 'posted', debitBalance: out.balance ?? undefined, creditBalance: into.balance ?? undefined };
  }

  /** Sets coins of the debit account aside; returns the id of the request, which is the hold's, too. */
  hold(request: Request): { readonly outcome: 'held'; readonly id: number } | Insufficient {
    const account = this.accounts.get(request.debit);
    invariant(account.isStrict, `coins can be held in a strict account only, not in ${request.debit}`);
    if (account.available < request.amount) return this.#refuse(request, account.available);
    account.held += request.amount;
    const id = this.#newId();
    this.#add(request, id, 0, noEntry, noEntry);
    return { outcome: 'held', id };
  }

  #refuse(request: Request, available: number): Insufficient {
    this.#add(request, this.#newId(), 1, noEntry, noEntry);
    return { outcome: 'insufficient', available };
  }

  #newId(): number {
    const { value, done } = this.#ids.next();
    invariant(done !== true, 'there is an id for each request');
    return value;
  }

  #add({ scope, key, at, kind, debit, credit, amount, of, memo }: Request, id: number, refused: 0 | 1, out: Entry, into: Entry): void {
    const row: StoredRequest = {
      id,
      scope,
      key,
      requested_at: at,
      kind,
      debit,
      credit,
      amount,
      of_id: of ?? null,
      memo,
      refused,
      debit_entry: out.entry,
      debit_balance: out.balance,
      debit_previous: out.previous,
      credit_entry: into.entry,
      credit_balance: into.balance,
      credit_previous: into.previous,
    };
    this.rows.push(row);
    this.#known.set(nameOf(row), row);
  }
}
