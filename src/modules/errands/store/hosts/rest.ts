/** A host that asked to be left alone is not asked for a while. */
import { sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import { rowsFrom } from '#core/sql/rows.ts';

/** Of the orders that were to be fetched, and for how long. */
export interface RestWish {
  readonly orderId: string;
  readonly ms: number;
}

/** What a miner says cannot stop a host for longer. */
const longestMs = 60_000;

/** Runs that wait for a host at a time. */
const maxDelayed = 1_000;

const columns = { order_id: 'text', until: 'bigint' } as const;

/** Hosts are locked in the order of their names. */
export async function restHosts(queries: Queries, wishes: readonly RestWish[], now: number): Promise<void> {
  const rows = wishes.map(({ orderId, ms }) => ({ order_id: orderId, until: now + Math.min(ms, longestMs) }));
  const locks = dialectOf(queries) === 'postgres' ? sql`for no key update` : sql``;
  await sql`with asked as (
      select errands_order.host, max(wish.until) as until from (${rowsFrom(queries, columns, rows)}) as wish
        join errands_order on errands_order.id = wish.order_id group by errands_order.host
    ), locked as (
      select host from errands_host where host in (select host from asked) order by host ${locks}
    )
    update errands_host set rests_until = asked.until, changed_at = ${now} from asked, locked
      where errands_host.host = asked.host and locked.host = asked.host and errands_host.rests_until < asked.until`.execute(queries);
  await delayRuns(queries, rows);
}

/** Runs are made ahead: those of the host that nobody has claimed wait, too, where they can still be fetched after it. */
async function delayRuns(queries: Queries, rows: readonly { readonly order_id: string; readonly until: number }[]): Promise<void> {
  const skipLocked = dialectOf(queries) === 'postgres' ? sql`for no key update of run skip locked` : sql``;
  await sql`with asked as (
      select errands_order.host, max(wish.until) as until from (${rowsFrom(queries, columns, rows)}) as wish
        join errands_order on errands_order.id = wish.order_id group by errands_order.host
    ), waiting as (
      select run.order_id, run.generation, run.slot, run.copy, asked.until
      from asked join errands_order placed on placed.host = asked.host and placed.state = 'active'
        join errands_run run on run.order_id = placed.id
      where run.claimed_at is null and run.visible_at < asked.until and run.fails_at > asked.until
      order by run.order_id, run.generation, run.slot, run.copy limit ${sql.lit(maxDelayed)} ${skipLocked}
    )
    update errands_run set visible_at = waiting.until from waiting
      where errands_run.order_id = waiting.order_id and errands_run.generation = waiting.generation
        and errands_run.slot = waiting.slot and errands_run.copy = waiting.copy`.execute(queries);
}
