/** With the answers that are stored: they are counted, some are to be audited, and miners whom most others contradict are watched. */
import type { Queries } from '#core/ports/state.ts';
import { houseMiner } from '../../domain/leases.ts';
import { type CopyName, copyText, runText } from '../../domain/orders.ts';
import { goldCustomer } from '../../domain/trust/gold.ts';
import type { Judgement, Opinion } from '../../domain/trust/majority.ts';
import { type LockedOrder, lockedOrder } from '../orders/lock.ts';
import type { StoredAnswer } from '../results/answers.ts';
import { type AuditableAnswer, type PlanningAudits, planAudits } from './audits.ts';
import { countAnswers } from './miners.ts';
import { changeReputations, lockReputations } from './reputations.ts';

export interface JudgedAnswer {
  readonly name: CopyName;
  readonly judgement: Judgement;
  /** Null for the house. */
  readonly minerId: string | null;
  readonly contentKey: string;
}

export interface Watching extends PlanningAudits {
  readonly orders: ReadonlyMap<string, LockedOrder>;
}

interface KnownAnswer {
  readonly name: CopyName;
  readonly minerId: string | null;
  readonly contentKey: string;
  verdict: Opinion['verdict'];
  /** Judged just now. */
  isNew: boolean;
}

/** In the transaction that stores these answers. Miners are locked here, all at once. `earlier` are other answers to their runs. */
export async function watchMiners(
  queries: Queries,
  judged: readonly JudgedAnswer[],
  earlier: ReadonlyMap<string, readonly StoredAnswer[]>,
  { orders, reputations, random, now }: Watching,
): Promise<void> {
  const known = knownAnswers(judged, earlier);
  const losers = known.filter(({ verdict, isNew }) => isNew && verdict === 'refused');
  const contested = new Set(losers.map(({ name }) => runText(name)));
  const auditable = known.flatMap(({ name, minerId, contentKey, verdict, isNew }): readonly AuditableAnswer[] => {
    const isContested = contested.has(runText(name));
    if (verdict !== 'accepted' || minerId === null || !(isNew || isContested)) return [];
    const { orderId, generation, slot, copy } = name;
    const accountId = lockedOrder(orders, orderId).account_id;
    return [{ orderId, generation, slot, copy, accountId, minerId, contentKey, certain: isContested || accountId === goldCustomer }];
  });
  const miners = judged.map(({ minerId }) => minerId ?? houseMiner);
  await contradict(
    queries,
    losers.flatMap(({ minerId }) => minerId ?? []),
    miners,
  );
  await Promise.all([countAnswers(queries, miners, now), planAudits(queries, auditable, { reputations, random, now })]);
}

async function contradict(queries: Queries, losers: readonly string[], miners: readonly string[]): Promise<void> {
  if (losers.length === 0) return;
  const before = await lockReputations(queries, [...miners, ...losers]);
  await changeReputations(
    queries,
    losers.map((minerId) => ({ minerId, found: 'disagrees' })),
    before,
  );
}

/** All answers to these runs that are not settled, with the verdicts that they have now. */
function knownAnswers(judged: readonly JudgedAnswer[], earlier: ReadonlyMap<string, readonly StoredAnswer[]>): readonly KnownAnswer[] {
  const known = new Map<string, KnownAnswer>();
  for (const row of [...earlier.values()].flat()) {
    if (row.payment !== 'pending') continue;
    const { order_id: orderId, generation, slot, copy, miner_id: minerId, content_key: contentKey, verdict } = row;
    const name = { orderId, generation, slot, copy };
    known.set(copyText(name), { name, minerId, contentKey, verdict, isNew: false });
  }
  for (const { name, judgement, minerId, contentKey } of judged) {
    known.set(copyText(name), { name, minerId, contentKey, verdict: judgement.verdict, isNew: true });
    for (const { copy, verdict } of judgement.decides) {
      const other = known.get(`${runText(name)}/${copy}`);
      if (other !== undefined) Object.assign(other, { verdict, isNew: true });
    }
  }
  return [...known.values()];
}
