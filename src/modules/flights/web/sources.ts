/** What the pages of flights ask the house for. */
import type { ContractsOf } from '#http/client.ts';
import type * as bookingContracts from '#modules/flights/api/booking/contracts.ts';
import type { Booking, BookingInput, BookingSummary, Quote, QuoteInput, SeatMap } from '#modules/flights/api/booking/contracts.ts';
import type * as priceContracts from '#modules/flights/api/prices/contracts.ts';
import type { Demand, PriceHistory } from '#modules/flights/api/prices/contracts.ts';
import type { Airport } from '#modules/flights/api/schemas.ts';
import type * as searchContracts from '#modules/flights/api/search/contracts.ts';
import type { Calendar, SearchResult } from '#modules/flights/api/search/contracts.ts';
import type { Cabin } from '#modules/flights/domain/cabins.ts';
import { apiOf, RequestFailure } from '#web/api/api.ts';
import type { ListPage } from '#web/api/use-pages.ts';
import { browser } from '#web/browser.ts';
import { Answers } from './answers.ts';
import type { Question } from './search/search-query.ts';

const call = apiOf<ContractsOf<typeof searchContracts> | ContractsOf<typeof bookingContracts> | ContractsOf<typeof priceContracts>>();

export type Flight = Awaited<ReturnType<typeof loadFlight>>;

/** Airports by what was typed; without a text, those with the most flights. */
const airports = new Answers(async (text) => {
  const found = await call('GET', '/api/flights/airports', { query: { text: text === '' ? undefined : text, limit: 8 } });
  return found.airports;
}, browser.now);

export function findAirports(text: string): Promise<readonly Airport[]> {
  return airports.load(text.trim().slice(0, 60).toLowerCase());
}

/** Airports do not change while a page is open. */
const airportsByCode = new Map<string, Promise<Airport | undefined>>();
const maxAirports = 1_000;

/** Undefined where there is no such airport. */
export function loadAirport(code: string): Promise<Airport | undefined> {
  const known = airportsByCode.get(code);
  if (known !== undefined) return known;
  const asked = call('GET', '/api/flights/airports', { query: { text: code, limit: 8 } }).then(
    ({ airports: found }) => found.find((airport) => airport.code === code),
    (error: unknown) => {
      airportsByCode.delete(code);
      throw error;
    },
  );
  if (airportsByCode.size >= maxAirports) airportsByCode.clear();
  airportsByCode.set(code, asked);
  return asked;
}

export function rememberAirports(found: readonly Airport[]): void {
  for (const airport of found) if (!airportsByCode.has(airport.code)) airportsByCode.set(airport.code, Promise.resolve(airport));
}

/** Searches by their questions, as text. */
export const searches = new Answers<SearchResult>(
  (question) => call('GET', '/api/flights/search', { query: JSON.parse(question) }),
  browser.now,
);

export function searchQuestion(question: Question): string {
  return JSON.stringify(question);
}

/** Lowest prices by the questions for a month, as text. */
export const calendars = new Answers<Calendar>(
  (question) => call('GET', '/api/flights/calendar', { query: JSON.parse(question) }),
  browser.now,
);

export function calendarQuestion(asked: { from: string; to: string; month: string; cabin: Cabin; passengers: number }): string {
  return JSON.stringify(asked);
}

export function loadFlight(id: string, signal?: AbortSignal) {
  return call('GET', '/api/flights/flights/:id', signal === undefined ? { params: { id } } : { params: { id }, signal });
}

export function loadPrices(id: string, cabin: Cabin, signal: AbortSignal): Promise<PriceHistory> {
  return call('GET', '/api/flights/flights/:id/prices', { params: { id }, query: { cabin }, signal });
}

export async function loadDemand(signal: AbortSignal): Promise<Demand> {
  const demand = await call('GET', '/api/flights/demand', { signal });
  rememberAirports(demand.airports);
  return demand;
}

export function loadSeats(flightId: string, signal: AbortSignal): Promise<SeatMap> {
  return call('GET', '/api/flights/flights/:id/seats', { params: { id: flightId }, signal });
}

/** How far this device's clock is ahead of the house's, as far as a quote has shown it. */
let clockAheadMs = 0;

export function houseNow(): number {
  return browser.now() - clockAheadMs;
}

export async function askQuote(body: QuoteInput): Promise<Quote> {
  const quote = await call('POST', '/api/flights/quotes', { body });
  clockAheadMs = browser.now() - quote.createdAt;
  return quote;
}

/** Undefined where there is no such quote, or it is somebody else's. */
export async function loadQuote(id: string, signal: AbortSignal): Promise<Quote | undefined> {
  try {
    return await call('GET', '/api/flights/quotes/:id', { params: { id }, signal });
  } catch (error) {
    if (error instanceof RequestFailure && error.status >= 400 && error.status < 500) return undefined;
    throw error;
  }
}

export function bookQuote(body: BookingInput, key: string): Promise<Booking> {
  return call('POST', '/api/flights/bookings', { body, headers: { 'idempotency-key': key } });
}

/** The id of the booking that a request with this key made. */
export async function findBooked(key: string, signal: AbortSignal): Promise<string | undefined> {
  return (await call('GET', '/api/flights/bookings', { query: { key }, signal })).bookings[0]?.id;
}

export async function loadBookings(after: string | undefined, signal: AbortSignal): Promise<ListPage<BookingSummary, string>> {
  const { bookings, next } = await call('GET', '/api/flights/bookings', { query: { after }, signal });
  return { items: bookings, next };
}

export async function loadBooking(id: string, signal: AbortSignal): Promise<Booking> {
  const booking = await call('GET', '/api/flights/bookings/:id', { params: { id }, signal });
  rememberAirports(booking.airports);
  return booking;
}

export function cancelBooking(id: string, expectedRefund: number): Promise<Booking> {
  return call('POST', '/api/flights/bookings/:id/cancellation', { params: { id }, body: { expectedRefund } });
}

export function calendarFileOf(bookingId: string): string {
  return `/api/flights/bookings/${encodeURIComponent(bookingId)}/flights.ics`;
}
