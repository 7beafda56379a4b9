/** Runs that nobody fetched in time fail, and their coins go back: in one transaction, so that the promise holds whatever happens. */
import { sql } from 'kysely';
import type { Queries, State } from '#core/ports/state.ts';
import { copyText, runText } from '../../domain/orders.ts';
import { lockOrders } from '../orders/lock.ts';
import { addResults } from '../results/add.ts';
import { refundCopies } from '../settlement/refund.ts';
import { type EndingRun, endRuns } from './end-runs.ts';
import { copyOf, lockRuns, removeRuns } from './lock.ts';
import type { RunRow } from './tables.ts';

type Named = Pick<RunRow, 'order_id' | 'generation' | 'slot' | 'copy'>;

/** Resolves how many copies failed: as many as the limit means that there may be more. */
export async function failOverdue(state: State, now: number, limit: number): Promise<number> {
  return state.write(async (queries) => {
    const { rows } = await sql<Named>`select order_id, generation, slot, copy from errands_run
      where fails_at <= ${now} order by fails_at limit ${limit}`.execute(queries);
    if (rows.length === 0) return 0;
    return failRuns(queries, rows, now, { isWanted: ({ fails_at }) => fails_at <= now });
  });
}

interface Failing {
  /** Asked of each run when it is locked. */
  isWanted(run: RunRow): boolean;
  /** Why they fail; else why the last attempt did. */
  readonly reason?: string;
}

/**
 * Takes copies out of the queue and pays them back; a run without copies and without a result gets a failed one. Resolves how
 * many. In the caller's transaction, which may have locked the orders of these copies, and locks nothing of runs or wallets.
 */
async function failRuns(queries: Queries, named: readonly Named[], now: number, { isWanted, reason }: Failing): Promise<number> {
  const orders = await lockOrders(
    queries,
    named.map(({ order_id }) => order_id),
  );
  const locked = await lockRuns(queries, named.map(copyOf));
  const failing = [...locked.values()].filter(isWanted);
  if (failing.length === 0) return 0;
  await removeRuns(queries, failing.map(copyOf));
  const runs = new Map(failing.map((row) => [runText(copyOf(row)), endingOf(row, reason)]));
  const ended = await endRuns(queries, [...runs.values()], now);
  await addResults(queries, orders, { results: ended.results, earned: [] }, now);
  const refunds = failing.map((row) => ({ ...copyOf(row), accountId: row.account_id }));
  const byName = [...refunds, ...ended.refunds].sort((one, other) => (copyText(one) < copyText(other) ? -1 : 1));
  await refundCopies(queries, byName, now);
  return failing.length;
}

function endingOf(row: RunRow, reason: string | undefined): EndingRun {
  const { account_id: accountId, order_id: orderId, generation, slot, copies, due_at: dueAt, claimed_at: claimedAt, attempts } = row;
  const why = reason ?? row.failure ?? (attempts === 0 ? 'not-claimed' : 'no-answer');
  return { orderId, generation, slot, accountId, copies, dueAt, claimedAt, attempts, failure: why };
}
