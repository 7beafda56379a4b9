/** Fares are locked before seats are sold or freed, and before flights are removed, always in one order, so that no deadlock arises. */
import { type RawBuilder, sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import type { Cabin } from '../../domain/cabins.ts';

export interface LockedFare {
  readonly flight_id: string;
  readonly cabin: Cabin;
  /** Seats that are not sold. */
  readonly left: number;
}

/**
 * `wanted` selects flight_id and cabin. What depends on a fare, such as its tickets, is read after it, in a statement of its own: one
 * that waited for the lock would still see the tickets as they were before.
 */
export async function lockFares(queries: Queries, wanted: RawBuilder<unknown>): Promise<readonly LockedFare[]> {
  const locking = dialectOf(queries) === 'postgres' ? sql`for no key update` : sql``;
  const { rows } = await sql<LockedFare>`select flight_id, cabin, seats - sold as left from flights_fare
    where (flight_id, cabin) in (${wanted}) order by flight_id, cabin ${locking}`.execute(queries);
  return rows;
}
