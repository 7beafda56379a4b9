/** Settling: answers whose time of doubt is over are paid, many in one transaction, each once. */
import { sql } from 'kysely';
import { invariant } from '#core/errors.ts';
import type { Random } from '#core/ports/random.ts';
import type { Queries, State } from '#core/ports/state.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import { post, walletOf } from '#modules/coins/post.ts';
import { coinsPerPage, escrowAccount, ledgerScope, revenueAccount } from '../../domain/settings.ts';
import { countEarned } from '../trust/miners.ts';
import { paymentKey } from './payment-key.ts';

export const maxSettledPerCall = 1_000;

interface Settling {
  readonly now: number;
  /** Names the settlement. */
  readonly random: Pick<Random, 'id'>;
  readonly limit?: number;
}

/**
 * Pays accepted answers that are due and wait for no audit, except those of miners who are shut out: one transfer for each miner and
 * day. Resolves how many answers: as many as the limit means that there may be more.
 */
export function settleAnswers(state: State, { now, random, limit = maxSettledPerCall }: Settling): Promise<number> {
  return state.write(async (queries) => {
    const settlement = random.id();
    const paid = await payDue(queries, { settlement, now, limit });
    const transfers = [...Map.groupBy(paid, ({ day, miner_id }) => paymentKey(settlement, day, miner_id))].map(([key, its]) => ({
      scope: ledgerScope,
      key,
      kind: 'transfer' as const,
      debit: escrowAccount,
      credit: walletOrRevenue(its[0]?.miner_id ?? null),
      amount: its.length * coinsPerPage,
      at: now,
      memo: its.length === 1 ? 'A page fetched' : `${its.length} pages fetched`,
    }));
    // Sent together, in the order in which everybody locks.
    const [, answers] = await Promise.all([
      countEarned(
        queries,
        paid.flatMap(({ miner_id }) => miner_id ?? []),
      ),
      post(queries, transfers),
    ]);
    for (const [index, { outcome }] of answers.entries())
      invariant(outcome === 'posted', `the payment ${transfers[index]?.key} was ${outcome}`);
    return paid.length;
  });
}

function walletOrRevenue(minerId: string | null): string {
  return minerId === null ? revenueAccount : walletOf(minerId);
}

/** When the next answer is due to be paid; undefined when none is. */
export async function nextSettlementAt(queries: Queries): Promise<number | undefined> {
  const { rows } = await sql<{ at: number }>`select settles_at as at from errands_answer where payment = 'pending'
    order by settles_at limit 1`.execute(queries);
  return rows[0]?.at;
}

interface PaidRow {
  readonly day: number;
  readonly miner_id: string | null;
}

/** Those that others hold are skipped: they are being paid or refused. */
async function payDue(
  queries: Queries,
  { settlement, now, limit }: { readonly settlement: string; readonly now: number; readonly limit: number },
): Promise<readonly PaidRow[]> {
  const skipLocked = dialectOf(queries) === 'postgres' ? sql`for no key update of answer skip locked` : sql``;
  const { rows } = await sql<PaidRow>`with due as (
      select order_id, generation, slot, copy, day from errands_answer answer
        where payment = 'pending' and settles_at <= ${now} and verdict = 'accepted'
          and not exists (
            select 1 from errands_audit audit where audit.order_id = answer.order_id and audit.generation = answer.generation
              and audit.slot = answer.slot and audit.copy = answer.copy)
          and not exists (select 1 from errands_miner miner where miner.account_id = answer.miner_id and miner.state = 'shut-out')
        order by settles_at limit ${limit} ${skipLocked}
    )
    update errands_answer set payment = 'paid', settlement = ${settlement} from due
      where errands_answer.order_id = due.order_id and errands_answer.generation = due.generation
        and errands_answer.slot = due.slot and errands_answer.copy = due.copy and errands_answer.day = due.day
      returning errands_answer.day, errands_answer.miner_id`.execute(queries);
  return rows;
}
