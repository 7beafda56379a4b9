/** Bookings of the newest days, for the admin's overview: see core/sql/sums.ts. */
import type { Queries } from '#core/ports/state.ts';
import { type Sums, sumsOf } from '#core/sql/sums.ts';

const newest = { table: 'flights_booking', at: 'created_at' } as const;

/** `refunds` are of the same bookings. */
export async function readOverview(queries: Queries, now: number): Promise<{ readonly sales: Sums; readonly refunds: Sums }> {
  const [sales, refunds] = await Promise.all([
    sumsOf(queries, { ...newest, coins: 'total', only: 'total > 0' }, now),
    sumsOf(queries, { ...newest, coins: 'refunded', only: 'refunded > 0' }, now),
  ]);
  return { sales, refunds };
}
