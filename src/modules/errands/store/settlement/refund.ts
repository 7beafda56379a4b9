/** A copy that brought nothing is paid back: one coin from the escrow to the customer, once. */
import { sql } from 'kysely';
import { invariant } from '#core/errors.ts';
import type { Queries } from '#core/ports/state.ts';
import { rowsFrom } from '#core/sql/rows.ts';
import { post, walletOf } from '#modules/coins/post.ts';
import { type CopyName, copyText } from '../../domain/orders.ts';
import { coinsPerPage, escrowAccount, ledgerScope } from '../../domain/settings.ts';

export interface RefundedCopy extends CopyName {
  readonly accountId: string;
}

/** The ledger takes no more in one call. */
const maxPerCall = 1_000;

/** In the caller's transaction, which has locked the orders, as its last step: the wallets are locked here. */
export async function refundCopies(queries: Queries, copies: readonly RefundedCopy[], now: number): Promise<void> {
  for (let start = 0; start < copies.length; start += maxPerCall) await refundSome(queries, copies.slice(start, start + maxPerCall), now);
}

async function refundSome(queries: Queries, copies: readonly RefundedCopy[], now: number): Promise<void> {
  const transfers = copies.map((copy) => ({
    scope: ledgerScope,
    key: `${copyText(copy)}/refund`,
    kind: 'transfer' as const,
    debit: escrowAccount,
    credit: walletOf(copy.accountId),
    amount: coinsPerPage,
    at: now,
    memo: `Refund of a run of ${copy.orderId}`,
  }));
  const [answers] = await Promise.all([post(queries, transfers), countCopies(queries, 'refunded', copies)]);
  for (const [index, answer] of answers.entries())
    invariant(answer.outcome === 'posted', `the refund ${transfers[index]?.key} was ${answer.outcome}`);
}

const countColumns = { id: 'text', count: 'bigint' } as const;

/** Adds copies to a count of their orders, or takes them from it. */
export async function countCopies(
  queries: Queries,
  counter: 'earned' | 'refunded',
  copies: readonly CopyName[],
  sign: 1 | -1 = 1,
): Promise<void> {
  if (copies.length === 0) return;
  const rows = [...Map.groupBy(copies, ({ orderId }) => orderId)].map(([id, its]) => ({ id, count: sign * its.length }));
  await sql`update errands_order set ${sql.ref(counter)} = ${sql.ref(`errands_order.${counter}`)} + counted.count
    from (${rowsFrom(queries, countColumns, rows)}) as counted where errands_order.id = counted.id`.execute(queries);
}
