/** What one call does to the books: it locks and looks first, decides in memory, and writes everything in a few statements. */
import { invariant } from '#core/errors.ts';
import type { Queries } from '#core/ports/state.ts';
import { type Entry, MovingAccounts } from './moving.ts';
import { type Asked, asksForSame, checkName, findRequests, insertRequests, nameOf, newRequestIds, type StoredRequest } from './requests.ts';

/** A trillion: sums of thousands of the largest are still exact. */
export const maxAmount = 1_000_000_000_000;
export const maxMemoLength = 200;

export interface Movement extends Asked {
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
  | Insufficient;

export interface Insufficient {
  readonly outcome: 'insufficient';
  readonly available: number;
}

const noEntry: Entry = { entry: null, balance: null, previous: null };

export class Posting {
  readonly #queries: Queries;
  readonly #accounts: MovingAccounts;
  /** Requests that are in the books, and those of this call. */
  readonly #known: Map<string, StoredRequest>;
  readonly #ids: Iterator<number>;
  readonly #rows: StoredRequest[] = [];

  private constructor(queries: Queries, accounts: MovingAccounts, known: ReadonlyMap<string, StoredRequest>, ids: readonly number[]) {
    this.#queries = queries;
    this.#accounts = accounts;
    this.#known = new Map(known);
    this.#ids = ids.values();
  }

  static async open(queries: Queries, asked: readonly Asked[]): Promise<Posting> {
    for (const one of asked) check(one);
    const ids = asked.flatMap(({ debit, credit }) => [debit, credit]);
    // Asked together, answered in this order: whoever had the accounts locked has written down by then what he did.
    const [accounts, known, newIds] = await Promise.all([
      MovingAccounts.lock(queries, ids),
      findRequests(queries, asked),
      newRequestIds(queries, asked.length),
    ]);
    return new Posting(queries, accounts, known, newIds);
  }

  /** The same request as it was made before, `conflict` when its name stands for something else, undefined when it is new. */
  before(asked: Asked): StoredRequest | 'conflict' | undefined {
    const stored = this.#known.get(nameOf(asked));
    return stored === undefined || asksForSame(asked, stored) ? stored : 'conflict';
  }

  /** A new one may spend what an earlier one of the same call brought. */
  move(movement: Movement): MovementAnswer {
    const { debit: from, credit: to, amount, releases = 0 } = movement;
    const [debit, credit] = [this.#accounts.get(from), this.#accounts.get(to)];
    const available = debit.available + releases;
    if (debit.strict && available < amount) return this.#refuse(movement, available);
    debit.held -= releases;
    const id = this.#newId();
    const [out, into] = [debit.enter(id, -amount), credit.enter(id, amount)];
    this.#add(movement, id, 0, out, into);
    return { outcome: 'posted', debitBalance: out.balance ?? undefined, creditBalance: into.balance ?? undefined };
  }

  /** Sets coins of the debit account aside; resolves the id of the request, and so of the hold. */
  hold(asked: Asked): { readonly outcome: 'held'; readonly id: number } | Insufficient {
    const account = this.#accounts.get(asked.debit);
    invariant(account.strict, `coins can be held in a strict account only, not in ${asked.debit}`);
    if (account.available < asked.amount) return this.#refuse(asked, account.available);
    account.held += asked.amount;
    const id = this.#newId();
    this.#add(asked, id, 0, noEntry, noEntry);
    return { outcome: 'held', id };
  }

  async write(): Promise<void> {
    if (this.#rows.length === 0) return;
    await Promise.all([insertRequests(this.#queries, this.#rows), this.#accounts.save(this.#queries)]);
  }

  #refuse(asked: Asked, available: number): Insufficient {
    this.#add(asked, this.#newId(), 1, noEntry, noEntry);
    return { outcome: 'insufficient', available };
  }

  #newId(): number {
    const { value, done } = this.#ids.next();
    invariant(done !== true, 'there is an id for each request');
    return value;
  }

  #add({ scope, key, at, kind, debit, credit, amount, of, memo }: Asked, id: number, refused: 0 | 1, out: Entry, into: Entry): void {
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
    this.#rows.push(row);
    this.#known.set(nameOf(row), row);
  }
}

function check(asked: Asked): void {
  const { debit, credit, amount } = asked;
  checkName(asked);
  invariant(Number.isSafeInteger(amount) && amount > 0 && amount <= maxAmount, `${amount} coins cannot be moved: 1 to ${maxAmount} can`);
  invariant(debit !== credit, `coins cannot be moved from ${debit} to itself`);
}
