/**
 * State: the relational store, one set of queries (through Kysely) for SQLite and PostgreSQL.
 *
 * Promises:
 * - `write` runs its work in one transaction; when it resolves, the work is durable (survives kill -9 and power loss),
 *   when it rejects, nothing of it is stored. A failed write never harms writes that were committed beside it;
 * - writes that arrive together may be committed together (group commit). SQLite runs them one after another; on PostgreSQL
 *   they run at READ COMMITTED and are tried again on a serialization failure or deadlock, so work must be repeatable:
 *   no effects outside the transaction;
 * - `read` sees one consistent snapshot, and everything whose `write` had resolved before;
 * - queries that work asks without waiting in between (`Promise.all`) run in the order they were asked, and travel together;
 * - work must await nothing but queries, and ends within `writeTimeoutMs`, or is rolled back with `timed_out`;
 * - integers come back as numbers; one beyond 2^53 is refused, never rounded;
 * - the number of waiting writes is bounded: beyond it, `overloaded`.
 */
import type { Kysely } from 'kysely';

/** Each store names its own tables: `queries.withTables<StocksTables>()`. */
// biome-ignore lint/complexity/noBannedTypes: Kysely's own notation for "no tables known yet"
export type Queries = Kysely<{}>;

export interface State {
  /** Where the dialects differ in what they can do. */
  readonly can: {
    readonly forUpdateSkipLocked: boolean;
  };
  read<Result>(work: (queries: Queries) => Promise<Result>): Promise<Result>;
  write<Result>(work: (queries: Queries) => Promise<Result>): Promise<Result>;
  /** Applies what is missing, in order, under a lock; returns the ids applied now. */
  migrate(migrations: readonly Migration[]): Promise<readonly string[]>;
  /** The ids that `migrate` would apply. */
  pending(migrations: readonly Migration[]): Promise<readonly string[]>;
  /** Called after somebody committed a write, here or in another process; a hint that may come late or once for many. */
  onChange(listener: () => void): () => void;
  /** Resolves when the store answers; rejects with why not. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface Migration {
  /** Sorts after every earlier one of its market, and is never changed once released: `stocks-001-results`. */
  readonly id: string;
  up(queries: Queries): Promise<void>;
}
