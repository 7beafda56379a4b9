/** Kysely on an SQLite connection whose transaction the caller begins and ends. */
import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import { KontorError } from '#core/errors.ts';
import type { Queries } from '#core/ports/state.ts';
import { borrowedQueries } from '../borrowed-queries.ts';
import type { SqliteConnection } from './connection.ts';

const sqliteQueries = borrowedQueries({
  createAdapter: () => new SqliteAdapter(),
  createQueryCompiler: () => new SqliteQueryCompiler(),
  createIntrospector: (kysely) => new SqliteIntrospector(kysely),
});

/** Queries that are refused after `end`, so that late ones do not reach the next transaction. */
export function queriesOn(connection: Pick<SqliteConnection, 'execute'>): { queries: Queries; end(): void } {
  let ended = false;
  const queries = sqliteQueries(async ({ sql, parameters }) => {
    if (ended) throw new KontorError('timed_out', 'The transaction has ended: it took too long, or a query was not awaited');
    const { rows, changes } = connection.execute(sql, parameters);
    return { rows, numAffectedRows: changes };
  });
  return {
    queries,
    end() {
      ended = true;
    },
  };
}
