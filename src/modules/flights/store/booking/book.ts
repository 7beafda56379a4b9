/** Booking: seats, coins, tickets and the sale on the tape in one transaction; many bookings share one, and each has its answer. */
import { sql } from 'kysely';
import { type Batcher, openBatcher } from '#core/batcher.ts';
import { invariant } from '#core/errors.ts';
import type { Random } from '#core/ports/random.ts';
import type { Queries, State } from '#core/ports/state.ts';
import { rowsFrom } from '#core/sql/rows.ts';
import { post, walletOf } from '#modules/coins/post.ts';
import { recordSales, type Sale } from '#modules/stocks/tape.ts';
import { type BookingRefusal, type BookingRequest, type PlannedBooking, planBookings } from '../../domain/booking-plan.ts';
import type { Cabin } from '../../domain/cabins.ts';
import { revenueAccount } from '../../domain/settings.ts';
import { bookingIdFrom, ticketNumber } from '../../domain/tickets.ts';
import { readBookingBooks } from './booking-books.ts';
import type { WholeBooking } from './bookings.ts';
import { bookingKeys, insertRows } from './tables.ts';

export interface BookingContext {
  readonly random: Random;
  readonly now: number;
}

export type BookingAnswer =
  | { readonly outcome: 'booked'; readonly bookingId: string; readonly repeated: false; readonly whole: WholeBooking }
  | { readonly outcome: 'booked'; readonly bookingId: string; readonly repeated: true }
  /** The key was used before, for something else. */
  | { readonly outcome: 'conflict' }
  | BookingRefusal;

/** The ledger's scope for what flights ask of it; keys are ids of bookings, and of their cancellations. */
export const ledgerScope = 'flights';

export type BookingDesk = Batcher<BookingRequest, BookingAnswer>;

/** Decides bookings that arrive together in one transaction: one fsync and one lock of the flight that all of them want. */
export function openBookingDesk(state: State, context: () => BookingContext): BookingDesk {
  return openBatcher({
    what: 'bookings',
    maxWaiting: 1_000,
    maxBatch: 100,
    // The same key again must find the first answer stored.
    keyOf: ({ accountId }) => accountId,
    work: (requests) => state.write((queries) => bookAll(queries, requests, context())),
  });
}

/** An answer for each request, in order. What is refused changes nothing, and its key and its quote may be used again. */
async function bookAll(
  queries: Queries,
  requests: readonly BookingRequest[],
  { random, now }: BookingContext,
): Promise<readonly BookingAnswer[]> {
  invariant(new Set(requests.map(({ accountId }) => accountId)).size === requests.length, 'an account books once in a call');
  const keyed = requests.map(({ accountId, key, bodyHash }) => ({ scope: accountId, key, bodyHash, answer: bookingIdFrom(random.id()) }));
  // The keys first: of two requests with one key at the same moment, the second waits here for the first.
  const [claims, books] = await Promise.all([bookingKeys.claim(queries, keyed, now), readBookingBooks(queries, requests)]);
  const fresh = requests.filter((_, index) => claims[index]?.outcome === 'new');
  const plans = planBookings(fresh, { ...books, now });
  const planOf = new Map(fresh.map((request, index) => [request, plans[index]]));
  const booked: WholeBooking[] = [];
  const answers = requests.map((request, index): BookingAnswer => {
    const claim = claims[index];
    invariant(claim, 'every request was claimed');
    if (claim.outcome === 'conflict') return claim;
    if (claim.outcome === 'repeated') return { outcome: 'booked', bookingId: claim.answer, repeated: true };
    const plan = planOf.get(request);
    invariant(plan, 'every new request has its plan');
    if (plan.outcome !== 'planned') return plan;
    const whole = wholeBookingOf(plan, claim.answer, now);
    booked.push(whole);
    return { outcome: 'booked', bookingId: claim.answer, repeated: false, whole };
  });
  const refused = keyed.filter((_, index) => claims[index]?.outcome === 'new' && answers[index]?.outcome !== 'booked');
  await Promise.all([bookingKeys.forget(queries, refused), write(queries, booked, now)]);
  return answers;
}

/** As it is written, and would be read from the tables. */
function wholeBookingOf({ request, quote, seats }: PlannedBooking, id: string, now: number): WholeBooking {
  const { cabin, legs } = quote;
  const ticket = { booking_id: id, cabin, state: 'live', booked_at: now, cancelled_at: null } as const;
  return {
    booking: {
      id,
      account_id: request.accountId,
      quote_id: quote.id,
      cabin,
      passengers: quote.passengers,
      total: quote.total,
      refunded: 0,
      state: 'booked',
      created_at: now,
      cancelled_at: null,
    },
    passengers: request.passengers.map(({ givenName, familyName }, number) => ({
      booking_id: id,
      number,
      given_name: givenName,
      family_name: familyName,
    })),
    flights: legs.map(({ flight }) => flight),
    tickets: legs.flatMap(({ flight, price }, leg) =>
      (seats[leg] ?? []).map((seat, passenger) => ({
        ...ticket,
        leg,
        passenger,
        number: ticketNumber(id, leg * quote.passengers + passenger),
        flight_id: flight.id,
        seat,
        price,
      })),
    ),
  };
}

/** What everything needs is locked by now: nothing here waits for anything else, and all of it is sent together. */
async function write(queries: Queries, booked: readonly WholeBooking[], now: number): Promise<void> {
  if (booked.length === 0) return;
  const tickets = booked.flatMap((whole) => whole.tickets);
  await Promise.all([
    pay(queries, booked, now),
    moveSeats(queries, countSeats(tickets), 1),
    insertRows(
      queries,
      'flights_booking',
      booked.map(({ booking }) => booking),
    ),
    insertRows(
      queries,
      'flights_passenger',
      booked.flatMap(({ passengers }) => passengers),
    ),
    insertRows(queries, 'flights_ticket', tickets),
    recordSales(queries, booked.flatMap(salesOf), now),
  ]);
}

/** No other transaction can have spent the coins: the wallets have been locked since the bookings were planned. */
async function pay(queries: Queries, booked: readonly WholeBooking[], now: number): Promise<void> {
  const answers = await post(
    queries,
    booked.map(({ booking: { id, account_id, total } }) => ({
      scope: ledgerScope,
      key: id,
      kind: 'purchase',
      debit: walletOf(account_id),
      credit: revenueAccount,
      amount: total,
      at: now,
      memo: `Booking ${id}`,
    })),
  );
  for (const [index, { booking }] of booked.entries()) {
    invariant(answers[index]?.outcome === 'posted', `the payment of the new booking ${booking.id} was ${answers[index]?.outcome}`);
  }
}

export interface SeatCount {
  readonly flight_id: string;
  readonly cabin: Cabin;
  readonly seats: number;
}

/** Of each flight and cabin, in the order in which fares are locked. */
export function countSeats(tickets: readonly Pick<WholeBooking['tickets'][number], 'flight_id' | 'cabin'>[]): readonly SeatCount[] {
  return [...Map.groupBy(tickets, ({ flight_id, cabin }) => `${flight_id} ${cabin}`)]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([, its]) => its.slice(0, 1).map(({ flight_id, cabin }) => ({ flight_id, cabin, seats: its.length })));
}

const seatColumns = { flight_id: 'text', cabin: 'text', seats: 'bigint' } as const;

/** Sells seats, or takes them back with −1, of fares that the caller has locked. One that would be oversold is a broken invariant. */
export async function moveSeats(queries: Queries, counts: readonly SeatCount[], direction: 1 | -1): Promise<void> {
  const rows = counts.map(({ flight_id, cabin, seats }) => ({ flight_id, cabin, seats: seats * direction }));
  const { numAffectedRows } = await sql`update flights_fare set sold = flights_fare.sold + move.seats
    from (${rowsFrom(queries, seatColumns, rows)}) as move
    where flights_fare.flight_id = move.flight_id and flights_fare.cabin = move.cabin
      and flights_fare.sold + move.seats between 0 and flights_fare.seats`.execute(queries);
  invariant(Number(numAffectedRows) === rows.length, `of the seats of ${rows.length} fares only those of ${numAffectedRows} could change`);
}

/** A trade of the carrier's instrument for each flight: so many seats at the price of one, in cents of a coin. */
function salesOf({ booking, flights, tickets }: WholeBooking): readonly Sale[] {
  return flights.flatMap(({ number }, leg): readonly Sale[] => {
    const price = tickets.find((ticket) => ticket.leg === leg)?.price ?? 0;
    const carrier = number.slice(0, 2);
    return [{ instrument: `FLIGHTS.${carrier}`, priceCents: price * 100, quantity: booking.passengers, at: booking.created_at }];
  });
}
