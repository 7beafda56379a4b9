/** Quotes, seats, bookings and tickets. */
import { type Static, Type } from 'typebox';
import { contract, media } from '#http/contract.ts';
import { IdempotencyHeaders, requestKeyFilter } from '#http/idempotency.ts';
import { Next, pageQuery } from '#http/paging.ts';
import { Airport, at, BookingId, CabinName, coins, FlightId, Leg, OneBooking, OneFlight, QuoteId, SeatName } from '../schemas.ts';

const tags = ['flights'];

const Seat = Type.Object({
  seat: SeatName,
  cabin: CabinName,
  free: Type.Boolean(),
  place: Type.Enum(['window', 'middle', 'aisle']),
  exitRow: Type.Boolean({ description: 'More room for the legs' }),
});
const SeatMap = Type.Object(
  {
    flightId: FlightId,
    aircraft: Type.String(),
    /** The letters of a row with null for the aisle, by cabin: how to draw it. */
    layouts: Type.Array(Type.Object({ cabin: CabinName, columns: Type.Array(Type.Union([Type.String(), Type.Null()])) })),
    seats: Type.Array(Seat, { description: 'From the front to the back, from left to right' }),
  },
  { $id: 'SeatMap' },
);
export type SeatMap = Static<typeof SeatMap>;

export const readSeats = contract({
  method: 'GET',
  path: '/api/flights/flights/:id/seats',
  tags,
  summary: 'The seats of a flight, and which are free',
  access: 'anyone',
  params: OneFlight,
  response: { 200: SeatMap },
});

const QuoteInput = Type.Object(
  {
    flights: Type.Array(FlightId, {
      minItems: 1,
      maxItems: 4,
      description: 'The flights in the order of travel, such as out and back with a change each',
    }),
    cabin: CabinName,
    passengers: Type.Integer({ minimum: 1, maximum: 9 }),
  },
  { additionalProperties: false },
);
export type QuoteInput = Static<typeof QuoteInput>;

const CancellationRules = Type.Object({
  refundPercent: Type.Integer({ description: 'What comes back now of what was paid' }),
  until: Type.Union([at('Until then'), Type.Null()], { description: 'When less comes back; null when nothing does' }),
  steps: Type.Array(Type.Object({ hoursBefore: Type.Integer(), refundPercent: Type.Integer() }), {
    description: 'Hours before the first departure and what comes back until then, the earliest first',
  }),
});

const Quote = Type.Object(
  {
    id: QuoteId,
    cabin: CabinName,
    passengers: Type.Integer(),
    legs: Type.Array(Type.Object({ leg: Leg, price: coins('For one passenger') })),
    total: coins('For all passengers and flights'),
    createdAt: at('When it was given'),
    expiresAt: at('Until when it holds'),
    state: Type.Enum(['open', 'expired', 'booked']),
    rules: CancellationRules,
  },
  { $id: 'FlightQuote' },
);
export type Quote = Static<typeof Quote>;

export const askQuote = contract({
  method: 'POST',
  path: '/api/flights/quotes',
  tags,
  summary: 'The current price, held for some minutes',
  description:
    'Read from the books, never from a cache. A quote holds a price, not a seat; only who asked can use it, once. A visitor without an account is known by a signed cookie.',
  access: 'anyone',
  body: QuoteInput,
  response: { 201: Quote },
});

export const readQuote = contract({
  method: 'GET',
  path: '/api/flights/quotes/:id',
  tags,
  summary: 'One of one’s own quotes',
  access: 'anyone',
  params: Type.Object({ id: QuoteId }),
  response: { 200: Quote },
});

const name = (description: string) =>
  Type.String({ minLength: 1, maxLength: 60, pattern: '^[^\\p{Cc}]*[^\\p{Cc}\\s][^\\p{Cc}]*$', description });

const BookingInput = Type.Object(
  {
    quoteId: QuoteId,
    expectedTotal: Type.Integer({ minimum: 1, description: 'The total as it was shown; another one is refused' }),
    passengers: Type.Array(
      Type.Object(
        {
          givenName: name('As in the passport'),
          familyName: name('As in the passport'),
          seats: Type.Array(Type.Union([SeatName, Type.Null()]), {
            maxItems: 4,
            description: 'One for each flight in the order of the quote; null for any free seat',
          }),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 9 },
    ),
  },
  { additionalProperties: false },
);
export type BookingInput = Static<typeof BookingInput>;

const Ticket = Type.Object({
  number: Type.String({ description: 'Of the e-ticket' }),
  leg: Leg,
  passenger: Type.Integer({ description: 'Which of the passengers, from 0' }),
  seat: SeatName,
  price: coins('Paid'),
});

const Booking = Type.Object(
  {
    id: BookingId,
    state: Type.Enum(['booked', 'flown', 'cancelled']),
    cabin: CabinName,
    total: coins('Paid'),
    refunded: coins('What came back'),
    createdAt: at('When it was booked'),
    cancelledAt: Type.Union([at('When'), Type.Null()]),
    passengers: Type.Array(Type.Object({ givenName: Type.String(), familyName: Type.String() })),
    tickets: Type.Array(Ticket, { description: 'By flight, then by passenger' }),
    airports: Type.Array(Airport, { description: 'Those of its flights' }),
    rules: CancellationRules,
  },
  { $id: 'FlightBooking' },
);
export type Booking = Static<typeof Booking>;

const BookingSummary = Type.Object(
  {
    id: BookingId,
    state: Type.Enum(['booked', 'flown', 'cancelled']),
    legs: Type.Array(Leg),
    passengers: Type.Integer(),
    total: coins('Paid'),
    refunded: coins('What came back'),
    createdAt: at('When it was booked'),
  },
  { $id: 'FlightBookingSummary' },
);
export type BookingSummary = Static<typeof BookingSummary>;

export const book = contract({
  method: 'POST',
  path: '/api/flights/bookings',
  tags,
  summary: 'Book a quote',
  description: 'Seats, coins, tickets and the sale on the tape in one transaction: either all of it happened, or nothing.',
  access: 'account',
  headers: IdempotencyHeaders,
  body: BookingInput,
  response: { 201: Booking },
});

export const listBookings = contract({
  method: 'GET',
  path: '/api/flights/bookings',
  tags,
  summary: 'One’s own bookings, the newest first',
  access: 'account',
  query: Type.Object({ ...pageQuery(), key: requestKeyFilter }, { additionalProperties: false }),
  response: { 200: Type.Object({ bookings: Type.Array(BookingSummary), next: Next }) },
});

export const readBooking = contract({
  method: 'GET',
  path: '/api/flights/bookings/:id',
  tags,
  summary: 'One of one’s own bookings with its tickets',
  access: 'account',
  params: OneBooking,
  response: { 200: Booking },
});

export const readBookingCalendar = contract({
  method: 'GET',
  path: '/api/flights/bookings/:id/flights.ics',
  tags,
  summary: 'The flights of a booking as a calendar file',
  access: 'account',
  params: OneBooking,
  response: { 200: media('text/calendar', 'One event for each flight, RFC 5545') },
});

export const cancelBooking = contract({
  method: 'POST',
  path: '/api/flights/bookings/:id/cancellation',
  tags,
  summary: 'Cancel a booking',
  description: 'What comes back follows the rules of the fare; the seats are free again at once.',
  access: 'account',
  params: OneBooking,
  body: Type.Object(
    { expectedRefund: Type.Integer({ minimum: 0, description: 'The refund as it was shown; another one is refused' }) },
    { additionalProperties: false },
  ),
  response: { 200: Booking },
});
