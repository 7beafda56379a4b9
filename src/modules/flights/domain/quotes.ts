/** Quotes: current prices that are held for some minutes. What is given to those who ask together, from what was read. Pure. */
import { fareKey, type HeldQuote, type QuotedFlight } from './booking-plan.ts';
import type { Cabin } from './cabins.ts';
import { type TravelRefusal, travelRefusal } from './connection.ts';

export interface QuoteRequest {
  readonly holder: string;
  /** Of a visitor without an account: a new cookie is no new visitor for the limit. */
  readonly network: string | null;
  readonly flightIds: readonly string[];
  readonly cabin: Cabin;
  readonly passengers: number;
}

/** Open quotes. Beyond that, a visitor waits until one expires. */
export const maxQuotesPerHolder = 30;
export const maxQuotesPerNetwork = 300;

export interface OfferedFare {
  readonly price: number;
  readonly seatsLeft: number;
}

export interface OpenQuotes {
  readonly count: number;
  readonly nextExpiryAt: number;
}

export interface QuoteBooks {
  readonly flights: ReadonlyMap<string, QuotedFlight>;
  /** By `fareKey`. */
  readonly fares: ReadonlyMap<string, OfferedFare>;
  readonly openByHolder: ReadonlyMap<string, OpenQuotes>;
  readonly openByNetwork: ReadonlyMap<string, OpenQuotes>;
  readonly now: number;
  readonly quoteMs: number;
}

export interface NewQuote extends HeldQuote {
  readonly network: string | null;
  readonly createdAt: number;
}

export type QuoteRefusal =
  | { readonly outcome: 'no-flight'; readonly flightId: string }
  | { readonly outcome: 'no-cabin'; readonly flightId: string; readonly cabin: Cabin }
  | { readonly outcome: 'few-seats'; readonly flightId: string; readonly wanted: number; readonly left: number }
  | { readonly outcome: 'too-many'; readonly most: number; readonly nextExpiryAt: number }
  | TravelRefusal;

export type QuoteAnswer = { readonly outcome: 'quoted'; readonly quote: NewQuote } | QuoteRefusal;

/** An answer for each request, in order. `newId` gives an id that cannot be guessed. */
export function planQuotes(requests: readonly QuoteRequest[], books: QuoteBooks, newId: () => string): readonly QuoteAnswer[] {
  const given: NewQuote[] = [];
  return requests.map((request): QuoteAnswer => {
    const refused = refuseFlood(request, books, given);
    if (refused !== undefined) return refused;
    const answer = quoteFor(request, books, newId);
    if (answer.outcome === 'quoted') given.push(answer.quote);
    return answer;
  });
}

function refuseFlood({ holder, network }: QuoteRequest, books: QuoteBooks, given: readonly NewQuote[]): QuoteRefusal | undefined {
  const { now, quoteMs, openByHolder, openByNetwork } = books;
  const none = { count: 0, nextExpiryAt: now + quoteMs };
  const own = openByHolder.get(holder) ?? none;
  if (own.count + given.filter((quote) => quote.holder === holder).length >= maxQuotesPerHolder) {
    return { outcome: 'too-many', most: maxQuotesPerHolder, nextExpiryAt: own.nextExpiryAt };
  }
  if (network === null) return undefined;
  const theirs = openByNetwork.get(network) ?? none;
  if (theirs.count + given.filter((quote) => quote.network === network).length < maxQuotesPerNetwork) return undefined;
  return { outcome: 'too-many', most: maxQuotesPerNetwork, nextExpiryAt: theirs.nextExpiryAt };
}

function quoteFor(request: QuoteRequest, books: QuoteBooks, newId: () => string): QuoteAnswer {
  const { holder, network, flightIds, cabin, passengers } = request;
  const { now, quoteMs } = books;
  const flights: QuotedFlight[] = [];
  for (const flightId of flightIds) {
    const flight = books.flights.get(flightId);
    if (flight === undefined) return { outcome: 'no-flight', flightId };
    flights.push(flight);
  }
  const refused = travelRefusal(flights, now);
  if (refused !== undefined) return refused;
  const legs: { flight: QuotedFlight; price: number }[] = [];
  for (const flight of flights) {
    const fare = books.fares.get(fareKey(flight.id, cabin));
    if (fare === undefined) return { outcome: 'no-cabin', flightId: flight.id, cabin };
    if (fare.seatsLeft < passengers) return { outcome: 'few-seats', flightId: flight.id, wanted: passengers, left: fare.seatsLeft };
    legs.push({ flight, price: fare.price });
  }
  const total = passengers * legs.reduce((sum, { price }) => sum + price, 0);
  const times = { createdAt: now, expiresAt: now + quoteMs };
  return { outcome: 'quoted', quote: { id: newId(), holder, network, cabin, passengers, total, isUsed: false, legs, ...times } };
}
