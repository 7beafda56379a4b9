/** Adds runs to the queue, each once: a run that is made a second time adds nothing. */
import { sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import { rowsFrom } from '#core/sql/rows.ts';
import { failMs, type RunName } from '../../domain/orders.ts';

export interface NewRun extends RunName {
  readonly accountId: string;
  /** How many miners fetch it. */
  readonly copies: number;
  readonly dueAt: number;
  /** From when it can be claimed: when it is due and its host is ready. */
  readonly visibleAt: number;
}

const columns = {
  account_id: 'text',
  order_id: 'text',
  generation: 'bigint',
  slot: 'bigint',
  copy: 'bigint',
  copies: 'bigint',
  due_at: 'bigint',
  visible_at: 'bigint',
  fails_at: 'bigint',
} as const;

/** In the caller's transaction, which holds their orders' locks and counts them there. */
export async function addRuns(queries: Queries, runs: readonly NewRun[]): Promise<void> {
  if (runs.length === 0) return;
  const rows = runs.flatMap(({ accountId, orderId, generation, slot, copies, dueAt, visibleAt }) =>
    Array.from({ length: copies }, (_, index) => ({
      account_id: accountId,
      order_id: orderId,
      generation,
      slot,
      copy: index + 1,
      copies,
      due_at: dueAt,
      visible_at: visibleAt,
      fails_at: dueAt + failMs,
    })),
  );
  await sql`insert into errands_run
      (account_id, order_id, generation, slot, copy, copies, due_at, visible_at, fails_at, attempts, audience)
    select input.*, 0, 'anyone' from (${rowsFrom(queries, columns, rows)}) as input where true
    on conflict (order_id, generation, slot, copy) do nothing`.execute(queries);
}
