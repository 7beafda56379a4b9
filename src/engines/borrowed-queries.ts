/** Kysely on a connection whose transaction the caller begins and ends: cheap enough to create for each transaction. */
import {
  type CompiledQuery,
  type DatabaseConnection,
  DefaultQueryExecutor,
  type Dialect,
  type Driver,
  Kysely,
  type QueryResult,
} from 'kysely';
import { BrokenInvariant } from '#core/errors.ts';
import type { Queries } from '#core/ports/state.ts';

export type ExecuteQuery = (query: CompiledQuery) => Promise<QueryResult<unknown>>;

/** Returns a function that creates queries from an `execute` function. All of them share one compiler. */
export function borrowedQueries(parts: Omit<Dialect, 'createDriver'>): (execute: ExecuteQuery) => Queries {
  const adapter = parts.createAdapter();
  const compiler = parts.createQueryCompiler();
  const dialect: Dialect = { ...parts, createDriver: () => refusingDriver };
  const config = { dialect };
  return (execute) => {
    const connection: DatabaseConnection = {
      executeQuery: <Row>(query: CompiledQuery) => execute(query) as Promise<QueryResult<Row>>,
      streamQuery: refuseStreaming,
    };
    const executor = new BorrowingExecutor(compiler, adapter, { provideConnection: (consumer) => consumer(connection) });
    return new Kysely({ config, dialect, driver: refusingDriver, executor });
  };
}

/** Kysely's own takes several turns of the queue of microtasks for each query, to hand it through plugins, of which there are none. */
class BorrowingExecutor extends DefaultQueryExecutor {
  override executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    return this.provideConnection((connection) => connection.executeQuery<Row>(query));
  }
}

async function* refuseStreaming(): AsyncGenerator<never> {
  yield await Promise.reject(new BrokenInvariant('streaming holds a snapshot open: page through the rows instead'));
}

async function refuse(): Promise<never> {
  throw new BrokenInvariant('the work already runs in a transaction');
}

/** The connection belongs to the caller: there is none to acquire, and no transaction to begin. */
const refusingDriver: Driver = {
  init: refuse,
  acquireConnection: refuse,
  beginTransaction: refuse,
  commitTransaction: refuse,
  rollbackTransaction: refuse,
  releaseConnection: refuse,
  destroy: refuse,
};
