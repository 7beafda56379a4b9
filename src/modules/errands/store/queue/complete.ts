/** Completion: answers that arrive together become results in one transaction, each run once. */
import type { Random } from '#core/ports/random.ts';
import type { Queries, State } from '#core/ports/state.ts';
import type { AnswerOutcome, PreparedAnswer } from '../../domain/answers.ts';
import { byCopy, houseMiner } from '../../domain/leases.ts';
import { copyText, runText } from '../../domain/orders.ts';
import { lockOrders } from '../orders/lock.ts';
import { answersOf, type StoredAnswer } from '../results/answers.ts';
import { reputationsOf } from '../trust/reputations.ts';
import { failAttempts } from './failed-attempts.ts';
import { lockRuns, takeRuns } from './lock.ts';
import { type HeldPage, type Storing, storePages } from './store-pages.ts';
import type { RunRow } from './tables.ts';

export interface Completing {
  readonly now: number;
  /** How long after an answer it is paid. */
  readonly settleMs: number;
  /** Draws what is audited. */
  readonly random: Pick<Random, 'float'>;
}

export const maxAnswersPerCall = 500;

const accepted: AnswerOutcome = { outcome: 'accepted' };
const noted: AnswerOutcome = { outcome: 'noted' };
const late: AnswerOutcome = { outcome: 'refused', reason: 'late' };
const foreign: AnswerOutcome = { outcome: 'refused', reason: 'foreign' };
const sameMiner: AnswerOutcome = { outcome: 'refused', reason: 'same-miner' };
const shutOut: AnswerOutcome = { outcome: 'refused', reason: 'shut-out' };

/** An outcome for each answer, in their order. One that is sent again gets its first outcome, and changes nothing. */
export function completeRuns(state: State, answers: readonly PreparedAnswer[], completing: Completing): Promise<readonly AnswerOutcome[]> {
  return state.write((queries) => completeAll(queries, answers, completing));
}

/** An answer whose lease is the run's. */
interface Held {
  readonly answer: PreparedAnswer;
  readonly run: RunRow;
  /** It is not in the queue any more. */
  readonly isTaken: boolean;
}

async function completeAll(
  queries: Queries,
  answers: readonly PreparedAnswer[],
  { now, settleMs, random }: Completing,
): Promise<readonly AnswerOutcome[]> {
  const pages = answers.filter(({ got }) => !('failure' in got));
  // Sent together: the orders are locked before their runs.
  const [orders, reputations, taken] = await Promise.all([
    lockOrders(
      queries,
      answers.map(({ lease }) => lease.orderId),
    ),
    reputationsOf(
      queries,
      answers.map(({ miner }) => miner.accountId),
    ),
    takeRuns(queries, pages, now),
  ]);
  const others = answers.map(({ lease }) => lease).filter((lease) => !taken.has(copyText(lease)));
  const runs = new Map([...taken, ...(await lockRuns(queries, others))]);
  const outcomes = new Map<string, AnswerOutcome>();
  const held = new Map<string, Held>();
  // Pages first: a run that was taken has one.
  for (const answer of [...pages, ...answers]) {
    const run = runs.get(copyText(answer.lease));
    if (run?.lease !== answer.lease.secret) continue;
    const outcome = outcomeBefore(answer, run, now);
    const key = keyOf(answer);
    if (outcome !== undefined) outcomes.set(key, outcome);
    else if (!held.has(key)) held.set(key, { answer, run, isTaken: taken.has(copyText(answer.lease)) });
  }
  const settled = await take(queries, [...held.values()], { orders, now, settleMs, random, reputations });
  for (const [one, outcome] of settled) outcomes.set(keyOf(one.answer), outcome);
  const without = answers.filter((answer) => !outcomes.has(keyOf(answer)));
  for (const [answer, outcome] of await outcomesStored(queries, without)) outcomes.set(keyOf(answer), outcome);
  return answers.map((answer) => outcomes.get(keyOf(answer)) ?? late);
}

function keyOf({ lease, miner }: PreparedAnswer): string {
  return `${copyText(lease)}/${lease.secret} ${miner.accountId}`;
}

/** Undefined for the answer that the run waits for. */
function outcomeBefore({ miner, got }: PreparedAnswer, run: RunRow, now: number): AnswerOutcome | undefined {
  if (run.miner_id !== miner.accountId) return foreign;
  if (run.claimed_at === null) return 'failure' in got ? noted : late;
  return run.fails_at <= now ? late : undefined;
}

async function take(queries: Queries, held: readonly Held[], storing: Storing): Promise<readonly (readonly [Held, AnswerOutcome])[]> {
  const several = held.filter(({ run }) => run.copies > 1);
  const earlier = await answersOf(
    queries,
    several.map(({ answer }) => answer.lease),
  );
  const isShutOut = ({ answer, isTaken }: Held) => !isTaken && storing.reputations.get(answer.miner.accountId)?.state === 'shut-out';
  const [unbelieved, believed] = [held.filter(isShutOut), held.filter((one) => !isShutOut(one))];
  const failed = believed.filter(({ answer }) => 'failure' in answer.got);
  const pages = believed.flatMap(({ answer, run, isTaken }): HeldPage[] =>
    'failure' in answer.got ? [] : [{ answer, run, isTaken, page: answer.got }],
  );
  const [single, copied] = [pages.filter(({ run }) => run.copies === 1), pages.filter(({ run }) => run.copies > 1)];
  const { fresh: others, twice } = withoutSameMiners(copied, earlier);
  const fresh = [...single, ...others];
  await failAttempts(
    queries,
    [
      ...failed.map(({ answer, run }) => ({ run, failure: 'failure' in answer.got ? answer.got.failure : '' })),
      ...twice.map(({ run }) => ({ run, failure: 'same-miner' })),
      ...unbelieved.map(({ run }) => ({ run, failure: 'shut-out' })),
    ],
    storing.now,
  );
  await storePages(queries, fresh, earlier, storing);
  return [
    ...failed.map((one) => [one, noted] as const),
    ...twice.map((one) => [one, sameMiner] as const),
    ...unbelieved.map((one) => [one, shutOut] as const),
    ...fresh.map((one) => [one, accepted] as const),
  ];
}

/** Two copies can be claimed by one miner at the same moment: one of them goes back to the queue. */
function withoutSameMiners(pages: readonly HeldPage[], earlier: ReadonlyMap<string, readonly StoredAnswer[]>) {
  const fresh: HeldPage[] = [];
  const twice: HeldPage[] = [];
  const minersOf = new Map<string, { readonly id: string; readonly network: string | null }[]>();
  for (const page of pages.toSorted((one, other) => byCopy(one.answer.lease, other.answer.lease))) {
    const { lease, miner } = page.answer;
    const run = runText(lease);
    const miners = minersOf.get(run) ?? (earlier.get(run) ?? []).map((row) => ({ id: row.miner_id ?? houseMiner, network: row.network }));
    minersOf.set(run, miners);
    const isTwice = miners.some(({ id, network }) => id === miner.accountId || (network !== null && network === miner.network));
    if (isTwice) twice.push(page);
    else {
      fresh.push(page);
      miners.push({ id: miner.accountId, network: miner.network });
    }
  }
  return { fresh, twice };
}

/** Of answers that were stored before: the miner did not hear of it, and sends them again. */
async function outcomesStored(queries: Queries, answers: readonly PreparedAnswer[]) {
  const stored = await answersOf(
    queries,
    answers.map(({ lease }) => lease),
    { locked: false },
  );
  return answers.flatMap((answer): readonly (readonly [PreparedAnswer, AnswerOutcome])[] => {
    const { lease, miner } = answer;
    const row = stored.get(runText(lease))?.find(({ copy }) => copy === lease.copy);
    if (row?.lease !== lease.secret) return [];
    return [[answer, (row.miner_id ?? houseMiner) === miner.accountId ? accepted : foreign]];
  });
}
