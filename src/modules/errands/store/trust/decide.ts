/** What audits found is carried out: lies are refused and not paid, and who is shut out loses all that he is not paid for yet. */
import { sql } from 'kysely';
import type { Queries, State } from '#core/ports/state.ts';
import { type CopyName, copyText, runText } from '../../domain/orders.ts';
import type { AuditVerdict } from '../../domain/trust/reputation.ts';
import { lockOrders } from '../orders/lock.ts';
import { answersOf, type StoredAnswer } from '../results/answers.ts';
import { resultTables } from '../results/tables.ts';
import { refundCopies } from '../settlement/refund.ts';
import { type ClaimedAudit, endAudits } from './audits.ts';
import { refuseAnswers } from './refuse.ts';
import { changeReputations, lockReputations, type MinerFinding } from './reputations.ts';
import { type MinerRow, trustTables } from './tables.ts';

export interface AuditFinding {
  readonly audit: ClaimedAudit;
  readonly found: AuditVerdict;
}

export const maxFindingsPerCall = 100;

/** In one transaction; an audit whose lease ended is somebody else's, and decides nothing here. Resolves who is shut out by it. */
export function decideAudits(state: State, findings: readonly AuditFinding[], now: number): Promise<ReadonlySet<string>> {
  return state.write(async (queries) => {
    const ended = new Set(
      await endAudits(
        queries,
        findings.map(({ audit }) => audit),
      ),
    );
    const decided = findings.filter(({ audit }) => ended.has(audit));
    const lies = decided.filter(({ found }) => isLie(found));
    const orders = await lockOrders(
      queries,
      lies.map(({ audit }) => audit.orderId),
    );
    const lying = await lyingAnswers(
      queries,
      lies.map(({ audit }) => audit),
    );
    const refunds = await refuseAnswers(queries, lying, { orders, reason: 'lie', now });
    const shutOut = await judgeMiners(queries, decided, lying);
    await refundCopies(queries, refunds, now);
    return shutOut;
  });
}

/** Those that were audited, and all that said the same to the same run: they lie, too. */
async function lyingAnswers(queries: Queries, audits: readonly ClaimedAudit[]): Promise<readonly StoredAnswer[]> {
  const known = await answersOf(queries, audits);
  const lying = audits.flatMap((audit) =>
    (known.get(runText(audit)) ?? []).filter(
      ({ payment, verdict, content_key }) => payment === 'pending' && verdict === 'accepted' && content_key === audit.contentKey,
    ),
  );
  return [...new Set(lying)];
}

/** A lie counts once, however often it was audited. */
async function judgeMiners(
  queries: Queries,
  decided: readonly AuditFinding[],
  lying: readonly StoredAnswer[],
): Promise<ReadonlySet<string>> {
  const certain = new Set(decided.filter(({ found }) => found === 'certain-lie').map(({ audit }) => runText(audit)));
  const liesFound = lying.flatMap((answer): readonly MinerFinding[] => {
    const found = certain.has(runText(nameOf(answer))) ? 'certain-lie' : 'lie';
    return answer.miner_id === null ? [] : [{ minerId: answer.miner_id, found }];
  });
  const lyingNames = new Set(lying.map((answer) => copyText(nameOf(answer))));
  const others = decided.filter(({ audit, found }) => !isLie(found) && !lyingNames.has(copyText(audit)));
  const findings = [...liesFound, ...others.map(({ audit, found }) => ({ minerId: audit.minerId, found }))];
  const before = await lockReputations(
    queries,
    findings.map(({ minerId }) => minerId),
  );
  return changeReputations(queries, findings, before);
}

function isLie(found: AuditVerdict): boolean {
  return found === 'lie' || found === 'certain-lie';
}

function nameOf({ order_id: orderId, generation, slot, copy }: StoredAnswer): CopyName {
  return { orderId, generation, slot, copy };
}

/** Refuses answers of miners who are shut out, so many at a time. Resolves how many; 0 when nothing is left. */
export async function clearShutOut(state: State, now: number, limit: number): Promise<number> {
  const miner = await state.read(minerToClear);
  if (miner === undefined) return 0;
  const { account_id: minerId, to_clear: toClear } = miner;
  return state.write(async (queries) => {
    const unpaid = await resultTables(queries)
      .selectFrom('errands_answer')
      .select(['order_id', 'generation', 'slot', 'copy'])
      .where('miner_id', '=', minerId)
      .where('payment', '=', sql.lit('pending' as const))
      .limit(limit)
      .execute();
    const names = unpaid.map(({ order_id: orderId, generation, slot, copy }) => ({ orderId, generation, slot, copy }));
    await trustTables(queries).deleteFrom('errands_audit').where('miner_id', '=', minerId).execute();
    const orders = await lockOrders(
      queries,
      names.map(({ orderId }) => orderId),
    );
    const known = await answersOf(queries, names);
    const still = [...known.values()].flat().filter((answer) => answer.miner_id === minerId && answer.payment === 'pending');
    const refunds = await refuseAnswers(queries, still, { orders, reason: 'shut-out', now });
    if (names.length < limit)
      await trustTables(queries)
        .updateTable('errands_miner')
        .set({ to_clear: 0 })
        .where('account_id', '=', minerId)
        .where('to_clear', '=', toClear)
        .execute();
    await refundCopies(queries, refunds, now);
    return Math.max(1, names.length);
  });
}

async function minerToClear(queries: Queries): Promise<Pick<MinerRow, 'account_id' | 'to_clear'> | undefined> {
  const { rows } = await sql<Pick<MinerRow, 'account_id' | 'to_clear'>>`select account_id, to_clear from errands_miner where to_clear > 0
    order by account_id limit 1`.execute(queries);
  return rows[0];
}
