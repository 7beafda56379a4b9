/** Runs whose last copy left the queue, and whose answers do not agree: they fail, and nobody is paid for them. */
import { sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import { rowsFrom } from '#core/sql/rows.ts';
import { type RunName, runText } from '../../domain/orders.ts';
import type { NewResult } from '../results/add.ts';
import { answersOf, setVerdicts } from '../results/answers.ts';
import type { RefundedCopy } from '../settlement/refund.ts';

export interface EndingRun extends RunName {
  readonly accountId: string;
  readonly copies: number;
  readonly dueAt: number;
  readonly claimedAt: number | null;
  readonly attempts: number;
  /** Why it fails where nobody answered. */
  readonly failure: string;
}

export interface EndedRuns {
  readonly results: readonly NewResult[];
  readonly refunds: readonly RefundedCopy[];
}

/** In the caller's transaction, which locks the orders and has removed the copies. Those with open copies or a result go on. */
export async function endRuns(queries: Queries, runs: readonly EndingRun[], now: number): Promise<EndedRuns> {
  const several = runs.filter(({ copies }) => copies > 1);
  const [open, answers] = await Promise.all([openRuns(queries, several), answersOf(queries, several)]);
  const ended = runs.filter(
    (run) => !open.has(runText(run)) && !(answers.get(runText(run)) ?? []).some(({ verdict }) => verdict === 'accepted'),
  );
  const waiting = ended.flatMap((run) =>
    (answers.get(runText(run)) ?? []).filter(({ verdict }) => verdict === 'waiting').map(({ copy }) => ({ run, copy })),
  );
  await setVerdicts(
    queries,
    waiting.map(({ run: { orderId, generation, slot }, copy }) => {
      const name = { orderId, generation, slot, copy };
      return { ...name, verdict: 'refused', reason: 'no-majority', payment: 'refunded', settlesAt: now };
    }),
  );
  const disagreeing = new Set(waiting.map(({ run }) => run));
  return {
    results: ended.map((run) => {
      const { orderId, generation, slot, dueAt, claimedAt, attempts } = run;
      const failure = disagreeing.has(run) ? 'no-majority' : run.failure;
      return { orderId, generation, slot, dueAt, claimedAt, attempts, minerId: null, got: { failure } };
    }),
    refunds: waiting.map(({ run: { orderId, generation, slot, accountId }, copy }) => ({ orderId, generation, slot, copy, accountId })),
  };
}

const columns = { order_id: 'text', generation: 'bigint', slot: 'bigint' } as const;

async function openRuns(queries: Queries, runs: readonly RunName[]): Promise<ReadonlySet<string>> {
  if (runs.length === 0) return new Set();
  const rows = runs.map(({ orderId, generation, slot }) => ({ order_id: orderId, generation, slot }));
  const found = await sql<{ order_id: string; generation: number; slot: number }>`select distinct run.order_id, run.generation, run.slot
    from errands_run run join (${rowsFrom(queries, columns, rows)}) as named
      on run.order_id = named.order_id and run.generation = named.generation and run.slot = named.slot`.execute(queries);
  return new Set(found.rows.map(({ order_id: orderId, generation, slot }) => runText({ orderId, generation, slot })));
}
