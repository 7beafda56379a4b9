/** Bookings as they are read: whole ones with passengers and tickets, pages of them, and the seats of a flight that are taken. */
import { sql } from 'kysely';
import { isAfter, type Page, type PageRequest, pageCursor, pageOf } from '#core/paging.ts';
import type { Queries } from '#core/ports/state.ts';
import { isAmong } from '#core/sql/among.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import type { QuotedFlight } from '../../domain/booking-plan.ts';
import { flightColumns } from '../timetable/one-flight.ts';
import { timetable } from '../timetable/tables.ts';
import { type BookingTables, bookingTables } from './tables.ts';

export type BookingRow = BookingTables['flights_booking'];

export interface WholeBooking {
  readonly booking: BookingRow;
  readonly passengers: readonly BookingTables['flights_passenger'][];
  /** By leg, then by passenger. */
  readonly tickets: readonly BookingTables['flights_ticket'][];
  /** One for each leg. */
  readonly flights: readonly QuotedFlight[];
}

/** Undefined when there is none, and when it is somebody else's. */
export async function findBooking(queries: Queries, id: string, accountId: string): Promise<WholeBooking | undefined> {
  const tables = bookingTables(queries);
  const booking = await tables.selectFrom('flights_booking').selectAll().where('id', '=', id).executeTakeFirst();
  if (booking === undefined || booking.account_id !== accountId) return undefined;
  const [passengers, tickets] = await Promise.all([
    tables.selectFrom('flights_passenger').selectAll().where('booking_id', '=', id).orderBy('number').execute(),
    tables.selectFrom('flights_ticket').selectAll().where('booking_id', '=', id).orderBy('leg').orderBy('passenger').execute(),
  ]);
  const flights = await flightsNamed(
    queries,
    tickets.map(({ flight_id }) => flight_id),
  );
  const legs = new Map(tickets.map(({ leg, flight_id }) => [leg, flight_id]));
  return { booking, passengers, tickets, flights: [...legs.values()].flatMap((flightId) => flights.get(flightId) ?? []) };
}

export async function flightsNamed(queries: Queries, ids: readonly string[]): Promise<ReadonlyMap<string, QuotedFlight>> {
  const rows = await timetable(queries)
    .selectFrom('flights_flight')
    .select(flightColumns)
    .where(isAmong(queries, 'id', ids))
    .execute();
  return new Map(rows.map((flight) => [flight.id, flight]));
}

/** Locked for a change. */
export async function lockBooking(queries: Queries, id: string): Promise<BookingRow | undefined> {
  return bookingTables(queries)
    .selectFrom('flights_booking')
    .selectAll()
    .where('id', '=', id)
    .$if(dialectOf(queries) === 'postgres', (query) => query.forNoKeyUpdate())
    .executeTakeFirst();
}

const bookingCursor = pageCursor('flight bookings', ['integer', 'text']);

export interface ListedBooking {
  readonly booking: BookingRow;
  readonly flights: readonly QuotedFlight[];
}

/** Of an account, the newest first. */
export async function listBookings(
  queries: Queries,
  { accountId, id: only, after, limit }: PageRequest & { readonly accountId: string; readonly id?: string | undefined },
): Promise<Page<ListedBooking>> {
  const tables = bookingTables(queries);
  let wanted = tables.selectFrom('flights_booking').selectAll().where('account_id', '=', accountId);
  if (only !== undefined) wanted = wanted.where('id', '=', only);
  const rows = await wanted
    .where(isAfter(['created_at', 'id'], 'desc', bookingCursor.read(after)))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  const { items, next } = pageOf(rows, limit, ({ created_at, id }) => bookingCursor.write([created_at, id]));
  const ids = items.map(({ id }) => id);
  const legs = await tables
    .selectFrom('flights_ticket')
    .select(['booking_id', 'leg', 'flight_id'])
    .where(isAmong(queries, 'booking_id', ids))
    .where('passenger', '=', 0)
    .orderBy('booking_id')
    .orderBy('leg')
    .execute();
  const flights = await flightsNamed(queries, [...new Set(legs.map(({ flight_id }) => flight_id))]);
  const legsByBooking = Map.groupBy(legs, ({ booking_id }) => booking_id);
  const flightsOf = (id: string) => (legsByBooking.get(id) ?? []).flatMap(({ flight_id }) => flights.get(flight_id) ?? []);
  return { items: items.map((booking) => ({ booking, flights: flightsOf(booking.id) })), next };
}

/** Of a flight, in all its cabins. */
export async function takenSeatsOf(queries: Queries, flightId: string): Promise<ReadonlySet<string>> {
  const rows = await bookingTables(queries)
    .selectFrom('flights_ticket')
    .select('seat')
    .where('flight_id', '=', flightId)
    .where('state', '=', sql.lit('live' as const))
    .execute();
  return new Set(rows.map(({ seat }) => seat));
}
