/** Claiming: a miner gets the oldest runs that are due. Nobody waits for anybody: rows that others are claiming are skipped. */
import { type RawBuilder, sql } from 'kysely';
import type { Random } from '#core/ports/random.ts';
import type { Queries } from '#core/ports/state.ts';
import { isAmong } from '#core/sql/among.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import type { Miner } from '../../domain/answers.ts';
import { houseMiner, type Lease, leaseText } from '../../domain/leases.ts';
import { attemptsMs, leaseMs, type Method } from '../../domain/orders.ts';
import { orderTables } from '../orders/tables.ts';
import type { RunRow } from './tables.ts';

/** The house leaves a run to miners for so long, unless it fetches like any miner. */
const leftToMinersMs = 30_000;
/** What fails sooner than this is not handed out any more. */
const leastMs = 2_000;

export interface Claim {
  /** An account, or the house: it takes third attempts, and what miners left for `leftToMinersMs`. */
  readonly miner: Miner | 'house';
  readonly limit: number;
  readonly now: number;
  readonly random: Pick<Random, 'id'>;
  /** The house fetches like any miner. */
  readonly likeMiners?: boolean;
}

export interface ClaimedRun {
  readonly lease: string;
  readonly orderId: string;
  readonly address: string;
  readonly method: Method;
  readonly headers: Readonly<Record<string, string>>;
  readonly dueAt: number;
  /** When the lease ends. */
  readonly endsAt: number;
  readonly attempt: number;
}

/** Never a run of the miner's own orders, and never two copies of one run within one account or network. */
export async function claimRuns(queries: Queries, claim: Claim): Promise<readonly ClaimedRun[]> {
  const { miner, limit, now, likeMiners = false } = claim;
  const asked: Taking =
    miner === 'house'
      ? { miner: { accountId: houseMiner, network: null }, limit, audience: 'house', visibleBy: now }
      : { miner, limit, audience: 'anyone', visibleBy: now };
  // Issued together, they run in this order.
  const [, taken] = await Promise.all([prepareClaim(queries), take(queries, claim, asked)]);
  if (miner !== 'house') return withOrders(queries, taken);
  const rows = [...taken];
  if (rows.length < limit) {
    const left = limit - rows.length;
    const visibleBy = likeMiners ? now : now - leftToMinersMs;
    rows.push(...(await take(queries, claim, { miner: asked.miner, limit: left, audience: 'anyone', visibleBy })));
  }
  return withOrders(queries, rows);
}

/**
 * Until the transaction ends, PostgreSQL finds the oldest runs by their index. What it knows of a queue is from when the queue was
 * last looked at: of one that was empty then, it would read and sort everything that is due at each claim. And its end does not wait
 * for the disk: runs of a claim that a crash of the server takes back are claimed again.
 */
async function prepareClaim(queries: Queries): Promise<void> {
  if (dialectOf(queries) === 'postgres')
    await sql`select set_config('enable_sort', 'off', true), set_config('synchronous_commit', 'off', true)`.execute(queries);
}

interface Taking {
  readonly miner: Miner;
  readonly limit: number;
  readonly audience: RunRow['audience'];
  readonly visibleBy: number;
}

type TakenRow = Pick<RunRow, 'order_id' | 'generation' | 'slot' | 'copy' | 'due_at' | 'visible_at' | 'attempts'> & { lease: string };

async function take(queries: Queries, { now, random }: Claim, { miner, limit, audience, visibleBy }: Taking): Promise<readonly TakenRow[]> {
  const postgres = dialectOf(queries) === 'postgres';
  const skipLocked = postgres ? sql`for no key update of run skip locked` : sql``;
  // The place of a row: PostgreSQL might read the whole table to find rows by their names.
  const place = postgres ? sql.ref('ctid') : sql.ref('rowid');
  const chosen = sql`select min(place) from picked group by order_id, generation, slot`;
  const end = now + leaseMs;
  const { rows } = await sql<TakenRow>`with picked as (
      select run.${place} as place, run.order_id, run.generation, run.slot from errands_run run
        where run.audience = ${sql.lit(audience)} and run.visible_at <= ${visibleBy} and run.fails_at > ${now + leastMs}
          and run.account_id <> ${miner.accountId} and (run.copies = 1 or (${isFetchedByOthers(miner)}))
          and not exists (select 1 from errands_miner where account_id = ${miner.accountId} and state = 'shut-out')
        order by run.visible_at limit ${limit} ${skipLocked}
    )
    update errands_run set
        lease = ${random.id()}, miner_id = ${miner.accountId}, miner_network = ${miner.network}, claimed_at = ${now},
        attempts = attempts + 1,
        audience = case when attempts + 2 >= ${sql.lit(attemptsMs.length)} then 'house' else audience end,
        visible_at = case when fails_at < ${end} then fails_at else ${end} end
      where ${place} ${postgres ? sql`= any(array(${chosen}))` : sql`in (${chosen})`}
      returning order_id, generation, slot, copy, due_at, visible_at, attempts, lease`.execute(queries);
  return rows;
}

/** Whether the other copies of a run are with other accounts and networks. A claim at the same moment is found at completion. */
function isFetchedByOthers({ accountId, network }: Miner): RawBuilder<unknown> {
  const ofSameRun = sql`other.order_id = run.order_id and other.generation = run.generation and other.slot = run.slot and other.copy <> run.copy`;
  return sql`not exists (select 1 from errands_run other where ${ofSameRun} and (other.miner_id = ${accountId} or other.miner_network = ${network}))
    and not exists (select 1 from errands_answer other
      where ${ofSameRun} and (coalesce(other.miner_id, ${sql.lit(houseMiner)}) = ${accountId} or other.network = ${network}))`;
}

async function withOrders(queries: Queries, rows: readonly TakenRow[]): Promise<readonly ClaimedRun[]> {
  if (rows.length === 0) return [];
  const ids = [...new Set(rows.map(({ order_id }) => order_id))];
  const orders = await orderTables(queries)
    .selectFrom('errands_order')
    .select(['id', 'address', 'method', 'headers'])
    .where(isAmong(queries, 'id', ids))
    .execute();
  const orderOf = new Map(orders.map((order) => [order.id, order]));
  return rows
    .flatMap((row): readonly ClaimedRun[] => {
      const order = orderOf.get(row.order_id);
      if (order === undefined) return [];
      const { order_id: orderId, generation, slot, copy, lease: secret } = row;
      const lease: Lease = { orderId, generation, slot, copy, secret };
      const { address, method } = order;
      const headers = JSON.parse(order.headers) as Record<string, string>;
      return [
        { lease: leaseText(lease), orderId, address, method, headers, dueAt: row.due_at, endsAt: row.visible_at, attempt: row.attempts },
      ];
    })
    .sort((one, other) => one.dueAt - other.dueAt);
}

/** When the next run can be claimed by anyone; undefined when none waits. */
export async function nextClaimAt(queries: Queries, audience: RunRow['audience'] = 'anyone'): Promise<number | undefined> {
  const { rows } = await sql<{ at: number }>`select visible_at as at from errands_run where audience = ${sql.lit(audience)}
    order by visible_at limit 1`.execute(queries);
  return rows[0]?.at;
}
