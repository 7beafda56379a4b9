/** Kysely on one session whose transaction somebody else has begun and will end. */
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import { BrokenInvariant } from '#core/errors.ts';
import type { Queries } from '#core/ports/state.ts';
import type { Session } from './transaction.ts';

export function queriesOn(session: Session): Queries {
  const dialect: Dialect = {
    createDriver: () => new SessionDriver(session),
    createAdapter: () => new PostgresAdapter(),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createIntrospector: (kysely) => new PostgresIntrospector(kysely),
  };
  return new Kysely({ dialect });
}

class SessionConnection implements DatabaseConnection {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const { command, rowCount, rows } = await this.#session.execute<object>(sql, parameters);
    const changes = command !== 'SELECT' && rowCount !== null;
    return changes ? { rows: rows as Row[], numAffectedRows: BigInt(rowCount) } : { rows: rows as Row[] };
  }

  async *streamQuery<Row>(): AsyncGenerator<QueryResult<Row>> {
    yield await Promise.reject(new BrokenInvariant('streaming holds a snapshot open: page through the rows instead'));
  }
}

class SessionDriver implements Driver {
  readonly #connection: SessionConnection;

  constructor(session: Session) {
    this.#connection = new SessionConnection(session);
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
