/** What an account has earned as a miner: its reputation, machines, and what was refused. */
import type { Queries } from '#core/ports/state.ts';
import { resultTables } from '../results/tables.ts';
import { type MinerRow, trustTables } from '../trust/tables.ts';

export interface OwnMiner {
  /** Undefined for an account that never answered. */
  readonly miner: MinerRow | undefined;
  /** Coins. */
  readonly earned: number;
  /** Answers that are neither paid nor refused; counted up to `mostPending`. */
  readonly pending: number;
  readonly machines: readonly {
    readonly name: string;
    readonly version: string;
    readonly concurrency: number;
    readonly pages: number;
    readonly failures: number;
    readonly last_at: number;
  }[];
  /** The newest first. */
  readonly refusals: readonly { readonly answered_at: number; readonly reason: string | null }[];
}

const mostPending = 10_000;
const shownMachines = 100;
const shownRefusals = 20;
/** Refused answers are looked for so far back. */
const refusalsMs = 7 * 86_400_000;

export async function readOwnMiner(queries: Queries, accountId: string, now: number): Promise<OwnMiner> {
  const answers = resultTables(queries).selectFrom('errands_answer').where('miner_id', '=', accountId);
  const [miner, earning, pending, machines, refusals] = await Promise.all([
    trustTables(queries).selectFrom('errands_miner').selectAll().where('account_id', '=', accountId).executeTakeFirst(),
    trustTables(queries).selectFrom('errands_earning').select('coins').where('account_id', '=', accountId).executeTakeFirst(),
    answers.select('copy').where('payment', '=', 'pending').limit(mostPending).execute(),
    trustTables(queries)
      .selectFrom('errands_machine')
      .select(['name', 'version', 'concurrency', 'pages', 'failures', 'last_at'])
      .where('account_id', '=', accountId)
      .orderBy('last_at', 'desc')
      .limit(shownMachines)
      .execute(),
    answers
      .select(['answered_at', 'reason'])
      .where('verdict', '=', 'refused')
      .where('answered_at', '>', now - refusalsMs)
      .orderBy('answered_at', 'desc')
      .limit(shownRefusals)
      .execute(),
  ]);
  return { miner, earned: earning?.coins ?? 0, pending: pending.length, machines, refusals };
}
