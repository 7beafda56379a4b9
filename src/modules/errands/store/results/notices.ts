/** A result that is withdrawn is told of once: by a notice, which is numbered like a result, so that it reaches every client in its turn. */
import { sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import { rowsFrom } from '#core/sql/rows.ts';
import { dayOf } from '../../domain/days.ts';
import { afterResults } from '../delivery/hand-over.ts';
import { type LockedOrder, lockedOrder } from '../orders/lock.ts';
import { insertResults, takeFeedNumbers } from './add.ts';
import type { ResultRow } from './tables.ts';

export type WithdrawnResult = Pick<ResultRow, 'order_id' | 'generation' | 'slot' | 'number' | 'account_id' | 'due_at' | 'changed'>;

/** In the transaction that withdraws them, which has locked their orders; customers are locked here. */
export async function addNotices(
  queries: Queries,
  orders: ReadonlyMap<string, LockedOrder>,
  withdrawn: readonly WithdrawnResult[],
  { reason, now }: { readonly reason: string; readonly now: number },
): Promise<void> {
  if (withdrawn.length === 0) return;
  const feeds = await takeFeedNumbers(
    queries,
    withdrawn.map(({ account_id }) => account_id),
  );
  const counts = new Map<string, number>();
  const notices = withdrawn.map((result) => {
    const order = lockedOrder(orders, result.order_id);
    const count = (counts.get(order.id) ?? 0) + 1;
    counts.set(order.id, count);
    return { order, row: noticeOf(result, { number: order.results + count, feed: feeds.next(order.account_id), reason, now }) };
  });
  await Promise.all([insertResults(queries, notices), countNotices(queries, counts), afterResults(queries, notices, now)]);
}

interface Notice {
  readonly number: number;
  readonly feed: number;
  readonly reason: string;
  readonly now: number;
}

function noticeOf(result: WithdrawnResult, { number, feed, reason, now }: Notice): ResultRow {
  return {
    // Of the notice: it is kept as long as results that come at the same time.
    day: dayOf(now),
    account_id: result.account_id,
    feed,
    order_id: result.order_id,
    number,
    generation: result.generation,
    slot: result.slot,
    outcome: 'withdrawn',
    withdraws: result.number,
    reason,
    due_at: result.due_at,
    claimed_at: null,
    delivered_at: now,
    attempts: 0,
    miner_id: null,
    status: null,
    final_address: null,
    content_type: null,
    bytes: 0,
    sha256: null,
    timings: null,
    value: null,
    micros: null,
    // A result that was not sent, because nothing had changed, is not withdrawn from its customer either.
    changed: result.changed,
    body: null,
    body_path: null,
  };
}

const countColumns = { id: 'text', count: 'bigint' } as const;

async function countNotices(queries: Queries, counts: ReadonlyMap<string, number>): Promise<void> {
  const rows = [...counts].map(([id, count]) => ({ id, count }));
  await sql`update errands_order set results = errands_order.results + counted.count, notices = errands_order.notices + counted.count
    from (${rowsFrom(queries, countColumns, rows)}) as counted where errands_order.id = counted.id`.execute(queries);
}
