/**
 * State: the relational store, one set of queries (through Kysely) for SQLite and PostgreSQL.
 *
 * Promises:
 * - `write` runs its work in one transaction. When it resolves, the work is durable (survives kill -9 and power loss);
 *   when it rejects, nothing is stored. A failed write never affects writes committed together with it;
 * - writes that arrive together may be committed together (group commit). SQLite runs them one after another; on PostgreSQL
 *   they run at READ COMMITTED and are retried on a serialization failure or deadlock, so work must be repeatable:
 *   no effects outside the transaction;
 * - `read` sees one consistent snapshot, including every `write` that resolved before;
 * - queries issued without waiting in between (`Promise.all`) run in the order they were issued, and are sent together;
 * - work awaits nothing but queries, and ends within `writeTimeoutMs` or is rolled back with `timed_out`;
 * - integers are returned as numbers; one beyond 2^53 is refused, never rounded;
 * - the number of waiting writes is bounded: beyond it, `overloaded`.
 */
import type { Kysely } from 'kysely';

/** Each store declares its tables: `queries.withTables<StocksTables>()`. */
// biome-ignore lint/complexity/noBannedTypes: Kysely's notation for "no tables known yet"
export type Queries = Kysely<{}>;

export interface State {
  /** Abilities in which the dialects differ. */
  readonly can: {
    readonly forUpdateSkipLocked: boolean;
  };
  read<Result>(work: (queries: Queries) => Promise<Result>): Promise<Result>;
  write<Result>(work: (queries: Queries) => Promise<Result>): Promise<Result>;
  /** Applies missing migrations in order, under a lock; returns the ids that it applied. */
  migrate(migrations: readonly Migration[]): Promise<readonly string[]>;
  /** The ids that `migrate` would apply. */
  pending(migrations: readonly Migration[]): Promise<readonly string[]>;
  /** Called after a committed write in this or another process: a hint that may come late, or once for many writes. */
  onChange(listener: () => void): () => void;
  /** Resolves when the store answers; rejects with the reason when it does not. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface Migration {
  /** Sorts after every earlier one of its module, and is never changed once released: `stocks-001-results`. */
  readonly id: string;
  up(queries: Queries): Promise<void>;
}
