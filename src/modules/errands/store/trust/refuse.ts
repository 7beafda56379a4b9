/** Refusing answers that were believed: their customers get the coins back, results are withdrawn, and the house fetches again what is still in time. */
import { sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import { rowsFrom } from '#core/sql/rows.ts';
import { type CopyName, copyText, failMs, manualGeneration, type RunName, runText } from '../../domain/orders.ts';
import { goldCustomer } from '../../domain/trust/gold.ts';
import type { LockedOrder } from '../orders/lock.ts';
import { addRuns, type NewRun } from '../queue/make.ts';
import { answersOf, type StoredAnswer, setVerdicts } from '../results/answers.ts';
import { addNotices, type WithdrawnResult } from '../results/notices.ts';
import type { ResultRow } from '../results/tables.ts';
import { countCopies, type RefundedCopy } from '../settlement/refund.ts';

/** The house needs so long to fetch a page again. */
const againMs = 30_000;

export interface Refusing {
  readonly orders: ReadonlyMap<string, LockedOrder>;
  /** Why, in a word that pages translate. */
  readonly reason: 'lie' | 'shut-out';
  readonly now: number;
}

/**
 * In the caller's transaction, which has locked the orders of these answers and then the answers. None of them is paid yet, or refused. Resolves what
 * is to be refunded; who calls does that last, because it locks wallets.
 */
export async function refuseAnswers(
  queries: Queries,
  answers: readonly StoredAnswer[],
  { orders, reason, now }: Refusing,
): Promise<readonly RefundedCopy[]> {
  if (answers.length === 0) return [];
  const names = answers.map(nameOf);
  const withdrawn = await withdrawResults(queries, await unsupportedRuns(queries, names), reason);
  const inTime = withdrawn.filter(({ order_id, account_id, due_at }) => {
    const isWanted = account_id !== goldCustomer && orders.get(order_id)?.state !== 'cancelled';
    return isWanted && due_at + failMs > now + againMs;
  });
  await fetchAgain(queries, inTime, now);
  // Their coins pay for the house.
  const paysForAgain = new Set(
    inTime.flatMap((result) => names.find((name) => runText(name) === runText(runOf(result))) ?? []).map(copyText),
  );
  const accepted = answers.filter(({ verdict }) => verdict === 'accepted').map(nameOf);
  await countCopies(queries, 'earned', accepted, -1);
  await setVerdicts(
    queries,
    names.map((name) => ({
      orderId: name.orderId,
      generation: name.generation,
      slot: name.slot,
      copy: name.copy,
      verdict: 'refused',
      reason,
      payment: paysForAgain.has(copyText(name)) ? 'none' : 'refunded',
      settlesAt: now,
    })),
  );
  await addNotices(queries, orders, withdrawn, { reason, now });
  return answers
    .map((answer) => ({ ...nameOf(answer), accountId: answer.account_id }))
    .filter((copy) => !paysForAgain.has(copyText(copy)))
    .sort((one, other) => (copyText(one) < copyText(other) ? -1 : 1));
}

function nameOf({ order_id: orderId, generation, slot, copy }: StoredAnswer): CopyName {
  return { orderId, generation, slot, copy };
}

function runOf({ order_id: orderId, generation, slot }: Pick<ResultRow, 'order_id' | 'generation' | 'slot'>): RunName {
  return { orderId, generation, slot };
}

/** Runs of which no other answer was accepted: an honest miner may have said the same. */
async function unsupportedRuns(queries: Queries, refused: readonly CopyName[]): Promise<readonly RunName[]> {
  const refusedNames = new Set(refused.map(copyText));
  const runs = [...new Map(refused.map((name) => [runText(name), name])).values()];
  const known = await answersOf(queries, runs);
  return runs.filter(
    (run) =>
      !(known.get(runText(run)) ?? []).some((answer) => answer.verdict === 'accepted' && !refusedNames.has(copyText(nameOf(answer)))),
  );
}

const runColumns = { order_id: 'text', generation: 'bigint', slot: 'bigint' } as const;

function runRows(runs: readonly RunName[]) {
  return runs.map(({ orderId, generation, slot }) => ({ order_id: orderId, generation, slot }));
}

/** They keep their numbers, because clients count by them: what they are told is a notice with numbers of its own. */
async function withdrawResults(queries: Queries, runs: readonly RunName[], reason: string): Promise<readonly WithdrawnResult[]> {
  if (runs.length === 0) return [];
  const { rows } = await sql<WithdrawnResult>`update errands_result set outcome = 'withdrawn', reason = ${reason}
    where (order_id, generation, slot) in (${rowsFrom(queries, runColumns, runRows(runs))}) and outcome = 'delivered'
    returning order_id, generation, slot, due_at, account_id, number, changed`.execute(queries);
  return rows.toSorted((one, other) => one.due_at - other.due_at || one.number - other.number);
}

/** A run asked for by hand, for the house, in the time that is left of the promise. */
async function fetchAgain(queries: Queries, results: readonly WithdrawnResult[], now: number): Promise<void> {
  if (results.length === 0) return;
  const last = await countManualRuns(queries, results);
  const runs = results.map(({ order_id: orderId, account_id: accountId, due_at: dueAt }): NewRun => {
    const slot = (last.get(orderId) ?? 0) + 1;
    last.set(orderId, slot);
    return { orderId, generation: manualGeneration, slot, accountId, copies: 1, dueAt, visibleAt: now };
  });
  await addRuns(queries, runs);
  await sql`update errands_run set audience = 'house'
    where (order_id, generation, slot) in (${rowsFrom(queries, runColumns, runRows(runs))})`.execute(queries);
}

const countColumns = { id: 'text', count: 'bigint' } as const;

/** Counts runs that are made again in their orders. Resolves how many were asked for by hand before, by order. */
async function countManualRuns(queries: Queries, results: readonly WithdrawnResult[]): Promise<Map<string, number>> {
  const counts = [...Map.groupBy(results, ({ order_id }) => order_id)].map(([id, its]) => ({ id, count: its.length }));
  const { rows } = await sql<{ id: string; manual: number }>`update errands_order set
      made = errands_order.made + again.count, open = errands_order.open + again.count, manual = errands_order.manual + again.count
    from (${rowsFrom(queries, countColumns, counts)}) as again where errands_order.id = again.id
    returning errands_order.id, errands_order.manual`.execute(queries);
  const added = new Map(counts.map(({ id, count }) => [id, count]));
  return new Map(rows.map(({ id, manual }) => [id, manual - (added.get(id) ?? 0)]));
}
