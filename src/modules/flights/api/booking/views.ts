/** Quotes, bookings and seat maps as the API shows them. */

import type { Aircraft } from '../../domain/aircraft.ts';
import type { QuotedFlight } from '../../domain/booking-plan.ts';
import { type CalendarEvent, calendarFile } from '../../domain/calendar-file.ts';
import { refundShare, refundSteps } from '../../domain/fares.ts';
import type { NewQuote } from '../../domain/quotes.ts';
import { seatsOf } from '../../domain/seats.ts';
import type { ListedBooking, WholeBooking } from '../../store/booking/bookings.ts';
import type { Airport, Leg } from '../schemas.ts';
import type { Booking, BookingSummary, Quote, SeatMap } from './contracts.ts';

/** Flights and airports as the timetable shows them. */
export interface Places {
  leg(flight: QuotedFlight): Leg;
  airport(code: string): Airport;
}

export function viewSeats(flight: Pick<QuotedFlight, 'id'>, aircraft: Aircraft, taken: ReadonlySet<string>): SeatMap {
  return {
    flightId: flight.id,
    aircraft: aircraft.name,
    layouts: aircraft.cabins.map(({ cabin, columns }) => ({ cabin, columns: [...columns] })),
    seats: seatsOf(aircraft).map(({ seat, cabin, place, exitRow }) => ({ seat, cabin, free: !taken.has(seat), place, exitRow })),
  };
}

export function viewQuote(quote: NewQuote, places: Places, now: number): Quote {
  const { id, cabin, passengers, legs, total, createdAt, expiresAt, isUsed } = quote;
  return {
    id,
    cabin,
    passengers,
    legs: legs.map(({ flight, price }) => ({ leg: places.leg(flight), price })),
    total,
    createdAt,
    expiresAt,
    state: isUsed ? 'booked' : expiresAt <= now ? 'expired' : 'open',
    rules: rulesOf(
      legs.map(({ flight }) => flight),
      now,
      now,
    ),
  };
}

export function viewBooking({ booking, passengers, tickets, flights }: WholeBooking, places: Places, now: number): Booking {
  const legs = flights.map((flight) => places.leg(flight));
  const codes = new Set(flights.flatMap(({ origin, destination }) => [origin, destination]));
  return {
    id: booking.id,
    state: stateOf({ booking, flights }, now),
    cabin: booking.cabin,
    total: booking.total,
    refunded: booking.refunded,
    createdAt: booking.created_at,
    cancelledAt: booking.cancelled_at,
    passengers: passengers.map(({ given_name, family_name }) => ({ givenName: given_name, familyName: family_name })),
    tickets: tickets.flatMap(({ number, leg, passenger, seat, price }) => {
      const flown = legs[leg];
      return flown === undefined ? [] : [{ number, leg: flown, passenger, seat, price }];
    }),
    airports: [...codes].map((code) => places.airport(code)),
    rules: rulesOf(flights, booking.created_at, now),
  };
}

export function viewSummary({ booking, flights }: ListedBooking, places: Places, now: number): BookingSummary {
  const { id, passengers, total, refunded, created_at } = booking;
  const legs = flights.map((flight) => places.leg(flight));
  return { id, state: stateOf({ booking, flights }, now), legs, passengers, total, refunded, createdAt: created_at };
}

/** Flown when the last flight has arrived. */
function stateOf({ booking, flights }: ListedBooking, now: number): Booking['state'] {
  if (booking.state === 'cancelled') return 'cancelled';
  return flights.length > 0 && flights.every(({ arrivesAt }) => arrivesAt <= now) ? 'flown' : 'booked';
}

function rulesOf(flights: readonly QuotedFlight[], bookedAt: number, now: number): Booking['rules'] {
  const firstDepartureAt = Math.min(...flights.map(({ departsAt }) => departsAt));
  const flightCancelled = flights.some(({ state }) => state === 'cancelled');
  const { refundPercent, until } = refundShare({ bookedAt, firstDepartureAt, flightCancelled }, now);
  return { refundPercent, until, steps: refundSteps.map((step) => ({ hoursBefore: step.hoursBefore, refundPercent: step.refundPercent })) };
}

export function viewCalendar({ booking, passengers, tickets, flights }: WholeBooking, places: Places): string {
  const events = flights.map((flight, index): CalendarEvent => {
    const leg = places.leg(flight);
    const [from, to] = [places.airport(flight.origin), places.airport(flight.destination)];
    const travellers = tickets
      .filter((ticket) => ticket.leg === index)
      .map(({ passenger, seat }) => `${passengers[passenger]?.given_name} ${passengers[passenger]?.family_name}, ${seat}`);
    return {
      uid: `${booking.id}-${index + 1}@flights.kontor`,
      startsAt: flight.departsAt,
      endsAt: flight.arrivesAt,
      summary: `${flight.number} ${from.city} (${from.code}) – ${to.city} (${to.code})`,
      location: `${from.name} (${from.code}), ${from.city}`,
      description: [`${booking.id}, ${leg.carrier}`, ...travellers].join('\n'),
      cancelled: booking.state === 'cancelled' || flight.state === 'cancelled',
      changedAt: booking.cancelled_at ?? booking.created_at,
    };
  });
  return calendarFile(events);
}
