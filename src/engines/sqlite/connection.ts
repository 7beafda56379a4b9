/** A connection to an SQLite file in write-ahead mode: caches prepared statements and maps errors to Kontor's codes. */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';

const maxStatements = 500;
const firstPauseMs = 1;
const longestPauseMs = 50;

export interface ConnectionOptions {
  readonly path: string;
  readonly readOnly?: boolean;
  /** Pages in the write-ahead log at which a commit also checkpoints. */
  readonly checkpointPages?: number;
  /** Applies to a newly created file. */
  readonly pageBytes?: number;
}

/** For `execute`. Its rows are arrays: building plain objects from them takes half the time of node:sqlite's objects. */
interface Statement {
  readonly prepared: StatementSync;
  /** Empty when it returns no rows. */
  readonly columns: readonly string[];
}

export interface Outcome {
  /** Plain objects with a field per column. */
  readonly rows: unknown[];
  readonly changes: bigint;
}

export class SqliteConnection {
  readonly path: string;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, Statement>();
  readonly #prepared = new Map<string, StatementSync>();

  constructor({ path, readOnly = false, checkpointPages = 1_000, pageBytes = 4_096 }: ConnectionOptions) {
    this.path = path;
    try {
      // timeout 0: waiting for another process's lock must not block the event loop; see `whenNotBusy`.
      this.#database = new DatabaseSync(path, { readOnly, timeout: 0, defensive: true });
    } catch (error) {
      throw storageError(error, path);
    }
    try {
      this.#database.exec('pragma foreign_keys = on; pragma trusted_schema = off; pragma temp_store = memory; pragma cache_size = -4000');
      if (!readOnly) {
        this.#database.exec(
          `pragma page_size = ${pageBytes}; pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = ${checkpointPages}`,
        );
        this.#database.exec('pragma journal_size_limit = 67108864');
      }
    } catch (error) {
      this.#database.close();
      throw storageError(error, path);
    }
  }

  get inTransaction(): boolean {
    return this.#database.isTransaction;
  }

  /** Statements without parameters or rows: transactions, savepoints, schema. */
  exec(sql: string): void {
    try {
      this.#database.exec(sql);
    } catch (error) {
      throw storageError(error, this.path);
    }
  }

  execute(sql: string, parameters: readonly unknown[] = []): Outcome {
    try {
      const { prepared, columns } = this.#statement(sql);
      const values = parameters.map(inputValue);
      if (columns.length > 0) return { rows: objectsOf(prepared, columns, prepared.all(...values)), changes: 0n };
      const { changes } = prepared.run(...values);
      // The columns of `select *` may have changed.
      if (changesSchema.test(sql)) this.#statements.clear();
      return { rows: [], changes: BigInt(changes) };
    } catch (error) {
      throw storageError(error, this.path);
    }
  }

  /** A statement for hot loops, prepared once; the caller binds values without conversion. */
  prepare(sql: string): StatementSync {
    return recent(this.#prepared, sql, () => this.#database.prepare(sql));
  }

  rollback(): void {
    if (this.inTransaction) this.exec('rollback');
  }

  /** Changes whenever another connection or process commits. */
  dataVersion(): number {
    return (this.prepare('pragma data_version').get() as { data_version: number }).data_version;
  }

  close(): void {
    this.#statements.clear();
    this.#prepared.clear();
    if (this.#database.isOpen) this.#database.close();
  }

  #statement(sql: string): Statement {
    return recent(this.#statements, sql, () => {
      const prepared = this.#database.prepare(sql.replace(boundLimit, 'limit 0 + ?'));
      prepared.setReturnArrays(true);
      return { prepared, columns: columnsOf(prepared) };
    });
  }
}

/**
 * SQLite looks at the value of a parameter that is a limit, and therefore compiles the statement again each time it is bound, which
 * takes many times as long as to run it. It does not look into a sum.
 */
const boundLimit = /\blimit \?(?!\d)/gi;
const changesSchema = /^\s*(create|alter|drop)\s/i;

function columnsOf(prepared: StatementSync): readonly string[] {
  return prepared.columns().map(({ name }) => name);
}

function objectsOf(prepared: StatementSync, known: readonly string[], rows: unknown): unknown[] {
  const arrays = rows as readonly (readonly unknown[])[];
  // Another process may have changed the schema since the columns were read.
  const columns = arrays[0] !== undefined && arrays[0].length !== known.length ? columnsOf(prepared) : known;
  return arrays.map((values) => {
    const row: Record<string, unknown> = {};
    for (let index = 0; index < columns.length; index += 1) row[columns[index] as string] = values[index];
    return row;
  });
}

/** Returns the cached value or creates it; drops the least recently used beyond the limit. */
function recent<Value>(kept: Map<string, Value>, key: string, make: () => Value): Value {
  const value = kept.get(key) ?? make();
  kept.delete(key);
  kept.set(key, value);
  if (kept.size > maxStatements) {
    const oldest = kept.keys().next().value;
    if (oldest !== undefined) kept.delete(oldest);
  }
  return value;
}

/** Whole numbers are bound as integers (node:sqlite binds every number as a float), so that division is the same in both dialects. */
function inputValue(value: unknown): SQLInputValue {
  if (typeof value === 'number' && Number.isInteger(value)) {
    if (!Number.isSafeInteger(value)) throw new KontorError('invalid_input', `${value} is beyond 2^53 and would be rounded`);
    return BigInt(value);
  }
  if (typeof value === 'bigint' && BigInt.asIntN(54, value) !== value) {
    throw new KontorError('invalid_input', `${value} is beyond 2^53 and would be rounded`);
  }
  return value as SQLInputValue;
}

/** Retries with growing pauses, without blocking, while another process holds the lock. */
export async function whenNotBusy<Result>(clock: Clock, limitMs: number, attempt: () => Result): Promise<Result> {
  const until = clock.monotonicMs() + limitMs;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      return attempt();
    } catch (error) {
      const busy = error instanceof KontorError && error.code === 'storage_busy';
      if (!busy || clock.monotonicMs() + pauseMs > until) throw error;
    }
    await clock.sleep(pauseMs);
  }
}

/** SQLite's primary result codes: https://sqlite.org/rescode.html */
const codes = { busy: 5, locked: 6, readOnly: 8, ioError: 10, corrupt: 11, full: 13, cantOpen: 14, constraint: 19, notADatabase: 26 };

export function storageError(error: unknown, path: string): unknown {
  if (!(error instanceof Error)) return error;
  if ('code' in error && error.code === 'ERR_OUT_OF_RANGE') {
    return new KontorError('internal', `A stored integer is beyond 2^53 and would be rounded (${path})`, { cause: error });
  }
  if (!('errcode' in error) || typeof error.errcode !== 'number') return error;
  const options = { cause: error };
  switch (error.errcode & 255) {
    case codes.busy:
    case codes.locked:
      return new KontorError('storage_busy', `Another process holds ${path} locked: stop it, or use another DATA_DIR`, options);
    case codes.full:
      return new KontorError(
        'storage_full',
        `The disk that holds ${path} is full: make room; nothing that was acknowledged is lost`,
        options,
      );
    case codes.readOnly:
      return new KontorError(
        'storage_read_only',
        `${path} cannot be written: give this user the right to write it, or use another DATA_DIR`,
        options,
      );
    case codes.cantOpen:
      return new KontorError(
        'storage_read_only',
        `${path} cannot be opened or created: check that its folder exists and can be written, or use another DATA_DIR`,
        options,
      );
    case codes.corrupt:
    case codes.notADatabase:
      return new KontorError(
        'storage_damaged',
        `${path} is damaged (${error.message}): move it away and restore it from a backup`,
        options,
      );
    case codes.ioError:
      return new KontorError('unavailable', `Reading or writing ${path} failed (${error.message}): check the disk`, options);
    case codes.constraint:
      return new KontorError('conflict', error.message, {
        cause: error,
        details: [{ field: constraintField(error.message), message: error.message }],
      });
    default:
      return error;
  }
}

/** `UNIQUE constraint failed: person.email` → `person.email`; `CHECK constraint failed: name` → `name`. */
function constraintField(message: string): string {
  return /constraint failed: (.+)$/.exec(message)?.[1] ?? '';
}
