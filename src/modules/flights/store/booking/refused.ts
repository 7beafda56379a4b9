/** What quotes and bookings answer instead of doing it, as errors that say what is wrong and what to do. */
import { KontorError, unreachable } from '#core/errors.ts';
import { houseRefusals } from '#core/house-refusals.ts';
import { fieldRefusal, refuse } from '#core/refuse.ts';
import type { TakenSeat } from '../../domain/booking-plan.ts';
import type { TravelRefusal } from '../../domain/connection.ts';
import type { QuoteRefusal } from '../../domain/quotes.ts';
import { flightsRefusals } from '../../refusals.ts';
import type { BookingAnswer } from './book.ts';
import type { Cancellation } from './cancel.ts';

export function noFlight(flight: string): KontorError {
  return refuse(flightsRefusals, 'no-flight', { flight });
}

export function noQuote(quote: string): KontorError {
  return refuse(flightsRefusals, 'no-quote', { quote });
}

export function noBooking(booking: string): KontorError {
  return refuse(flightsRefusals, 'no-booking', { booking });
}

export function quoteRefusal(refused: QuoteRefusal): KontorError {
  switch (refused.outcome) {
    case 'no-flight':
      return noFlight(refused.flightId);
    case 'no-cabin':
      return refuse(flightsRefusals, 'no-cabin', { flight: refused.flightId, cabin: refused.cabin }, 'cabin');
    case 'few-seats':
      return fewSeats(refused);
    case 'too-many':
      return refuse(flightsRefusals, 'too-many-quotes', { most: refused.most, until: refused.nextExpiryAt });
    default:
      return travelError(refused);
  }
}

export function bookingRefusal(answer: Exclude<BookingAnswer, { outcome: 'booked' }>, quoteId: string): KontorError {
  switch (answer.outcome) {
    case 'conflict':
      return refuse(houseRefusals, 'key-reused', {}, 'Idempotency-Key');
    case 'no-quote':
      return noQuote(quoteId);
    case 'quote-used':
    case 'quote-expired':
      return refuse(flightsRefusals, answer.outcome, {}, 'quoteId');
    case 'passengers-differ':
      return refuse(flightsRefusals, 'passengers-differ', { quoted: answer.quoted }, 'passengers');
    case 'seats-differ':
      return refuse(flightsRefusals, 'seats-differ', { flights: answer.flights }, `passengers/${answer.passenger}/seats`);
    case 'total-changed':
      return refuse(flightsRefusals, 'booking-total-changed', { total: answer.total }, 'expectedTotal');
    case 'no-seat':
    case 'seat-twice':
      return refuse(flightsRefusals, answer.outcome, { flight: answer.flightId, seat: answer.seat }, answer.field);
    case 'seats-taken':
      return seatsTaken(answer.seats);
    case 'few-seats':
      return fewSeats(answer);
    case 'coins-short':
      return refuse(flightsRefusals, 'booking-coins-short', { total: answer.total, available: answer.available }, 'expectedTotal');
    default:
      return travelError(answer);
  }
}

export function cancellationRefusal(bookingId: string, refused: Exclude<Cancellation, { outcome: 'cancelled' }>): KontorError {
  switch (refused.outcome) {
    case 'unknown':
      return noBooking(bookingId);
    case 'departed':
      return refuse(flightsRefusals, 'booking-departed');
    case 'refund-changed':
      return refuse(flightsRefusals, 'refund-changed', { refund: refused.refund }, 'expectedRefund');
    default:
      return unreachable(refused);
  }
}

function travelError(refused: TravelRefusal): KontorError {
  switch (refused.outcome) {
    case 'departed':
      return refuse(flightsRefusals, 'flight-departed', { flight: refused.flightId });
    case 'flight-cancelled':
      return refuse(flightsRefusals, 'flight-cancelled', { flight: refused.flightId });
    case 'apart':
      return refuse(flightsRefusals, 'flights-apart', { flight: refused.flightId, next: refused.nextId }, 'flights');
    case 'too-close': {
      const { flightId, nextId, minutes } = refused;
      return refuse(flightsRefusals, 'connection-short', { flight: flightId, next: nextId, minutes }, 'flights');
    }
    default:
      return unreachable(refused);
  }
}

function fewSeats({ flightId, left, wanted }: { flightId: string; left: number; wanted: number }): KontorError {
  if (left <= 0) return refuse(flightsRefusals, 'flight-full', { flight: flightId });
  return refuse(flightsRefusals, 'few-seats', { flight: flightId, left, wanted }, 'passengers');
}

/** All of them at once, each with a free one to take in its place. */
function seatsTaken(seats: readonly TakenSeat[]): KontorError {
  const details = seats.map(({ field, flightId, seat, next }) =>
    fieldRefusal(flightsRefusals, 'seat-taken', field, { flight: flightId, seat, next }),
  );
  const [first] = details;
  return new KontorError('conflict', first?.message ?? '', { reason: first?.reason, details });
}
