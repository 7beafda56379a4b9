/** Coins move: transfers, and refunds of them. */
import { type RawBuilder, sql } from 'kysely';
import { invariant, KontorError } from '#core/errors.ts';
import type { Queries } from '#core/ports/state.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import type { Answer, Movement } from '../domain/posting.ts';
import { plainMemo, type RequestName, type TransferKind } from '../domain/requests.ts';
import { openPosting, writePosting } from './posting.ts';
import { isNamed } from './requests.ts';
import { coinsTables } from './tables.ts';

export interface Transfer extends RequestName {
  readonly kind: Exclude<TransferKind, 'capture' | 'refund'>;
  /** The account that pays. */
  readonly debit: string;
  /** The account that is paid. */
  readonly credit: string;
  /** Coins: 1 to `maxAmount`. */
  readonly amount: number;
  /** Epoch milliseconds. */
  readonly at: number;
  /** What both sides read in their statements. */
  readonly memo?: string;
}

export const maxTransfersPerCall = 1_000;

/**
 * Moves coins in the caller's transaction; an answer for each request, in order. A refused request moved nothing, and is
 * remembered as refused if the caller commits all the same. Rejects with `not_found` where an account is not open.
 */
export async function post(queries: Queries, requests: readonly Transfer[]): Promise<readonly Answer[]> {
  if (requests.length === 0) return [];
  invariant(requests.length <= maxTransfersPerCall, `${requests.length} transfers in a call: at most ${maxTransfersPerCall}`);
  const movements = requests.map((request): Movement => ({ ...request, memo: plainMemo(request.memo) }));
  const posting = await openPosting(queries, movements);
  const answers = movements.map((movement) => posting.answerBefore(movement) ?? posting.move(movement));
  await writePosting(queries, posting);
  return answers;
}

export interface Refund extends RequestName {
  /** The transfer (or capture) to take back, by the name of its request. */
  readonly of: RequestName;
  /** At most what was not refunded yet. */
  readonly amount: number;
  readonly at: number;
  readonly memo?: string;
}

export type RefundAnswer = Answer | { readonly outcome: 'exceeds'; readonly available: number };

/** Moves coins back, all or a part, as often as there is something left. Rejects with `not_found` when there is no such transfer, or it is a refund itself. */
export async function refund(queries: Queries, request: Refund): Promise<RefundAnswer> {
  const { scope, key, of, amount, at } = request;
  // Locked although it never changes: so of two refunds, the second sees what the first took.
  const original = await coinsTables(queries)
    .selectFrom('coins_request')
    .selectAll()
    .where(isNamed(of))
    .where('refused', '=', sql.lit(0 as const))
    .where('kind', 'not in', [sql.lit('refund' as const), sql.lit('hold' as const)])
    .$if(dialectOf(queries) === 'postgres', (query) => query.forNoKeyUpdate())
    .executeTakeFirst();
  if (original === undefined) throw new KontorError('not_found', `There is no transfer ${of.scope}/${of.key} to refund.`);
  const { id, debit, credit } = original;
  const memo = plainMemo(request.memo ?? original.memo);
  const movement: Movement = { scope, key, at, amount, kind: 'refund', of: id, debit: credit, credit: debit, memo };
  const available = original.amount - (await refundedOf(queries, id));
  const posting = await openPosting(queries, [movement]);
  const before = posting.answerBefore(movement);
  if (before !== undefined) return before;
  if (amount > available) return { outcome: 'exceeds', available };
  const answer = posting.move(movement);
  await writePosting(queries, posting);
  if (answer.outcome === 'posted' && original.kind === 'capture') {
    await coinsTables(queries)
      .updateTable('coins_hold')
      .set((row) => ({ refunded: row('refunded', '+', amount) }))
      .where('id', '=', original.of_id)
      .execute();
  }
  return answer;
}

async function refundedOf(queries: Queries, transfer: number): Promise<number> {
  const { sum } = await coinsTables(queries)
    .selectFrom('coins_transfer')
    .select((row) => row.fn.sum<number | null>('amount').as('sum'))
    .where('kind', '=', 'refund')
    .where('of_id', '=', transfer)
    .executeTakeFirstOrThrow();
  return sum ?? 0;
}

/**
 * The amount that moved for a named request, as a part of a statement: the laws of other modules compare their tables with
 * it. Null when nothing moved. `key` is a column of that statement.
 */
export function amountMovedFor(scope: string, key: RawBuilder<string>): RawBuilder<number | null> {
  return sql<number | null>`(select moved.amount from coins_transfer moved where moved.scope = ${sql.lit(scope)} and moved.key = ${key})`;
}
