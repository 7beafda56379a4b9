/** The SQL dialect of queries. */
import { PostgresAdapter, type QueryExecutorProvider, SqliteAdapter } from 'kysely';
import { invariant } from '../errors.ts';

/** Queries of a State, with whichever tables. */
export type AnyQueries = QueryExecutorProvider;

export type Dialect = 'sqlite' | 'postgres';

export function dialectOf(queries: AnyQueries): Dialect {
  const { adapter } = queries.getExecutor();
  if (adapter instanceof PostgresAdapter) return 'postgres';
  invariant(adapter instanceof SqliteAdapter, 'queries are for SQLite or PostgreSQL');
  return 'sqlite';
}
