/** What becomes of bookings that are decided together: in their order, from what was read under locks. Pure: writes are elsewhere. */
import type { Cabin } from './cabins.ts';
import { type FlightToFly, type TravelRefusal, travelRefusal } from './connection.ts';
import { FreeSeats } from './seats.ts';

export interface Passenger {
  readonly givenName: string;
  readonly familyName: string;
  /** One for each flight; null for any free seat. */
  readonly seats: readonly (string | null)[];
}

export interface BookingRequest {
  readonly accountId: string;
  readonly key: string;
  readonly bodyHash: string;
  /** Whose quotes may be used: the account's, and those of the visitor that it was before. */
  readonly holders: readonly string[];
  readonly quoteId: string;
  /** What the customer agreed to: another total is refused. */
  readonly expectedTotal: number;
  readonly passengers: readonly Passenger[];
}

export interface HeldQuote {
  readonly id: string;
  readonly holder: string;
  readonly cabin: Cabin;
  readonly passengers: number;
  readonly total: number;
  readonly expiresAt: number;
  readonly isUsed: boolean;
  readonly legs: readonly QuotedLeg[];
}

export interface QuotedLeg {
  readonly flight: QuotedFlight;
  /** For one passenger. */
  readonly price: number;
}

export interface QuotedFlight extends FlightToFly {
  readonly number: string;
  readonly aircraft: string;
}

/** All that the decision depends on. */
export interface BookingBooks {
  readonly quotes: ReadonlyMap<string, HeldQuote>;
  /** Seats that are not sold, by `fareKey`. */
  readonly seatsLeft: ReadonlyMap<string, number>;
  /** Seats of live tickets, by `fareKey`. */
  readonly takenSeats: ReadonlyMap<string, ReadonlySet<string>>;
  /** Coins that can be spent, by account. */
  readonly available: ReadonlyMap<string, number>;
  readonly now: number;
}

export type BookingRefusal =
  | { readonly outcome: 'no-quote' | 'quote-used' | 'quote-expired' }
  | { readonly outcome: 'passengers-differ'; readonly quoted: number }
  | { readonly outcome: 'seats-differ'; readonly passenger: number; readonly flights: number }
  | { readonly outcome: 'total-changed'; readonly total: number }
  | { readonly outcome: 'no-seat' | 'seat-twice'; readonly flightId: string; readonly seat: string; readonly field: string }
  | { readonly outcome: 'seats-taken'; readonly seats: readonly TakenSeat[] }
  | { readonly outcome: 'few-seats'; readonly flightId: string; readonly wanted: number; readonly left: number }
  | { readonly outcome: 'coins-short'; readonly total: number; readonly available: number }
  | TravelRefusal;

export interface TakenSeat {
  readonly flightId: string;
  readonly seat: string;
  /** A free one that is much like it. */
  readonly next: string;
  readonly field: string;
}

export interface PlannedBooking {
  readonly outcome: 'planned';
  readonly request: BookingRequest;
  readonly quote: HeldQuote;
  /** By leg, then by passenger. */
  readonly seats: readonly (readonly string[])[];
}

/** Whether all its flights are still in the timetable: an admin may have replaced one. */
export function isWhole({ legs, passengers, total }: HeldQuote): boolean {
  return passengers * legs.reduce((sum, { price }) => sum + price, 0) === total;
}

export function fareKey(flightId: string, cabin: Cabin): string {
  return `${flightId} ${cabin}`;
}

export function planBookings(requests: readonly BookingRequest[], books: BookingBooks): readonly (PlannedBooking | BookingRefusal)[] {
  const planner = new Planner(books);
  return requests.map((request) => planner.plan(request));
}

/** Plans one booking after the other, from what those before it leave. */
class Planner {
  readonly #books: BookingBooks;
  readonly #usedQuotes = new Set<string>();
  readonly #seatsLeft: Map<string, number>;
  readonly #free = new Map<string, FreeSeats>();

  constructor(books: BookingBooks) {
    this.#books = books;
    this.#seatsLeft = new Map(books.seatsLeft);
  }

  plan(request: BookingRequest): PlannedBooking | BookingRefusal {
    const quote = this.#books.quotes.get(request.quoteId);
    // A quote of somebody else counts as unknown.
    if (quote === undefined || !request.holders.includes(quote.holder) || !isWhole(quote)) return { outcome: 'no-quote' };
    const refused = this.#refuseQuote(request, quote) ?? refuseForm(request, quote) ?? this.#refuseFares(quote);
    if (refused !== undefined) return refused;
    const seats: (readonly string[])[] = [];
    for (const [leg, { flight }] of quote.legs.entries()) {
      const found = this.#seatsOf(request, quote, leg, flight);
      if ('outcome' in found) return found;
      seats.push(found);
    }
    const available = this.#books.available.get(request.accountId) ?? 0;
    if (available < quote.total) return { outcome: 'coins-short', total: quote.total, available };
    this.#take(quote, seats);
    return { outcome: 'planned', request, quote, seats };
  }

  #refuseQuote({ expectedTotal }: BookingRequest, { id, isUsed, expiresAt, total }: HeldQuote): BookingRefusal | undefined {
    if (isUsed || this.#usedQuotes.has(id)) return { outcome: 'quote-used' };
    if (expiresAt <= this.#books.now) return { outcome: 'quote-expired' };
    if (expectedTotal !== total) return { outcome: 'total-changed', total };
    return undefined;
  }

  #refuseFares({ legs, cabin, passengers }: HeldQuote): BookingRefusal | undefined {
    const flights = legs.map(({ flight }) => flight);
    const refused = travelRefusal(flights, this.#books.now);
    if (refused !== undefined) return refused;
    for (const { id } of flights) {
      const left = this.#seatsLeft.get(fareKey(id, cabin)) ?? 0;
      if (left < passengers) return { outcome: 'few-seats', flightId: id, wanted: passengers, left };
    }
    return undefined;
  }

  /** The seat of each passenger: the chosen one, or one that is assigned. */
  #seatsOf(request: BookingRequest, { cabin }: HeldQuote, leg: number, flight: QuotedFlight): readonly string[] | BookingRefusal {
    const free = this.#freeSeats(flight, cabin);
    const wanted = request.passengers.map(({ seats }) => seats[leg] ?? null);
    const chosen = wanted.filter((seat) => seat !== null);
    const taken: TakenSeat[] = [];
    for (const [passenger, seat] of wanted.entries()) {
      if (seat === null) continue;
      const field = `passengers/${passenger}/seats/${leg}`;
      if (!free.exists(seat)) return { outcome: 'no-seat', flightId: flight.id, seat, field };
      if (wanted.indexOf(seat) !== passenger) return { outcome: 'seat-twice', flightId: flight.id, seat, field };
      if (free.isFree(seat)) continue;
      const next = free.nextTo(seat, [...chosen, ...taken.map((other) => other.next)]);
      if (next === undefined) return { outcome: 'few-seats', flightId: flight.id, wanted: wanted.length, left: 0 };
      taken.push({ flightId: flight.id, seat, next, field });
    }
    if (taken.length > 0) return { outcome: 'seats-taken', seats: taken };
    const assigned = [...(free.assign(wanted.length - chosen.length, chosen) ?? [])];
    const seats = wanted.map((seat) => seat ?? assigned.shift());
    if (seats.includes(undefined)) return { outcome: 'few-seats', flightId: flight.id, wanted: wanted.length, left: 0 };
    return seats.filter((seat) => seat !== undefined);
  }

  #freeSeats({ id, aircraft }: QuotedFlight, cabin: Cabin): FreeSeats {
    const key = fareKey(id, cabin);
    const free = this.#free.get(key) ?? new FreeSeats(aircraft, cabin, this.#books.takenSeats.get(key) ?? new Set());
    this.#free.set(key, free);
    return free;
  }

  #take({ id, cabin, passengers, legs }: HeldQuote, seats: readonly (readonly string[])[]): void {
    this.#usedQuotes.add(id);
    for (const [leg, { flight }] of legs.entries()) {
      const key = fareKey(flight.id, cabin);
      this.#seatsLeft.set(key, (this.#seatsLeft.get(key) ?? 0) - passengers);
      this.#freeSeats(flight, cabin).take(seats[leg] ?? []);
    }
  }
}

function refuseForm({ passengers }: BookingRequest, quote: HeldQuote): BookingRefusal | undefined {
  if (passengers.length !== quote.passengers) return { outcome: 'passengers-differ', quoted: quote.passengers };
  const flights = quote.legs.length;
  const passenger = passengers.findIndex(({ seats }) => seats.length !== flights);
  return passenger === -1 ? undefined : { outcome: 'seats-differ', passenger, flights };
}
