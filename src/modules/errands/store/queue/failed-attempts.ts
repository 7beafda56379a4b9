/** Attempts that failed: their runs can be claimed again, but not before the next attempt begins. */
import { sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import { rowsFrom } from '#core/sql/rows.ts';
import { attemptsMs } from '../../domain/orders.ts';
import type { RunRow } from './tables.ts';

/** After the last planned attempt, the house tries again as often as there is time. */
const furtherMs = 10_000;

const columns = {
  order_id: 'text',
  generation: 'bigint',
  slot: 'bigint',
  copy: 'bigint',
  visible_at: 'bigint',
  failure: 'text',
} as const;

/** Runs that the caller has locked. */
export async function failAttempts(
  queries: Queries,
  failed: readonly { readonly run: RunRow; readonly failure: string }[],
  now: number,
): Promise<void> {
  if (failed.length === 0) return;
  const rows = failed.map(({ run: { order_id, generation, slot, copy, due_at, attempts, fails_at }, failure }) => {
    const startMs = attemptsMs[attempts];
    const next = startMs === undefined ? now + furtherMs : Math.max(now, due_at + startMs);
    return { order_id, generation, slot, copy, visible_at: Math.min(next, fails_at), failure };
  });
  await sql`update errands_run set claimed_at = null, visible_at = failed.visible_at, failure = failed.failure
    from (${rowsFrom(queries, columns, rows)}) as failed
    where errands_run.order_id = failed.order_id and errands_run.generation = failed.generation
      and errands_run.slot = failed.slot and errands_run.copy = failed.copy`.execute(queries);
}
