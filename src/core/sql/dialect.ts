/** Which dialect queries are written in, asked of the queries themselves. */
import { PostgresAdapter, type QueryExecutorProvider, SqliteAdapter } from 'kysely';
import { invariant } from '../errors.ts';
import type { Dialect } from '../ports/state.ts';

/** Queries of a State, with whichever tables. A dialect by its name is taken too, until no caller hands one on. */
export type DialectSource = QueryExecutorProvider | Dialect;

export function dialectOf(queries: DialectSource): Dialect {
  if (typeof queries === 'string') return queries;
  const { adapter } = queries.getExecutor();
  if (adapter instanceof PostgresAdapter) return 'postgres';
  invariant(adapter instanceof SqliteAdapter, 'queries are for SQLite or PostgreSQL');
  return 'sqlite';
}
