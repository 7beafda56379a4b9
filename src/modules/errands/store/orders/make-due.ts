/** One bounded round of a scheduler: orders whose time has come are locked and become runs. Any number of schedulers may do it at once. */
import { sql } from 'kysely';
import type { Queries, State } from '#core/ports/state.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import { type MakingContext, makeRuns, makingColumns } from './make-runs.ts';
import { orderTables } from './tables.ts';

/** Orders in a transaction. */
export const ordersAtATime = 500;

export interface Round {
  readonly orders: number;
  readonly runs: number;
}

export async function makeDueRuns(state: State, context: () => MakingContext, limit = ordersAtATime): Promise<Round> {
  return state.write(async (queries) => {
    const now = context();
    const rows = await takeDue(queries, now.now, limit);
    return { orders: rows.length, runs: rows.length === 0 ? 0 : await makeRuns(queries, rows, now) };
  });
}

/** Those that other schedulers hold are skipped. */
function takeDue(queries: Queries, now: number, limit: number) {
  return orderTables(queries)
    .selectFrom('errands_order')
    .select(makingColumns)
    .where('look_at', '<=', now)
    .orderBy('look_at')
    .limit(limit)
    .$if(dialectOf(queries) === 'postgres', (query) => query.forNoKeyUpdate().skipLocked())
    .execute();
}

/** When an order is to be looked at next; undefined when none is. */
export async function nextLookAt(queries: Queries): Promise<number | undefined> {
  const { rows } = await sql<{
    at: number;
  }>`select look_at as at from errands_order where look_at is not null order by look_at limit 1`.execute(queries);
  return rows[0]?.at;
}
