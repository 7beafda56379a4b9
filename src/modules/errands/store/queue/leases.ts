/** Leases are extended, or given back. Only their holder can do either. */
import { sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import { rowsFrom } from '#core/sql/rows.ts';
import { byCopy, type Lease, leaseText } from '../../domain/leases.ts';
import { leaseMs } from '../../domain/orders.ts';
import { leaseColumns } from './named.ts';

/** A lease ends so long before its run fails, that the house has time for it. */
const houseTimeMs = 30_000;

function leaseRows(leases: readonly Lease[]) {
  return leases
    .toSorted(byCopy)
    .map(({ orderId, generation, slot, copy, secret }) => ({ order_id: orderId, generation, slot, copy, lease: secret }));
}

interface LeaseRow {
  readonly order_id: string;
  readonly generation: number;
  readonly slot: number;
  readonly copy: number;
  readonly lease: string;
  readonly visible_at: number;
}

/** Resolves when each lease ends now, by its text. Those that are not among them ended before. */
export async function extendLeases(
  queries: Queries,
  accountId: string,
  leases: readonly Lease[],
  now: number,
): Promise<ReadonlyMap<string, number>> {
  const end = now + leaseMs;
  return change(
    queries,
    accountId,
    leases,
    sql`visible_at = case
      when visible_at >= fails_at - ${sql.lit(houseTimeMs)} then visible_at
      when fails_at - ${sql.lit(houseTimeMs)} < ${end} then fails_at - ${sql.lit(houseTimeMs)}
      else ${end} end`,
  );
}

/** Gives runs back without an answer: others can claim them at once. Resolves the leases that ended by it. */
export async function releaseLeases(
  queries: Queries,
  accountId: string,
  leases: readonly Lease[],
  now: number,
): Promise<ReadonlySet<string>> {
  const ended = await change(queries, accountId, leases, sql`claimed_at = null, visible_at = ${now}`);
  return new Set(ended.keys());
}

async function change(queries: Queries, accountId: string, leases: readonly Lease[], changes: ReturnType<typeof sql>) {
  if (leases.length === 0) return new Map<string, number>();
  const locks = dialectOf(queries) === 'postgres' ? sql`for no key update of run` : sql``;
  const { rows } = await sql<LeaseRow>`with held as (
      select run.order_id, run.generation, run.slot, run.copy
        from errands_run run join (${rowsFrom(queries, leaseColumns, leaseRows(leases))}) as named
          on run.order_id = named.order_id and run.generation = named.generation and run.slot = named.slot
            and run.copy = named.copy and run.lease = named.lease
        where run.miner_id = ${accountId} and run.claimed_at is not null
        order by run.order_id, run.generation, run.slot, run.copy ${locks}
    )
    update errands_run set ${changes} from held
      where errands_run.order_id = held.order_id and errands_run.generation = held.generation
        and errands_run.slot = held.slot and errands_run.copy = held.copy
      returning errands_run.order_id, errands_run.generation, errands_run.slot, errands_run.copy, lease, visible_at`.execute(queries);
  return new Map(
    rows.map(({ order_id: orderId, generation, slot, copy, lease: secret, visible_at }) => [
      leaseText({ orderId, generation, slot, copy, secret }),
      visible_at,
    ]),
  );
}
