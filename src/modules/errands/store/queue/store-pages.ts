/** Pages become results: answers are judged and stored, their runs leave the queue, and customers get what is decided. */
import { invariant } from '#core/errors.ts';
import type { Random } from '#core/ports/random.ts';
import type { Queries } from '#core/ports/state.ts';
import { recordSales } from '#modules/stocks/tape.ts';
import type { Page, PreparedAnswer } from '../../domain/answers.ts';
import { dayOf } from '../../domain/days.ts';
import { houseMiner } from '../../domain/leases.ts';
import { type CopyName, runText } from '../../domain/orders.ts';
import { coinsPerPage, runInstrument } from '../../domain/settings.ts';
import type { Judgement } from '../../domain/trust/majority.ts';
import type { Reputation } from '../../domain/trust/reputation.ts';
import { type LockedOrder, lockedOrder } from '../orders/lock.ts';
import { addResults, type NewResult } from '../results/add.ts';
import { contentText, insertAnswers, type NewVerdict, type StoredAnswer, setVerdicts } from '../results/answers.ts';
import type { AnswerRow } from '../results/tables.ts';
import { type RefundedCopy, refundCopies } from '../settlement/refund.ts';
import { verdicts } from '../trust/judge.ts';
import { type JudgedAnswer, watchMiners } from '../trust/watch-miners.ts';
import { type EndingRun, endRuns } from './end-runs.ts';
import { removeRuns } from './lock.ts';
import type { RunRow } from './tables.ts';

export interface HeldPage {
  readonly answer: PreparedAnswer;
  readonly run: RunRow;
  /** It is not in the queue any more. */
  readonly isTaken: boolean;
  readonly page: Page;
}

export interface Storing {
  readonly orders: ReadonlyMap<string, LockedOrder>;
  readonly now: number;
  readonly settleMs: number;
  readonly random: Pick<Random, 'float'>;
  /** Of all miners that answer. */
  readonly reputations: ReadonlyMap<string, Reputation>;
}

interface JudgedPage extends HeldPage {
  readonly name: CopyName;
  readonly judgement: Judgement;
}

/** The caller has locked the orders and the runs. `earlier` are the answers to runs with several copies. */
export async function storePages(
  queries: Queries,
  pages: readonly HeldPage[],
  earlier: ReadonlyMap<string, readonly StoredAnswer[]>,
  storing: Storing,
): Promise<void> {
  if (pages.length === 0) return;
  const { orders, now } = storing;
  const judged = judgePages(pages, earlier);
  const decided = judged.flatMap((page) => decidedBy(page, storing));
  const rows = judged.map((page) => answerRow(page, storing));
  const ofVerdict = (wanted: AnswerRow['verdict']): readonly CopyName[] => [
    ...judged.filter(({ judgement }) => judgement.verdict === wanted).map(({ name }) => name),
    ...decided.filter(({ verdict }) => verdict === wanted),
  ];
  const finish = async () => {
    // Looks at nothing where each run has one copy.
    const ended = await endRuns(queries, undecidedRuns(judged), now);
    const delivered = judged.filter(({ judgement }) => judgement.delivers).map(resultOf);
    await Promise.all([
      addResults(queries, orders, { results: [...delivered, ...ended.results], earned: ofVerdict('accepted') }, now),
      recordPages(queries, delivered.length, now),
      watchMiners(queries, judged.map(opinionOf), earlier, storing),
    ]);
    return ended.refunds;
  };
  // Sent together, in this order: an answer may decide another one of the same transaction.
  const [, , , refunds] = await Promise.all([
    insertAnswers(queries, rows),
    setVerdicts(queries, decided),
    removeRuns(
      queries,
      judged.filter(({ isTaken }) => !isTaken).map(({ name }) => name),
    ),
    finish(),
  ]);
  await refundCopies(queries, [...ofVerdict('refused').map((name) => ofCustomer(name, orders)), ...refunds], now);
}

/** Each page is a trade of the market on the tape. */
async function recordPages(queries: Queries, quantity: number, now: number): Promise<void> {
  const sale = { instrument: runInstrument, priceCents: coinsPerPage * 100, quantity, at: now };
  if (quantity > 0) await recordSales(queries, [sale], now);
}

function opinionOf({ answer, page: { contentKey }, name, judgement }: JudgedPage): JudgedAnswer {
  return { name, judgement, minerId: minerOf(answer), contentKey };
}

function judgePages(pages: readonly HeldPage[], earlier: ReadonlyMap<string, readonly StoredAnswer[]>): readonly JudgedPage[] {
  const named = pages.map(({ answer, run, isTaken, page }) => {
    const { orderId, generation, slot, copy } = answer.lease;
    return { answer, run, isTaken, page, name: { orderId, generation, slot, copy } };
  });
  const asked = named.map(({ run: { copies }, page: { contentKey }, name: { orderId, generation, slot, copy } }) => ({
    orderId,
    generation,
    slot,
    copy,
    copies,
    contentKey,
  }));
  const judgements = verdicts(asked, earlier);
  return named.map(({ answer, run, isTaken, page, name }, index) => {
    const judgement = judgements[index];
    invariant(judgement, 'every answer is judged');
    return { answer, run, isTaken, page, name, judgement };
  });
}

function answerRow({ answer, run, page, name, judgement }: JudgedPage, { now, settleMs }: Storing): AnswerRow {
  const { verdict, reason } = judgement;
  const waits = verdict === 'waiting';
  return {
    day: dayOf(run.due_at),
    account_id: run.account_id,
    order_id: name.orderId,
    generation: name.generation,
    slot: name.slot,
    copy: name.copy,
    miner_id: minerOf(answer),
    network: answer.miner.network,
    lease: answer.lease.secret,
    verdict,
    reason,
    payment: verdict === 'refused' ? 'refunded' : 'pending',
    settlement: null,
    answered_at: now,
    settles_at: now + settleMs,
    content_key: page.contentKey,
    content: waits ? contentText(page) : null,
    body: waits ? page.body : null,
  };
}

function minerOf({ miner: { accountId } }: PreparedAnswer): string | null {
  return accountId === houseMiner ? null : accountId;
}

function decidedBy({ name, judgement }: JudgedPage, { now, settleMs }: Storing): readonly NewVerdict[] {
  const { orderId, generation, slot } = name;
  return judgement.decides.map(({ copy, verdict, reason }) => ({
    orderId,
    generation,
    slot,
    copy,
    verdict,
    reason,
    payment: verdict === 'accepted' ? 'pending' : 'refunded',
    settlesAt: now + settleMs,
  }));
}

function ofCustomer({ orderId, generation, slot, copy }: CopyName, orders: Storing['orders']): RefundedCopy {
  return { orderId, generation, slot, copy, accountId: lockedOrder(orders, orderId).account_id };
}

function resultOf({ answer, run, page, name }: JudgedPage): NewResult {
  return {
    orderId: name.orderId,
    generation: name.generation,
    slot: name.slot,
    dueAt: run.due_at,
    claimedAt: run.claimed_at,
    attempts: run.attempts,
    minerId: minerOf(answer),
    got: page,
  };
}

/** Runs with several copies that no answer has decided. */
function undecidedRuns(judged: readonly JudgedPage[]): readonly EndingRun[] {
  const several = judged.filter(({ run }) => run.copies > 1);
  const byRun = new Map(several.map(({ name, run }) => [runText(name), run]));
  return [...byRun.values()].map((run) => ({
    orderId: run.order_id,
    generation: run.generation,
    slot: run.slot,
    accountId: run.account_id,
    copies: run.copies,
    dueAt: run.due_at,
    claimedAt: run.claimed_at,
    attempts: run.attempts,
    failure: 'no-majority',
  }));
}
