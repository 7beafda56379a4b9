/** Audits that wait: planned with the answers, and claimed by those who fetch for the house, with leases as runs are. */
import { sql } from 'kysely';
import type { Random } from '#core/ports/random.ts';
import type { Queries } from '#core/ports/state.ts';
import { isAmong } from '#core/sql/among.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import { rowsFrom } from '#core/sql/rows.ts';
import { type CopyName, copyText, type Method } from '../../domain/orders.ts';
import { auditShare, newcomer, type Reputation } from '../../domain/trust/reputation.ts';
import { orderTables } from '../orders/tables.ts';
import { leaseColumns } from '../queue/named.ts';
import { type TrustTables, trustTables } from './tables.ts';

export interface AuditableAnswer extends CopyName {
  /** The customer. */
  readonly accountId: string;
  readonly minerId: string;
  readonly contentKey: string;
  /** Others said something else, or only the house knows the page: it is audited, whatever the reputation of the miner. */
  readonly certain: boolean;
}

export interface PlanningAudits {
  readonly reputations: ReadonlyMap<string, Reputation>;
  /** What is audited cannot be foreseen by miners. */
  readonly random: Pick<Random, 'float'>;
  readonly now: number;
}

const auditColumns = {
  account_id: 'text',
  order_id: 'text',
  generation: 'bigint',
  slot: 'bigint',
  copy: 'bigint',
  miner_id: 'text',
  content_key: 'text',
  answered_at: 'bigint',
  visible_at: 'bigint',
  attempts: 'bigint',
} as const;

/** In the transaction that stores these answers. */
export async function planAudits(
  queries: Queries,
  answers: readonly AuditableAnswer[],
  { reputations, random, now }: PlanningAudits,
): Promise<void> {
  const wanted = answers.filter(({ minerId, certain }) => certain || random.float() < auditShare(reputations.get(minerId) ?? newcomer));
  if (wanted.length === 0) return;
  const rows = wanted.map(({ accountId, orderId, generation, slot, copy, minerId, contentKey }) => ({
    account_id: accountId,
    order_id: orderId,
    generation,
    slot,
    copy,
    miner_id: minerId,
    content_key: contentKey,
    answered_at: now,
    visible_at: now,
    attempts: 0,
  }));
  await sql`insert into errands_audit
      (account_id, order_id, generation, slot, copy, miner_id, content_key, answered_at, visible_at, attempts)
    ${rowsFrom(queries, auditColumns, rows)} on conflict (order_id, generation, slot, copy) do nothing`.execute(queries);
}

/** Both looks and the pause between them are over by then, or another auditor begins again. */
export const auditLeaseMs = 150_000;
export const maxAuditAttempts = 3;
/** Before an audit is tried again whose page could not be fetched. */
const retryMs = 20_000;

export interface ClaimedAudit extends CopyName {
  readonly lease: string;
  readonly minerId: string;
  readonly contentKey: string;
  readonly answeredAt: number;
  /** This one included. */
  readonly attempt: number;
  readonly address: string;
  readonly method: Method;
  readonly headers: Readonly<Record<string, string>>;
  readonly extraction: string | null;
  /** Of a page that only the house knows. */
  readonly nonce: string | null;
}

type AuditRow = TrustTables['errands_audit'];

export interface ClaimingAudits {
  readonly limit: number;
  readonly now: number;
  readonly random: Pick<Random, 'id'>;
}

/** The oldest that wait. */
export async function claimAudits(queries: Queries, { limit, now, random }: ClaimingAudits): Promise<readonly ClaimedAudit[]> {
  const skipLocked = dialectOf(queries) === 'postgres' ? sql`for no key update skip locked` : sql``;
  const { rows } = await sql<AuditRow & { lease: string }>`with picked as (
      select order_id, generation, slot, copy from errands_audit where visible_at <= ${now} order by visible_at limit ${limit} ${skipLocked}
    )
    update errands_audit set lease = ${random.id()}, visible_at = ${now + auditLeaseMs}, attempts = attempts + 1
      from picked
      where errands_audit.order_id = picked.order_id and errands_audit.generation = picked.generation
        and errands_audit.slot = picked.slot and errands_audit.copy = picked.copy
      returning errands_audit.order_id, errands_audit.generation, errands_audit.slot, errands_audit.copy, miner_id, content_key,
        answered_at, attempts, lease`.execute(queries);
  if (rows.length === 0) return [];
  const ids = [...new Set(rows.map(({ order_id }) => order_id))];
  const [orders, golds] = await Promise.all([
    orderTables(queries)
      .selectFrom('errands_order')
      .select(['id', 'address', 'method', 'headers', 'extraction'])
      .where(isAmong(queries, 'id', ids))
      .execute(),
    trustTables(queries)
      .selectFrom('errands_gold')
      .select(['order_id', 'nonce'])
      .where(isAmong(queries, 'order_id', ids))
      .execute(),
  ]);
  const orderOf = new Map(orders.map((order) => [order.id, order]));
  const nonceOf = new Map(golds.map(({ order_id, nonce }) => [order_id, nonce]));
  return rows.flatMap((row): readonly ClaimedAudit[] => {
    const order = orderOf.get(row.order_id);
    if (order === undefined) return [];
    const { order_id: orderId, generation, slot, copy, lease, miner_id: minerId, content_key: contentKey } = row;
    const { address, method, extraction } = order;
    const headers = JSON.parse(order.headers) as Record<string, string>;
    const asked = { address, method, headers, extraction, nonce: nonceOf.get(orderId) ?? null };
    const { answered_at: answeredAt, attempts: attempt } = row;
    return [{ orderId, generation, slot, copy, lease, minerId, contentKey, answeredAt, attempt, ...asked }];
  });
}

/** When the next audit can be claimed; undefined when none waits. */
export async function nextAuditAt(queries: Queries): Promise<number | undefined> {
  const { rows } = await sql<{ at: number }>`select visible_at as at from errands_audit order by visible_at limit 1`.execute(queries);
  return rows[0]?.at;
}

function leaseRows(audits: readonly ClaimedAudit[]) {
  return audits.map(({ orderId, generation, slot, copy, lease }) => ({ order_id: orderId, generation, slot, copy, lease }));
}

/** Ends audits; resolves those that were still this auditor's. */
export async function endAudits(queries: Queries, audits: readonly ClaimedAudit[]): Promise<readonly ClaimedAudit[]> {
  const { rows } = await sql<Pick<AuditRow, 'order_id' | 'generation' | 'slot' | 'copy'>>`delete from errands_audit
    where (order_id, generation, slot, copy, lease) in (${rowsFrom(queries, leaseColumns, leaseRows(audits))})
    returning order_id, generation, slot, copy`.execute(queries);
  const ended = new Set(rows.map(({ order_id: orderId, generation, slot, copy }) => copyText({ orderId, generation, slot, copy })));
  return audits.filter((audit) => ended.has(copyText(audit)));
}

/** Audits whose page could not be fetched are tried again later. */
export async function postponeAudits(queries: Queries, audits: readonly ClaimedAudit[], now: number): Promise<void> {
  await sql`update errands_audit set lease = null, visible_at = ${now} + ${sql.lit(retryMs)} * attempts
    where (order_id, generation, slot, copy, lease) in (${rowsFrom(queries, leaseColumns, leaseRows(audits))})`.execute(queries);
}
