/** Quotes, seats and bookings over HTTP. */
import type { Ports } from '#core/ports/ports.ts';
import { hashOfBody, madeBy } from '#core/request-keys.ts';
import { type Route, route } from '#http/route.ts';
import { aircraftOf } from '../../domain/aircraft.ts';
import type { BookingRequest } from '../../domain/booking-plan.ts';
import type { BookingDesk } from '../../store/booking/book.ts';
import { findBooking, flightsNamed, listBookings, takenSeatsOf } from '../../store/booking/bookings.ts';
import { cancelBooking } from '../../store/booking/cancel.ts';
import { findQuote, type QuoteDesk } from '../../store/booking/quotes.ts';
import { bookingRefusal, cancellationRefusal, noBooking, noFlight, noQuote, quoteRefusal } from '../../store/booking/refused.ts';
import { bookingKeys } from '../../store/booking/tables.ts';
import type { AccessLog, Visitor, Visitors } from '../flights-api.ts';
import * as contracts from './contracts.ts';
import { type Places, viewBooking, viewCalendar, viewQuote, viewSeats, viewSummary } from './views.ts';

export interface BookingApi {
  readonly ports: Pick<Ports, 'state' | 'clock' | 'metrics'>;
  readonly visitors: Visitors;
  readonly accesses: AccessLog;
  readonly places: Places;
  readonly quoteDesk: QuoteDesk;
  readonly bookingDesk: BookingDesk;
}

export function bookingRoutes(api: BookingApi): readonly Route[] {
  const { ports, visitors, accesses, places, quoteDesk, bookingDesk } = api;
  const booked = ports.metrics.counter('kontor_flights_bookings_total', 'Bookings that were made.');
  const { state, clock } = ports;

  async function ownBooking(id: string, accountId: string) {
    const whole = await state.read((queries) => findBooking(queries, id, accountId));
    if (whole === undefined) throw noBooking(id);
    return whole;
  }

  const showOwn = async (id: string, accountId: string) => viewBooking(await ownBooking(id, accountId), places, clock.now());

  return [
    route(contracts.readSeats, async ({ params: { id } }) => {
      const [flight, taken] = await state.read(async (queries) => [
        (await flightsNamed(queries, [id])).get(id),
        await takenSeatsOf(queries, id),
      ]);
      const aircraft = flight && aircraftOf(flight.aircraft);
      if (aircraft === undefined) throw noFlight(id);
      return viewSeats({ id }, aircraft, taken);
    }),

    route(contracts.askQuote, async ({ body: { flights, cabin, passengers }, request, reply }) => {
      const visitor = await visitors.of(request, reply);
      const network = visitor.holder.startsWith('account:') ? null : visitor.network;
      const answer = await quoteDesk.submit({ holder: visitor.holder, network, flightIds: flights, cabin, passengers });
      if (answer.outcome !== 'quoted') throw quoteRefusal(answer);
      accesses.note(visitor, 'priced', flights);
      return viewQuote(answer.quote, places, clock.now());
    }),

    route(contracts.readQuote, async ({ params: { id }, request, reply }) => {
      const holders = holdersOf(await visitors.of(request, reply));
      const quote = await state.read((queries) => findQuote(queries, id, holders));
      if (quote === undefined) throw noQuote(id);
      return viewQuote(quote, places, clock.now());
    }),

    route(contracts.book, async ({ account, headers, body, request, reply }) => {
      const visitor = await visitors.of(request, reply);
      const asking = { accountId: account.id, key: headers['idempotency-key'], holders: holdersOf(visitor) };
      const answer = await bookingDesk.submit(bookingRequest(asking, body));
      if (answer.outcome !== 'booked') throw bookingRefusal(answer, body.quoteId);
      if (answer.repeated) {
        reply.header('idempotency-replayed', 'true');
        return showOwn(answer.bookingId, account.id);
      }
      booked.add(1);
      accesses.note(
        visitor,
        'booked',
        answer.whole.flights.map(({ id }) => id),
      );
      // A new booking is shown as it was written: reading it back would cost more than writing it.
      return viewBooking(answer.whole, places, clock.now());
    }),

    route(contracts.listBookings, async ({ account, query: { key, ...page } }) => {
      const { items, next } = await state.read(async (queries) => {
        const id = await madeBy(bookingKeys, queries, account.id, key);
        return listBookings(queries, { ...page, accountId: account.id, id });
      });
      const now = clock.now();
      return { bookings: items.map((item) => viewSummary(item, places, now)), next };
    }),

    route(contracts.readBooking, ({ account, params: { id } }) => showOwn(id, account.id)),

    route(contracts.readBookingCalendar, async ({ account, params: { id }, reply }) => {
      const whole = await ownBooking(id, account.id);
      // The id is of letters and digits: nothing in it can end the header.
      reply.header('content-disposition', `attachment; filename="${whole.booking.id}.ics"`);
      return viewCalendar(whole, places);
    }),

    route(contracts.cancelBooking, async ({ account, params: { id }, body: { expectedRefund } }) => {
      const asked = { bookingId: id, accountId: account.id, expectedRefund };
      const answer = await state.write((queries) => cancelBooking(queries, asked, clock.now()));
      if (answer.outcome !== 'cancelled') throw cancellationRefusal(id, answer);
      return showOwn(id, account.id);
    }),
  ];
}

function holdersOf({ holder, guestHolder }: Visitor): readonly string[] {
  return guestHolder === undefined ? [holder] : [holder, guestHolder];
}

type Asking = Pick<BookingRequest, 'accountId' | 'key' | 'holders'>;

function bookingRequest(asking: Asking, { quoteId, expectedTotal, passengers }: contracts.BookingInput): BookingRequest {
  const listed = passengers.map(({ givenName, familyName, seats }) => ({
    givenName: plain(givenName),
    familyName: plain(familyName),
    seats,
  }));
  const fields = listed.map(({ givenName, familyName, seats }) => [givenName, familyName, ...seats]);
  const bodyHash = hashOfBody(JSON.stringify([quoteId, expectedTotal, fields]));
  return { ...asking, bodyHash, quoteId, expectedTotal, passengers: listed };
}

/** Names as they are written once, however they were typed. */
function plain(name: string): string {
  return name.normalize('NFC').trim().replaceAll(/\s+/g, ' ');
}
