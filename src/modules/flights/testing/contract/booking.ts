/** What booking must do on every State: never oversold, never paid twice, and books that agree after whatever happened. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { sql } from 'kysely';
import type { State } from '#core/ports/state.ts';
import { maxQuotesPerHolder, maxQuotesPerNetwork } from '../../domain/quotes.ts';
import type { FlightService } from '../../domain/timetable.ts';
import { findBooking, listBookings } from '../../store/booking/bookings.ts';
import { findQuote } from '../../store/booking/quotes.ts';
import { keepBookings } from '../../store/booking/upkeep.ts';
import { replaceServices } from '../../store/timetable/services.ts';
import { type FlightsWorld, openFlightsWorld, quoteMs } from '../flights-world.ts';
import { cancellationContract } from './cancellation.ts';

export interface BookingContract {
  open(t: TestContext): Promise<State>;
}

function tally(outcomes: readonly { readonly outcome: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { outcome } of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

const direct = { number: 'KO1001', route: ['LIS', 'BER'], inHours: 240 } as const;
const back = { number: 'KO1002', route: ['BER', 'LIS'], inHours: 300 } as const;

const service: FlightService = {
  number: 'KO1',
  origin: 'LIS',
  destination: 'BER',
  departsMinute: 600,
  durationMinutes: 120,
  weekdays: 127,
  aircraft: 'A320',
  economyBase: 100,
  businessBase: null,
  firstDay: 1,
  lastDay: null,
};

export function bookingContract(name: string, contract: BookingContract): void {
  const open = async (t: TestContext) => {
    const world = await openFlightsWorld(await contract.open(t));
    t.after(() => world.close());
    return world;
  };

  quoteContract(name, open);
  cancellationContract(name, open);

  describe(`booking: ${name}`, () => {
    it('sells the last 10 seats to exactly 10 of 200 who book at once', async (t) => {
      const world = await open(t);
      const flight = await world.addFlight({ ...direct, seats: 10 });
      const names = Array.from({ length: 200 }, (_, index) => `buyer-${index}`);
      const customers = await Promise.all(names.map((each) => world.customer(each, 250)));
      const quotes = await Promise.all(customers.map((customer) => world.quote(customer, [flight])));
      const answers = await Promise.all(customers.map((customer, index) => world.book(customer, quotes[index] ?? assert.fail())));
      assert.deepEqual(tally(answers), { booked: 10, 'few-seats': 190 });
      assert.equal(await world.soldOn(flight), 10);
      const coins = await Promise.all(customers.map((customer) => world.coinsOf(customer)));
      const left = coins.reduce((sum, count) => sum + count, 0);
      assert.equal(left, 200 * 250 - 10 * 100);
      assert.deepEqual(await world.violations(), []);
    });

    it('gives a seat that two chose at once to one, offers the other the next, and the quote is still good for it', async (t) => {
      const world = await open(t);
      const flight = await world.addFlight(direct);
      const customers = await Promise.all(['anna', 'bert'].map((each) => world.customer(each, 200)));
      const quotes = await Promise.all(customers.map((customer) => world.quote(customer, [flight])));
      const wish = { seats: [['12A']] };
      const answers = await Promise.all(customers.map((customer, index) => world.book(customer, quotes[index] ?? assert.fail(), wish)));
      assert.deepEqual(tally(answers), { booked: 1, 'seats-taken': 1 });
      const loser = answers.findIndex(({ outcome }) => outcome === 'seats-taken');
      const refused = answers[loser];
      assert.ok(refused?.outcome === 'seats-taken');
      assert.deepEqual(refused.seats, [{ flightId: flight, seat: '12A', next: '13A', field: 'passengers/0/seats/0' }]);
      const again = await world.book(customers[loser] ?? '', quotes[loser] ?? assert.fail(), { seats: [['13A']] });
      assert.equal(again.outcome, 'booked');
      assert.deepEqual(await world.violations(), []);
    });

    it('books once what is sent many times at once with one key, and answers it again when the answer was lost', async (t) => {
      const world = await open(t);
      const flight = await world.addFlight(direct);
      const anna = await world.customer('anna', 1_000);
      const quote = await world.quote(anna, [flight], { passengers: 2 });
      const answers = await Promise.all(Array.from({ length: 20 }, () => world.book(anna, quote, { key: 'the same key' })));
      assert.deepEqual(tally(answers), { booked: 20 });
      const ids = new Set(answers.map((answer) => answer.outcome === 'booked' && answer.bookingId));
      assert.equal(ids.size, 1);
      const later = await world.book(anna, quote, { key: 'the same key' });
      assert.ok(later.outcome === 'booked' && later.repeated && ids.has(later.bookingId));
      assert.equal((await world.book(anna, quote, { key: 'the same key', seats: [['20A'], ['20B']] })).outcome, 'conflict');
      assert.equal((await world.book(anna, quote, { key: 'another key' })).outcome, 'quote-used');
      assert.equal(await world.coinsOf(anna), 800);
      assert.equal(await world.soldOn(flight), 2);
      assert.deepEqual(await world.violations(), []);
    });

    it('uses a quote once, however many tabs book it at once', async (t) => {
      const world = await open(t);
      const anna = await world.customer('anna', 1_000);
      const quote = await world.quote(anna, [await world.addFlight(direct)]);
      const answers = await Promise.all(Array.from({ length: 8 }, () => world.book(anna, quote)));
      assert.deepEqual(tally(answers), { booked: 1, 'quote-used': 7 });
      assert.deepEqual(await world.violations(), []);
    });

    it('books a family out and back: seated together, paid once, a ticket for each seat, and found by its owner only', async (t) => {
      const world = await open(t);
      const flights = [await world.addFlight(direct), await world.addFlight(back)];
      const anna = await world.customer('anna', 1_000);
      const quote = await world.quote(anna, flights, { passengers: 3 });
      assert.equal(quote.total, 600);
      const answer = await world.book(anna, quote, {
        seats: [
          ['20A', '30F'],
          [null, null],
          [null, '30E'],
        ],
      });
      assert.ok(answer.outcome === 'booked' && !answer.repeated);
      const { bookingId } = answer;
      const stored = await world.state.read((queries) => findBooking(queries, bookingId, anna));
      assert.deepEqual(stored, answer.whole);
      assert.deepEqual(
        stored?.tickets.map(({ leg, passenger, seat, price }) => [leg, passenger, seat, price]),
        [
          [0, 0, '20A', 100],
          [0, 1, '20B', 100],
          [0, 2, '20C', 100],
          [1, 0, '30F', 100],
          [1, 1, '30D', 100],
          [1, 2, '30E', 100],
        ],
      );
      assert.equal(new Set(stored?.tickets.map(({ number }) => number)).size, 6);
      assert.equal(await world.coinsOf(anna), 400);
      assert.equal(await world.state.read((queries) => findBooking(queries, bookingId, 'bert')), undefined);
      assert.deepEqual(await world.violations(), []);
    });

    it('puts each flight on the tape as a trade of the carrier, if and only if it was sold', async (t) => {
      const world = await open(t);
      const flights = [await world.addFlight(direct), await world.addFlight(back)];
      const anna = await world.customer('anna', 700);
      assert.equal((await world.book(anna, await world.quote(anna, flights, { passengers: 3 }))).outcome, 'booked');
      assert.equal((await world.book(anna, await world.quote(anna, flights))).outcome, 'coins-short');
      const { rows } = await world.state.read((queries) =>
        sql<{ topic: string; partition: string; count: number }>`select topic, partition, count from outbox`.execute(queries),
      );
      assert.deepEqual(rows, [{ topic: 'trades', partition: 'FLIGHTS.KO', count: 2 }]);
    });

    it('keeps the flights that are booked while an admin changes their service', async (t) => {
      const world = await open(t);
      const customers = await Promise.all(Array.from({ length: 8 }, (_, index) => world.customer(`buyer-${index}`, 10_000)));
      for (let round = 1; round <= 4; round += 1) {
        const number = `KO${round}`;
        const days = customers.map((_, index) => 24 * (index + 10));
        const flights = await Promise.all(days.map((inHours) => world.addFlight({ number, route: ['LIS', 'BER'], inHours })));
        const quotes = await Promise.all(customers.map((customer, index) => world.quote(customer, [flights[index] ?? ''])));
        const bookings = customers.map((customer, index) => world.book(customer, quotes[index] ?? assert.fail()));
        const change = world.state.write((queries) => replaceServices(queries, [{ ...service, number }], world.clock.now()));
        const [answers] = await Promise.all([Promise.all(bookings), change]);
        for (const { outcome } of answers) assert.ok(['booked', 'few-seats', 'no-quote'].includes(outcome), outcome);
        assert.deepEqual(await world.violations(), []);
      }
    });

    it('lists the bookings of an account, the newest first, in pages', async (t) => {
      const world = await open(t);
      const flight = await world.addFlight(direct);
      const anna = await world.customer('anna', 1_000);
      const ids: string[] = [];
      for (let count = 0; count < 3; count += 1) {
        await world.clock.advance(1_000);
        const answer = await world.book(anna, await world.quote(anna, [flight]));
        assert.ok(answer.outcome === 'booked');
        ids.unshift(answer.bookingId);
      }
      const page = (after?: string) => world.state.read((queries) => listBookings(queries, { accountId: anna, limit: 2, after }));
      const first = await page();
      const second = await page(first.next ?? '');
      assert.deepEqual(
        [...first.items, ...second.items].map(({ booking }) => booking.id),
        ids,
      );
      assert.deepEqual(
        first.items[0]?.flights.map(({ id }) => id),
        [flight],
      );
      assert.equal(second.next, null);
    });

    refusals(open);
  });
}

function refusals(open: (t: TestContext) => Promise<FlightsWorld>): void {
  it('refuses without a trace what does not fit, each with its reason; the same key and quote may try again', async (t) => {
    const world = await open(t);
    const flight = await world.addFlight(direct);
    const anna = await world.customer('anna', 150);
    const bert = await world.customer('bert', 1_000);
    const one = await world.quote(anna, [flight]);
    const two = await world.quote(anna, [flight], { passengers: 2 });
    const outcome = async (...asked: Parameters<FlightsWorld['book']>) => (await world.book(...asked)).outcome;
    assert.deepEqual(await world.book(anna, two), { outcome: 'coins-short', total: 200, available: 150 });
    assert.deepEqual(await world.book(anna, one, { expectedTotal: 99 }), { outcome: 'total-changed', total: 100 });
    assert.equal(await outcome(bert, one), 'no-quote');
    assert.equal(await outcome(anna, { ...one, id: '0'.repeat(32) }), 'no-quote');
    assert.equal(await outcome(anna, { ...one, passengers: 2 }), 'passengers-differ');
    assert.equal(await outcome(anna, one, { seats: [[]] }), 'seats-differ');
    assert.equal(await outcome(anna, one, { seats: [['20A', '20A']] }), 'seats-differ');
    assert.equal(await outcome(anna, one, { seats: [['2A']] }), 'no-seat');
    assert.equal(await outcome(anna, one, { seats: [['99K']] }), 'no-seat');
    assert.equal(await outcome(anna, two, { seats: [['20A'], ['20A']] }), 'seat-twice');
    assert.equal(await outcome('nobody', { ...one, id: one.id }), 'no-quote');
    assert.equal(await world.soldOn(flight), 0);
    assert.equal(await outcome(anna, one, { key: 'once more', expectedTotal: 1 }), 'total-changed');
    assert.equal(await outcome(anna, one, { key: 'once more' }), 'booked');
    assert.equal(await world.coinsOf(anna), 50);
    assert.deepEqual(await world.violations(), []);
  });

  it('refuses a quote that has expired, and flights that have departed or are cancelled', async (t) => {
    const world = await open(t);
    const [soon, late] = [await world.addFlight({ ...direct, inHours: 0.1 }), await world.addFlight(back)];
    const anna = await world.customer('anna', 1_000);
    const quotes = [await world.quote(anna, [soon]), await world.quote(anna, [late])];
    await world.clock.advance(quoteMs - 1);
    const departed = await world.book(anna, quotes[0] ?? assert.fail());
    assert.deepEqual(departed, { outcome: 'departed', flightId: soon });
    await world.state.write((queries) => sql`update flights_flight set state = 'cancelled' where id = ${late}`.execute(queries));
    assert.deepEqual(await world.book(anna, quotes[1] ?? assert.fail()), { outcome: 'flight-cancelled', flightId: late });
    await world.clock.advance(1);
    assert.deepEqual(await world.book(anna, quotes[1] ?? assert.fail()), { outcome: 'quote-expired' });
    assert.deepEqual(await world.violations(), []);
  });
}

function quoteContract(name: string, open: (t: TestContext) => Promise<FlightsWorld>): void {
  describe(`quotes: ${name}`, () => {
    it('hold the price of the books, whatever it becomes later, for who asked', async (t) => {
      const world = await open(t);
      const flight = await world.addFlight(direct);
      const anna = await world.customer('anna', 1_000);
      const quote = await world.quote(anna, [flight], { passengers: 2 });
      await world.state.write((queries) =>
        sql`update flights_fare set price = 120 where flight_id = ${flight} and cabin = 'economy'`.execute(queries),
      );
      assert.equal((await world.quote(anna, [flight], { passengers: 2 })).total, 240);
      const find = (holders: readonly string[]) => world.state.read((queries) => findQuote(queries, quote.id, holders));
      assert.deepEqual(await find(['account:anna']), quote);
      assert.equal(await find(['account:bert', 'visitor:anna']), undefined);
      const answer = await world.book(anna, quote);
      assert.ok(answer.outcome === 'booked');
      assert.equal(await world.coinsOf(anna), 800);
    });

    it('are refused for flights that cannot be flown one after the other, or do not have the cabin or the seats', async (t) => {
      const world = await open(t);
      const first = await world.addFlight({ ...direct, seats: 2 });
      const close = await world.addFlight({ number: 'KO1003', route: ['BER', 'RIX'], inHours: 242.5 });
      const connects = await world.addFlight({ number: 'KO1004', route: ['BER', 'RIX'], inHours: 242.75, aircraft: 'ATR72' });
      const past = await world.addFlight({ ...back, inHours: 0 });
      const outcome = async (flightIds: readonly string[], wish = {}) =>
        (await world.ask({ holder: 'visitor:1', flightIds, ...wish })).outcome;
      assert.equal(await outcome([first, connects]), 'quoted');
      assert.equal(await outcome([first, close]), 'too-close');
      assert.equal(await outcome([connects, first]), 'apart');
      assert.equal(await outcome([first, first]), 'apart');
      assert.equal(await outcome([past]), 'departed');
      assert.equal(await outcome(['KO9999-20300101']), 'no-flight');
      assert.equal(await outcome([connects], { cabin: 'business' }), 'no-cabin');
      assert.equal(await outcome([first], { passengers: 3 }), 'few-seats');
    });

    it('are limited for each holder and for each network of visitors, until they expire or are booked', async (t) => {
      const world = await open(t);
      const flight = await world.addFlight(direct);
      const ask = (holder: string, network: string | null) => world.ask({ holder, network, flightIds: [flight] });
      const own = await Promise.all(Array.from({ length: maxQuotesPerHolder + 5 }, () => ask('account:anna', null)));
      assert.deepEqual(tally(own), { quoted: maxQuotesPerHolder, 'too-many': 5 });
      const many = Array.from({ length: maxQuotesPerNetwork + 20 }, (_, index) => ask(`visitor:${index}`, '192.0.2.0/24'));
      assert.deepEqual(tally(await Promise.all(many)), { quoted: maxQuotesPerNetwork, 'too-many': 20 });
      assert.equal((await ask('visitor:elsewhere', '198.51.100.0/24')).outcome, 'quoted');
      await world.clock.advance(quoteMs);
      assert.equal((await ask('account:anna', null)).outcome, 'quoted');
      assert.equal((await ask('visitor:new', '192.0.2.0/24')).outcome, 'quoted');
    });

    it('are forgotten some time after they have expired, with the keys of old requests', async (t) => {
      const world = await open(t);
      const flight = await world.addFlight(direct);
      const anna = await world.customer('anna', 1_000);
      const used = await world.quote(anna, [flight]);
      assert.equal((await world.book(anna, used)).outcome, 'booked');
      await world.quote(anna, [flight]);
      await world.clock.advance(3 * 3_600_000);
      const kept = await world.quote(anna, [flight]);
      await keepBookings(world.ports);
      const ids = await world.state.read((queries) => sql<{ id: string }>`select id from flights_quote`.execute(queries));
      assert.deepEqual(ids.rows, [{ id: kept.id }]);
      const legs = await world.state.read((queries) => sql<{ quote_id: string }>`select quote_id from flights_quote_leg`.execute(queries));
      assert.deepEqual(legs.rows, [{ quote_id: kept.id }]);
      await world.clock.advance(8 * 86_400_000);
      await keepBookings(world.ports);
      const keys = await world.state.read((queries) => sql`select key from flights_request`.execute(queries));
      assert.deepEqual(keys.rows, []);
      assert.deepEqual(await world.violations(), []);
    });
  });
}
