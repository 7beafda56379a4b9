/** Cancelling a booking: seats are free again and coins go back, in one transaction, once. */
import { type RawBuilder, sql } from 'kysely';
import { invariant } from '#core/errors.ts';
import type { Queries } from '#core/ports/state.ts';
import { rowsFrom } from '#core/sql/rows.ts';
import { refund } from '#modules/coins/post.ts';
import { refundOf, refundShare } from '../../domain/fares.ts';
import { countSeats, ledgerScope, moveSeats, type SeatCount } from './book.ts';
import { type BookingRow, flightsNamed, lockBooking } from './bookings.ts';
import { lockFares } from './lock-fares.ts';
import { bookingTables } from './tables.ts';

export interface CancelRequest {
  readonly bookingId: string;
  readonly accountId: string;
  /** What the customer agreed to: another refund is refused. */
  readonly expectedRefund: number;
}

export type Cancellation =
  /** Also when it was cancelled before: nothing more happened. */
  | { readonly outcome: 'cancelled' }
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'departed' }
  | { readonly outcome: 'refund-changed'; readonly refund: number };

const refundPrefix = 'cancel:';

/** The key of the ledger under which a booking's refund is found, as a part of a statement. */
export function refundKeyOf(bookingId: RawBuilder<string>): RawBuilder<string> {
  return sql<string>`${sql.lit(refundPrefix)} || ${bookingId}`;
}

export async function cancelBooking(
  queries: Queries,
  { bookingId, accountId, expectedRefund }: CancelRequest,
  now: number,
): Promise<Cancellation> {
  const booking = await lockBooking(queries, bookingId);
  if (booking === undefined || booking.account_id !== accountId) return { outcome: 'unknown' };
  if (booking.state === 'cancelled') return { outcome: 'cancelled' };
  const tickets = await bookingTables(queries)
    .selectFrom('flights_ticket')
    .select(['flight_id', 'cabin'])
    .where('booking_id', '=', bookingId)
    .execute();
  const counts = countSeats(tickets);
  // The fares first: whether a flight was cancelled is decided by who locks them.
  const fares = counts.map(({ flight_id, cabin }) => ({ flight_id, cabin }));
  await lockFares(queries, rowsFrom(queries, fareColumns, fares));
  const flights = [...(await flightsNamed(queries, [...new Set(counts.map(({ flight_id }) => flight_id))])).values()];
  invariant(flights.length > 0, `the flights of booking ${bookingId} are in the timetable`);
  const firstDepartureAt = Math.min(...flights.map(({ departsAt }) => departsAt));
  const flightCancelled = flights.some(({ state }) => state === 'cancelled');
  if (firstDepartureAt <= now && !flightCancelled) return { outcome: 'departed' };
  const amount = refundOf(booking.total, refundShare({ bookedAt: booking.created_at, firstDepartureAt, flightCancelled }, now));
  if (amount !== expectedRefund) return { outcome: 'refund-changed', refund: amount };
  await writeCancellation(queries, booking, { amount, counts, now });
  return { outcome: 'cancelled' };
}

const fareColumns = { flight_id: 'text', cabin: 'text' } as const;

interface Change {
  readonly amount: number;
  readonly counts: readonly SeatCount[];
  readonly now: number;
}

async function writeCancellation(queries: Queries, { id }: BookingRow, { amount, counts, now }: Change): Promise<void> {
  const tables = bookingTables(queries);
  await Promise.all([
    tables.updateTable('flights_booking').set({ state: 'cancelled', refunded: amount, cancelled_at: now }).where('id', '=', id).execute(),
    tables.updateTable('flights_ticket').set({ state: 'cancelled', cancelled_at: now }).where('booking_id', '=', id).execute(),
    moveSeats(queries, counts, -1),
  ]);
  // Nothing comes back shortly before the departure: nothing moves.
  if (amount === 0) return;
  const answer = await refund(queries, {
    scope: ledgerScope,
    key: `${refundPrefix}${id}`,
    of: { scope: ledgerScope, key: id },
    amount,
    at: now,
    memo: `Refund of booking ${id}`,
  });
  invariant(answer.outcome === 'posted', `the refund of booking ${id} was ${answer.outcome}`);
}
