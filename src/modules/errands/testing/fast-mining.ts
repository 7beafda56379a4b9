/** Mining in fast time, for tests that kill who does it: all processes see the same clock, on which leases end after a moment. */
import type { Random } from '#core/ports/random.ts';
import type { State } from '#core/ports/state.ts';
import { type ClaimedRun, claimRuns } from '../store/queue/claim.ts';
import { completeRuns } from '../store/queue/complete.ts';
import { failOverdue } from '../store/queue/fail.ts';
import { settleAnswers } from '../store/settlement/settle.ts';
import { answerTo } from './errands-world.ts';

export interface FastTime {
  /** From when on it is fast, in milliseconds since 1970. */
  readonly startedAt: number;
  readonly speed: number;
}

export function fastNow({ startedAt, speed }: FastTime, realNow: number): number {
  return Math.floor(startedAt + (realNow - startedAt) * speed);
}

const claimLimit = 20;
const settleAfterMs = 20_000;
/** Nobody audits here: what is drawn would never be paid. */
const noAudits = { float: () => 0.999_999 };

/** One round of a desk and its miner: claims, answers, some of them twice or as failed, fails what is overdue, and pays. Resolves how many were accepted. */
export async function mineOnce(state: State, miner: string, { now, random }: { now: number; random: Random }): Promise<number> {
  const network = `${miner}.0/24`;
  const runs = await state.write((queries) => claimRuns(queries, { miner: { accountId: miner, network }, limit: claimLimit, now, random }));
  const house = await state.write((queries) => claimRuns(queries, { miner: 'house', limit: 5, now, random }));
  const answers = [...runs.map((run) => answerOf(miner, run, random)), ...house.map((run) => answerOf('house', run, random))];
  const sent = random.int(3) === 0 ? [answers, answers] : [answers];
  const outcomes = await Promise.all(
    sent.map((some) => (some.length === 0 ? [] : completeRuns(state, some, { now, settleMs: settleAfterMs, random: noAudits }))),
  );
  await failOverdue(state, now, 50);
  await settleAnswers(state, { now, random, limit: 100 });
  return outcomes[0]?.filter(({ outcome }) => outcome === 'accepted').length ?? 0;
}

function answerOf(miner: string, { lease }: ClaimedRun, random: Random) {
  return answerTo(miner, lease, random.int(10) === 0 ? { failure: 'status-503' } : { text: `page ${random.int(3)}` });
}
