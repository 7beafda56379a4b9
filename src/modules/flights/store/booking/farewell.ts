/** What flights do when a customer leaves: bookings stay, without the names of their passengers. */
import type { KontorError } from '#core/errors.ts';
import type { LeavingAccount } from '#core/farewell.ts';
import type { Queries } from '#core/ports/state.ts';
import { refuse } from '#core/refuse.ts';
import { flightsRefusals } from '../../refusals.ts';
import type { TimetableTables } from '../timetable/tables.ts';
import { type BookingTables, bookingTables } from './tables.ts';

export async function leaveFlights(queries: Queries, { id, now }: LeavingAccount): Promise<KontorError | undefined> {
  const coming = await queries
    .withTables<BookingTables & TimetableTables>()
    .selectFrom('flights_booking as booking')
    .innerJoin('flights_ticket as ticket', 'ticket.booking_id', 'booking.id')
    .innerJoin('flights_flight as flight', 'flight.id', 'ticket.flight_id')
    .select('booking.id')
    .where('booking.account_id', '=', id)
    .where('booking.state', '=', 'booked')
    .where('flight.arrives_at', '>', now)
    .orderBy('booking.id')
    .limit(1)
    .executeTakeFirst();
  if (coming !== undefined) return refuse(flightsRefusals, 'booking-under-way', { booking: coming.id });
  const tables = bookingTables(queries);
  const bookings = tables.selectFrom('flights_booking').select('id').where('account_id', '=', id);
  await tables.updateTable('flights_passenger').set({ given_name: '–', family_name: '–' }).where('booking_id', 'in', bookings).execute();
  return undefined;
}
