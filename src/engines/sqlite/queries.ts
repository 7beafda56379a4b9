/** Kysely on one SQLite connection whose transaction somebody else has begun and will end. */
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { BrokenInvariant, KontorError } from '#core/errors.ts';
import type { Queries } from '#core/ports/state.ts';
import type { SqliteConnection } from './connection.ts';

/** Queries that work until `end` is called: work that outlives its transaction must not reach into the next one. */
export function queriesOn(connection: SqliteConnection): { queries: Queries; end(): void } {
  const borrowed = new BorrowedConnection(connection);
  const dialect: Dialect = {
    createDriver: () => new BorrowedDriver(borrowed),
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
  };
  return { queries: new Kysely({ dialect }), end: () => borrowed.end() };
}

class BorrowedConnection implements DatabaseConnection {
  readonly #connection: SqliteConnection;
  #ended = false;

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }

  end(): void {
    this.#ended = true;
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    if (this.#ended) throw new KontorError('timed_out', 'The transaction is over: it took too long, or a query was not awaited');
    const { rows, changes } = this.#connection.execute(sql, parameters);
    return { rows: rows as Row[], numAffectedRows: changes };
  }

  async *streamQuery<Row>(): AsyncGenerator<QueryResult<Row>> {
    yield await Promise.reject(new BrokenInvariant('streaming holds a snapshot open: page through the rows instead'));
  }
}

class BorrowedDriver implements Driver {
  readonly #connection: BorrowedConnection;

  constructor(connection: BorrowedConnection) {
    this.#connection = connection;
  }

  async init(): Promise<void> {}
  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }
  async beginTransaction(): Promise<void> {
    throw new BrokenInvariant('the work runs in a transaction already');
  }
  async commitTransaction(): Promise<void> {}
  async rollbackTransaction(): Promise<void> {}
  async releaseConnection(): Promise<void> {}
  async destroy(): Promise<void> {}
}
