/** Answers of miners as they are stored: what each is paid for. */
import { sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import { rowsFrom } from '#core/sql/rows.ts';
import type { Page } from '../../domain/answers.ts';
import { type RunName, runText } from '../../domain/orders.ts';
import { copiesFound } from '../queue/named.ts';
import type { AnswerRow } from './tables.ts';

const answerColumns = {
  day: 'bigint',
  account_id: 'text',
  order_id: 'text',
  generation: 'bigint',
  slot: 'bigint',
  copy: 'bigint',
  miner_id: 'text',
  network: 'text',
  lease: 'text',
  verdict: 'text',
  reason: 'text',
  payment: 'text',
  settlement: 'text',
  answered_at: 'bigint',
  settles_at: 'bigint',
  content_key: 'text',
  content: 'text',
  body: 'bytea',
} as const satisfies Record<keyof AnswerRow, 'bigint' | 'text' | 'bytea'>;

const answerColumnNames = sql.join(Object.keys(answerColumns).map((name) => sql.ref(name)));

export async function insertAnswers(queries: Queries, rows: readonly AnswerRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`insert into errands_answer (${answerColumnNames}) ${rowsFrom(queries, answerColumns, rows)}`.execute(queries);
}

/** What an answer must keep until its run has a result: the page without its body, which has a column of its own. */
export function contentText(page: Page): string {
  const { status, finalAddress, contentType, bytes, sha256, timings, value, micros, contentKey, bodyPath } = page;
  return JSON.stringify({ status, finalAddress, contentType, bytes, sha256, timings, value, micros, contentKey, bodyPath });
}

/**
 * Of all copies of these runs, by the name of the run, without their pages. Their verdicts change only for who has locked the orders;
 * that they are paid, only while they are not locked here.
 */
export async function answersOf(
  queries: Queries,
  runs: readonly RunName[],
  { locked = true }: { readonly locked?: boolean } = {},
): Promise<ReadonlyMap<string, readonly StoredAnswer[]>> {
  if (runs.length === 0) return new Map();
  const names = [...new Map(runs.map((run) => [runText(run), run])).values()];
  const copies = names.flatMap(({ orderId, generation, slot }) => allCopies.map((copy) => ({ orderId, generation, slot, copy })));
  const { rows } = await sql<StoredAnswer>`select found.order_id, found.generation, found.slot, found.copy, found.day, found.account_id,
      found.miner_id, found.network, found.lease, found.verdict, found.payment, found.content_key
    from ${copiesFound(queries, 'errands_answer', copies, { locked })}`.execute(queries);
  return Map.groupBy(rows, ({ order_id: orderId, generation, slot }) => runText({ orderId, generation, slot }));
}

const allCopies = [1, 2, 3];

export type StoredAnswer = Omit<AnswerRow, 'reason' | 'settlement' | 'answered_at' | 'settles_at' | 'content' | 'body'>;

export interface NewVerdict extends RunName {
  readonly copy: number;
  readonly verdict: 'accepted' | 'refused';
  readonly reason: string | null;
  readonly payment: AnswerRow['payment'];
  readonly settlesAt: number;
}

const verdictColumns = {
  order_id: 'text',
  generation: 'bigint',
  slot: 'bigint',
  copy: 'bigint',
  verdict: 'text',
  reason: 'text',
  payment: 'text',
  settles_at: 'bigint',
} as const;

/** Decides answers that waited. Their pages are not needed any more. */
export async function setVerdicts(queries: Queries, verdicts: readonly NewVerdict[]): Promise<void> {
  if (verdicts.length === 0) return;
  const rows = verdicts.map(({ orderId, generation, slot, copy, verdict, reason, payment, settlesAt }) => ({
    order_id: orderId,
    generation,
    slot,
    copy,
    verdict,
    reason,
    payment,
    settles_at: settlesAt,
  }));
  await sql`update errands_answer set
      verdict = decided.verdict, reason = decided.reason, payment = decided.payment, settles_at = decided.settles_at,
      content = null, body = null
    from (${rowsFrom(queries, verdictColumns, rows)}) as decided
    where errands_answer.order_id = decided.order_id and errands_answer.generation = decided.generation
      and errands_answer.slot = decided.slot and errands_answer.copy = decided.copy`.execute(queries);
}
