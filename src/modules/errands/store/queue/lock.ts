/** Runs are locked after their orders, by their names: so no two transactions wait for each other. */
import { sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import { rowsFrom } from '#core/sql/rows.ts';
import type { PreparedAnswer } from '../../domain/answers.ts';
import { type CopyName, copyText } from '../../domain/orders.ts';
import { copiesFound, copyColumns, copyRows, leaseColumns } from './named.ts';
import type { RunRow } from './tables.ts';

const heldColumns = { ...leaseColumns, miner_id: 'text' } as const;

/**
 * Takes runs out of the queue that have one copy, and are with these miners by these leases. Resolves them by their names: all
 * others are as they were.
 */
export async function takeRuns(
  queries: Queries,
  answers: readonly Pick<PreparedAnswer, 'lease' | 'miner'>[],
  now: number,
): Promise<ReadonlyMap<string, RunRow>> {
  const rows = answers.map(({ lease: { orderId, generation, slot, copy, secret }, miner }) => {
    return { order_id: orderId, generation, slot, copy, lease: secret, miner_id: miner.accountId };
  });
  const taken = await sql<RunRow>`delete from errands_run
    where (order_id, generation, slot, copy, lease, miner_id) in (${rowsFrom(queries, heldColumns, rows)})
      and copies = 1 and claimed_at is not null and fails_at > ${now}
      and not exists (select 1 from errands_miner where account_id = errands_run.miner_id and state = 'shut-out')
    returning *`.execute(queries);
  return byName(taken.rows);
}

/** Those that are still in the queue, by their names. */
export async function lockRuns(queries: Queries, copies: readonly CopyName[]): Promise<ReadonlyMap<string, RunRow>> {
  if (copies.length === 0) return new Map();
  const found = copiesFound(queries, 'errands_run', copies, { locked: true });
  const { rows } = await sql<RunRow>`select found.* from ${found}`.execute(queries);
  return byName(rows);
}

function byName(rows: readonly RunRow[]): ReadonlyMap<string, RunRow> {
  return new Map(rows.map((row) => [copyText(copyOf(row)), row]));
}

export function copyOf({ order_id: orderId, generation, slot, copy }: Pick<RunRow, 'order_id' | 'generation' | 'slot' | 'copy'>): CopyName {
  return { orderId, generation, slot, copy };
}

/** Takes copies out of the queue that the caller has locked. */
export async function removeRuns(queries: Queries, copies: readonly CopyName[]): Promise<void> {
  if (copies.length === 0) return;
  const named = rowsFrom(queries, copyColumns, copyRows(copies));
  await sql`delete from errands_run where (order_id, generation, slot, copy) in (${named})`.execute(queries);
}
