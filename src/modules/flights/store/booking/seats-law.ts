/** Law flights-1: seats, tickets and payments agree at every committed moment. */
import { type RawBuilder, sql } from 'kysely';
import { type Books, type Finding, type Law, maxViolations, type Scope } from '#core/laws/law.ts';
import { amountMovedFor } from '#modules/coins/post.ts';
import { ledgerScope } from './book.ts';
import { refundKeyOf } from './cancel.ts';

/** Bookings that a check beside live traffic looks at, and the flights in them. */
const recentBookings = 200;

export const seatsLaw: Law = {
  id: 'flights-1',
  says: 'Seats sold ≤ seats, and as many as live tickets; a seat has at most one live ticket; every live booking is paid in the ledger with its amount, and what came back is what the ledger moved.',
  enforcedBy: 'check constraints of flights_fare, the unique index flights_ticket_by_seat, and booking as one transaction (book.ts)',
  check: (books, scope) => checkSeats(books, scope),
};

async function checkSeats({ state }: Books, scope: Scope): Promise<Finding> {
  return state.read(async (queries) => {
    const violations: string[] = [];
    for (const find of checks) {
      const { rows } = await find(scope).execute(queries);
      violations.push(...rows.map(({ name, wrong }) => `${name}: ${wrong}`));
    }
    const { rows } = await sql<{ bookings: number }>`select count(*) as bookings from ${someBookings(scope)} few`.execute(queries);
    const counted = Number(rows[0]?.bookings ?? 0);
    const checked = scope === 'all' ? `${counted} bookings and every fare` : `the newest ${counted} bookings and their flights`;
    return { checked, violations: violations.slice(0, maxViolations) };
  });
}

/** Many are made at the same moment: without their ids in the order, each mention could pick others. */
const someBookings = (scope: Scope) =>
  scope === 'all'
    ? sql`flights_booking`
    : sql`(select * from flights_booking order by created_at desc, id desc limit ${sql.lit(recentBookings)})`;

/** So that beside live traffic only their parts are read. */
const ofSome = (scope: Scope, column: string) =>
  scope === 'all' ? sql`true` : sql`${sql.ref(column)} in (select id from ${someBookings(scope)} few)`;

const someFlights = (scope: Scope, column: string) =>
  scope === 'all' ? sql`true` : sql`${sql.ref(column)} in (select flight_id from flights_ticket where ${ofSome(scope, 'booking_id')})`;

const limit = sql.lit(maxViolations);

/** Each selects `name` and `wrong`, a row for each violation. */
const checks: readonly ((scope: Scope) => RawBuilder<{ name: string; wrong: string }>)[] = [
  (scope) => sql`select fare.flight_id || ' ' || fare.cabin as name,
      fare.sold || ' of ' || fare.seats || ' seats are sold, but ' || coalesce(live.tickets, 0) || ' tickets are live' as wrong
    from flights_fare fare left join (
      select flight_id, cabin, count(*) as tickets from flights_ticket
      where state = 'live' and ${someFlights(scope, 'flight_id')} group by flight_id, cabin
    ) live on live.flight_id = fare.flight_id and live.cabin = fare.cabin
    where ${someFlights(scope, 'fare.flight_id')}
      and (fare.sold <> coalesce(live.tickets, 0) or fare.sold > fare.seats or fare.sold < 0) limit ${limit}`,
  (scope) => sql`select ticket.flight_id || ' ' || ticket.seat as name, count(*) || ' live tickets have this seat' as wrong
    from flights_ticket ticket where ticket.state = 'live' and ${someFlights(scope, 'ticket.flight_id')}
    group by ticket.flight_id, ticket.seat having count(*) > 1 limit ${limit}`,
  (scope) => sql`select booking.id as name,
      'it is ' || booking.state || ' for ' || booking.passengers || ' passengers and ' || booking.total || ' coins, but has '
        || coalesce(tickets.live, 0) || ' live and ' || coalesce(tickets.ended, 0) || ' cancelled tickets of ' || coalesce(tickets.price, 0) || ' coins' as wrong
    from ${someBookings(scope)} booking left join (
      select booking_id, count(distinct leg) as legs, count(*) as tickets, sum(price) as price,
        sum(case when state = 'live' then 1 else 0 end) as live, sum(case when state = 'live' then 0 else 1 end) as ended
      from flights_ticket where ${ofSome(scope, 'booking_id')} group by booking_id
    ) tickets on tickets.booking_id = booking.id
    where tickets.tickets is null or tickets.price <> booking.total or tickets.tickets <> tickets.legs * booking.passengers
      or (booking.state = 'booked' and tickets.ended > 0) or (booking.state = 'cancelled' and tickets.live > 0) limit ${limit}`,
  // Coins are the ledger's: here it only says whether the payment is there, with the same amount.
  (scope) => sql`select name, 'its total is ' || total || ' coins, but the ledger moved ' || coalesce(cast(moved as text), 'none') as wrong
    from (
      select booking.id as name, booking.total, ${amountMovedFor(ledgerScope, sql`booking.id`)} as moved from ${someBookings(scope)} booking
    ) paid
    where moved is null or moved <> total limit ${limit}`,
  (scope) => sql`select name, refunded || ' coins came back by the booking, and ' || coalesce(moved, 0) || ' by the ledger' as wrong
    from (
      select booking.id as name, booking.refunded, ${amountMovedFor(ledgerScope, refundKeyOf(sql`booking.id`))} as moved
      from ${someBookings(scope)} booking
    ) given
    where refunded <> coalesce(moved, 0) limit ${limit}`,
  (scope) => sql`select ticket.booking_id as name, 'ticket ' || ticket.number || ' has no booking' as wrong
    from flights_ticket ticket left join flights_booking booking on booking.id = ticket.booking_id
    where booking.id is null and ${someFlights(scope, 'ticket.flight_id')} limit ${limit}`,
  (scope) => sql`select ticket.booking_id as name, 'ticket ' || ticket.number || ' is live, but its flight or its fare is gone' as wrong
    from flights_ticket ticket
      left join flights_fare fare on fare.flight_id = ticket.flight_id and fare.cabin = ticket.cabin
      left join flights_flight flight on flight.id = ticket.flight_id
    where ticket.state = 'live' and (fare.flight_id is null or flight.id is null) and ${ofSome(scope, 'ticket.booking_id')} limit ${limit}`,
];
