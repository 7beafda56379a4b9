/** Law errands-3: while the house runs, no run is due for longer than the promise without a result or a refund. */
import { sql } from 'kysely';
import { type Books, type Finding, type Law, maxViolations, type Scope } from '#core/laws/law.ts';
import type { Queries } from '#core/ports/state.ts';
import { promiseMs } from '../../domain/orders.ts';
import { lastBeat } from './beat.ts';

export const promiseLaw: Law = {
  id: 'errands-3',
  says: 'While schedulers run, no run is due for longer than 120 s without a result or a refund, and no slot of an active order stays unmade; what was due while the house stood still has as long from its start.',
  enforcedBy:
    'failing and refunding what is open 115 s after it was due (store/queue), and orders as their own cursors (store/orders/make-due.ts)',
  check: (books, scope) => checkPromise(books, scope),
};

async function checkPromise({ state }: Books, _scope: Scope): Promise<Finding> {
  return state.read(async (queries) => {
    const beat = await lastBeat(queries);
    // Before so long a time nothing can be late: the house has only just begun.
    if (beat === undefined || beat.at - beat.since <= promiseMs)
      return { checked: 'nothing: the house has only just begun', violations: [] };
    const dueBefore = beat.at - promiseMs;
    const violations = [...(await lateRuns(queries, dueBefore)), ...(await lateOrders(queries, dueBefore))];
    return { checked: 'runs and orders that are due', violations: violations.slice(0, maxViolations) };
  });
}

const limit = sql.lit(maxViolations);

/** `fails_at` has an index, and comes less than the promise after a run is due. */
async function lateRuns(queries: Queries, dueBefore: number): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string; due_at: number }>`
    select order_id || '/' || generation || '/' || slot || '/' || copy as name, due_at
    from errands_run where fails_at < ${dueBefore + promiseMs} and due_at < ${dueBefore} order by fails_at limit ${limit}`.execute(queries);
  return rows.map(({ name, due_at }) => `${name} was due at ${due_at}, and has neither a result nor a refund`);
}

async function lateOrders(queries: Queries, dueBefore: number): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string; due_at: number }>`
    select id as name, coalesce(next_at, look_at) as due_at
    from errands_order where state = 'active' and look_at < ${dueBefore} and coalesce(next_at, look_at) < ${dueBefore}
    order by look_at limit ${limit}`.execute(queries);
  return rows.map(({ name, due_at }) => `${name} was due at ${due_at}, and no run was made`);
}
