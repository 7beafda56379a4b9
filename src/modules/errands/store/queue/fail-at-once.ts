/** Runs that can never be fetched, such as those of a host that is too busy: nobody claims them, and they fail when they are due. */
import { sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import { rowsFrom } from '#core/sql/rows.ts';
import type { RunName } from '../../domain/orders.ts';

export interface DoomedRun extends RunName {
  /** In a word that pages translate. */
  readonly reason: string;
}

const columns = { order_id: 'text', generation: 'bigint', slot: 'bigint', reason: 'text' } as const;

/** In the transaction that made them. */
export async function failAtOnce(queries: Queries, runs: readonly DoomedRun[]): Promise<void> {
  if (runs.length === 0) return;
  const rows = runs.map(({ orderId, generation, slot, reason }) => ({ order_id: orderId, generation, slot, reason }));
  await sql`update errands_run set failure = doomed.reason, fails_at = errands_run.due_at
    from (${rowsFrom(queries, columns, rows)}) as doomed
    where errands_run.order_id = doomed.order_id and errands_run.generation = doomed.generation and errands_run.slot = doomed.slot`.execute(
    queries,
  );
}
