/** Runs that nobody has begun are taken back when their order changes: their coins are prepaid again. */
import { sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import { rowsFrom } from '#core/sql/rows.ts';
import { manualGeneration } from '../../domain/orders.ts';
import { queueTables, type RunRow } from '../queue/tables.ts';

/** So close to their time runs stay: another process may hand them out by a clock that is a little ahead. */
const marginMs = 1_000;

/** `not-due`: those of the schedule that lie ahead. `not-begun`: all that no miner has had, also those asked for by hand. */
export type Withdrawn = 'not-due' | 'not-begun';

export interface Withdrawal {
  /** Of the schedule, without those asked for by hand. */
  readonly slots: number;
  readonly runs: number;
  readonly coins: number;
  /** When the last of the runs that stay is due. */
  readonly lastDueAt: number | undefined;
  readonly rows: readonly Pick<RunRow, 'generation' | 'slot' | 'copy'>[];
}

type LockedRun = Pick<RunRow, 'generation' | 'slot' | 'copy' | 'copies' | 'due_at' | 'attempts'>;

/** Finds them, and locks all runs of the order: who claims passes over them until this transaction ends. */
export async function findWithdrawal(queries: Queries, orderId: string, which: Withdrawn, now: number): Promise<Withdrawal> {
  const locked: readonly LockedRun[] = await queueTables(queries)
    .selectFrom('errands_run')
    .select(['generation', 'slot', 'copy', 'copies', 'due_at', 'attempts'])
    .where('order_id', '=', orderId)
    .orderBy('generation')
    .orderBy('slot')
    .orderBy('copy')
    .$if(dialectOf(queries) === 'postgres', (query) => query.forUpdate())
    .execute();
  const runs = [...Map.groupBy(locked, ({ generation, slot }) => `${generation}/${slot}`).values()];
  const [taken, kept] = [runs.filter((copies) => isFree(copies, which, now)), runs.filter((copies) => !isFree(copies, which, now))];
  const keptDueAts = kept.flat().map(({ due_at }) => due_at);
  return {
    slots: taken.filter(([first]) => first?.generation !== manualGeneration).length,
    runs: taken.length,
    coins: taken.flat().length,
    lastDueAt: keptDueAts.length === 0 ? undefined : Math.max(...keptDueAts),
    rows: taken.flat(),
  };
}

/** A copy that was answered is not in the queue any more. */
function isFree(copies: readonly LockedRun[], which: Withdrawn, now: number): boolean {
  const [first] = copies;
  if (first === undefined || copies.length !== first.copies || copies.some(({ attempts }) => attempts > 0)) return false;
  return which === 'not-begun' || (first.generation !== manualGeneration && first.due_at > now + marginMs);
}

const nameColumns = { generation: 'bigint', slot: 'bigint', copy: 'bigint' } as const;

export async function withdraw(queries: Queries, orderId: string, { rows }: Withdrawal): Promise<void> {
  if (rows.length === 0) return;
  await sql`delete from errands_run where order_id = ${orderId}
    and (generation, slot, copy) in (${rowsFrom(queries, nameColumns, rows)})`.execute(queries);
}
