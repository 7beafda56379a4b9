/** A few flights for tests, on whichever State: accounts with coins, and a way to ask for prices and book like a customer. */
import assert from 'node:assert/strict';
import { outboxMigrations } from '#core/outbox.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { State } from '#core/ports/state.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { houseAccounts, openAccount, openAccounts, post, walletOf } from '#modules/coins/post.ts';
import { balanceOf } from '#modules/coins/store/accounts.ts';
import { coinsMigrations } from '#modules/coins/store/tables.ts';
import { type ManualClock, manualClock } from '#testkit/clock.ts';
import { silentLog } from '#testkit/log.ts';
import { aircraftOf, seatCount } from '../domain/aircraft.ts';
import type { Passenger } from '../domain/booking-plan.ts';
import type { Cabin } from '../domain/cabins.ts';
import type { NewQuote, QuoteAnswer, QuoteRequest } from '../domain/quotes.ts';
import { revenueAccount } from '../domain/settings.ts';
import { type BookingAnswer, openBookingDesk } from '../store/booking/book.ts';
import { type Cancellation, cancelBooking } from '../store/booking/cancel.ts';
import { openQuoteDesk } from '../store/booking/quotes.ts';
import { seatsLaw } from '../store/booking/seats-law.ts';
import { flightsMigrations } from '../store/migrations.ts';
import { pricesLaw } from '../store/prices/prices-law.ts';
import { timetable } from '../store/timetable/tables.ts';

export const quoteMs = 600_000;
const hourMs = 3_600_000;
const deskCount = 3;
const dayMs = 24 * hourMs;

interface FlightToAdd {
  /** Such as `KO1001`. */
  readonly number: string;
  readonly route: readonly [origin: string, destination: string];
  /** From the start of the world. */
  readonly inHours: number;
  readonly hours?: number;
  readonly aircraft?: string;
  readonly economy?: number;
  readonly business?: number;
  /** All but so many seats of economy cannot be had. */
  readonly seats?: number;
}

export interface FlightsWorld {
  readonly state: State;
  readonly clock: ManualClock;
  readonly ports: Pick<Ports, 'state' | 'clock' | 'random' | 'log'>;
  /** Opens a wallet with so many coins; resolves the account's id. */
  customer(name: string, coins: number): Promise<string>;
  /** Resolves its id. */
  addFlight(flight: FlightToAdd): Promise<string>;
  ask(request: Partial<QuoteRequest> & Pick<QuoteRequest, 'holder' | 'flightIds'>): Promise<QuoteAnswer>;
  /** Of an account, or the test fails. */
  quote(accountId: string, flightIds: readonly string[], wish?: { cabin?: Cabin; passengers?: number }): Promise<NewQuote>;
  book(accountId: string, quote: Pick<NewQuote, 'id' | 'total' | 'passengers' | 'legs'>, wish?: BookingWish): Promise<BookingAnswer>;
  cancel(accountId: string, bookingId: string, expectedRefund: number): Promise<Cancellation>;
  coinsOf(accountId: string): Promise<number>;
  soldOn(flightId: string, cabin?: Cabin): Promise<number>;
  violations(): Promise<readonly string[]>;
  close(): Promise<void>;
}

interface BookingWish {
  readonly key?: string;
  readonly expectedTotal?: number;
  readonly passengers?: readonly Passenger[];
  /** By passenger, then by flight; any free ones if left out. */
  readonly seats?: readonly (readonly (string | null)[])[];
}

let keys = 0;

export async function openFlightsWorld(state: State, { seed = 7 }: { readonly seed?: number } = {}): Promise<FlightsWorld> {
  await state.migrate([...outboxMigrations, ...coinsMigrations, ...flightsMigrations]);
  await state.write((queries) => openAccounts(queries, [revenueAccount]));
  const clock = manualClock();
  const random = seededRandom(seed);
  const openedAt = clock.now();
  const quoteDesk = openQuoteDesk(state, () => ({ random, now: clock.now(), quoteMs }));
  // As many processes have: each booking goes to the next one.
  const desks = Array.from({ length: deskCount }, () => openBookingDesk(state, () => ({ random, now: clock.now() })));

  const ask: FlightsWorld['ask'] = (request) => quoteDesk.submit({ network: null, cabin: 'economy', passengers: 1, ...request });

  return {
    state,
    clock,
    ports: { state, clock, random, log: silentLog() },
    customer: (name, coins) => openCustomer(state, clock.now(), name, coins),
    addFlight: (flight) => addFlight(state, flight, openedAt),
    ask,
    async quote(accountId, flightIds, wish = {}) {
      const answer = await ask({ holder: `account:${accountId}`, flightIds, ...wish });
      assert.equal(answer.outcome, 'quoted', JSON.stringify(answer));
      return answer.quote;
    },
    async book(accountId, quote, { key, expectedTotal = quote.total, passengers, seats = [] } = {}) {
      keys += 1;
      const listed = passengers ?? passengersFor(quote, seats);
      const desk = desks[keys % deskCount] ?? assert.fail();
      return desk.submit({
        accountId,
        key: key ?? `booking ${keys} of ${process.pid}`,
        bodyHash: JSON.stringify([quote.id, expectedTotal, listed]),
        holders: [`account:${accountId}`],
        quoteId: quote.id,
        expectedTotal,
        passengers: listed,
      });
    },
    cancel: (accountId, bookingId, expectedRefund) =>
      state.write((queries) => cancelBooking(queries, { accountId, bookingId, expectedRefund }, clock.now())),
    async coinsOf(accountId) {
      return (await state.read((queries) => balanceOf(queries, walletOf(accountId))))?.posted ?? 0;
    },
    async soldOn(flightId, cabin = 'economy') {
      const fares = (queries: Parameters<typeof timetable>[0]) => timetable(queries).selectFrom('flights_fare').select('sold');
      const fare = await state.read((queries) =>
        fares(queries).where('flight_id', '=', flightId).where('cabin', '=', cabin).executeTakeFirstOrThrow(),
      );
      return fare.sold;
    },
    async violations() {
      const found = [];
      for (const law of [seatsLaw, pricesLaw]) {
        for (const scope of ['all', 'recent'] as const)
          found.push(...(await law.check({ state, clock, random } as never, scope)).violations);
      }
      return found;
    },
    async close() {
      await Promise.all([quoteDesk, ...desks].map((desk) => desk.close()));
    },
  };
}

function passengersFor({ passengers, legs }: Pick<NewQuote, 'passengers' | 'legs'>, seats: readonly (readonly (string | null)[])[]) {
  return Array.from({ length: passengers }, (_, index) => ({
    givenName: `Passenger ${index + 1}`,
    familyName: 'Test',
    seats: seats[index] ?? legs.map(() => null),
  }));
}

async function openCustomer(state: State, now: number, name: string, coins: number): Promise<string> {
  await state.write(async (queries) => {
    const wallet = await openAccount(queries, { owner: name, kind: 'wallet', mode: 'strict' });
    if (coins === 0) return;
    const accounts = { debit: houseAccounts.mint, credit: wallet };
    const [answer] = await post(queries, [{ scope: 'test', key: name, kind: 'grant', amount: coins, at: now, ...accounts }]);
    assert.equal(answer?.outcome, 'posted');
  });
  return name;
}

async function addFlight(state: State, flight: FlightToAdd, openedAt: number): Promise<string> {
  const { number, route, inHours, hours = 2, aircraft = 'A320', economy = 100, business = 300 } = flight;
  const type = aircraftOf(aircraft);
  assert.ok(type, `${aircraft} is an aircraft`);
  const departsAt = openedAt + inHours * hourMs;
  const day = Math.floor(departsAt / dayMs);
  const date = Temporal.Instant.fromEpochMilliseconds(departsAt).toString().slice(0, 10).replaceAll('-', '');
  const id = `${number}-${date}`;
  const fares = [
    { cabin: 'economy', seats: flight.seats ?? seatCount(type, 'economy'), base: economy },
    { cabin: 'business', seats: seatCount(type, 'business'), base: business },
  ] as const;
  await state.write(async (queries) => {
    const tables = timetable(queries);
    await tables
      .insertInto('flights_flight')
      .values({
        id,
        number,
        origin: route[0],
        destination: route[1],
        day,
        departs_at: departsAt,
        arrives_at: departsAt + hours * hourMs,
        aircraft,
        state: 'scheduled',
      })
      .execute();
    const rows = fares
      .filter(({ seats }) => seats > 0)
      .map(({ cabin, seats, base }) => ({
        flight_id: id,
        cabin,
        seats,
        sold: 0,
        base,
        floor: Math.round(base / 2),
        ceiling: base * 3,
        price: base,
        priced_at: openedAt,
      }));
    await tables.insertInto('flights_fare').values(rows).execute();
  });
  return id;
}
