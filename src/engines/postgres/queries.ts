/** Kysely on a session whose transaction the caller begins and ends. */
import { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import { borrowedQueries } from '../borrowed-queries.ts';
import type { Session } from './transaction.ts';

const postgresQueries = borrowedQueries({
  createAdapter: () => new PostgresAdapter(),
  createQueryCompiler: () => new PostgresQueryCompiler(),
  createIntrospector: (kysely) => new PostgresIntrospector(kysely),
});

export function queriesOn(session: Session): Queries {
  return postgresQueries(async ({ sql, parameters }) => {
    const { command, rowCount, rows } = await session.execute<object>(sql, parameters);
    const changes = command !== 'SELECT' && rowCount !== null;
    return changes ? { rows, numAffectedRows: BigInt(rowCount) } : { rows };
  });
}
