/** What cancelling a booking must do on every State, and how the law notices books that do not agree. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { sql } from 'kysely';
import type { FlightsWorld } from '../flights-world.ts';

const hourMs = 3_600_000;
const direct = { number: 'KO1001', route: ['LIS', 'BER'], inHours: 240 } as const;

/** A booking of 200 coins for two, out of 1,000. */
async function booked(world: FlightsWorld, flightId: string, accountId: string): Promise<string> {
  const quote = await world.quote(accountId, [flightId], { passengers: 2 });
  const answer = await world.book(accountId, quote, { seats: [['20A'], ['20B']] });
  assert.ok(answer.outcome === 'booked', JSON.stringify(answer));
  return answer.bookingId;
}

export function cancellationContract(name: string, open: (t: TestContext) => Promise<FlightsWorld>): void {
  describe(`cancellation: ${name}`, () => {
    it('frees the seats at once and gives back what the rules say, once', async (t) => {
      const world = await open(t);
      const flight = await world.addFlight({ ...direct, seats: 2 });
      const anna = await world.customer('anna', 1_000);
      const bert = await world.customer('bert', 1_000);
      const id = await booked(world, flight, anna);
      await world.clock.advance(25 * hourMs);
      assert.deepEqual(await world.cancel(anna, id, 200), { outcome: 'refund-changed', refund: 180 });
      const answers = await Promise.all(Array.from({ length: 5 }, () => world.cancel(anna, id, 180)));
      assert.deepEqual(new Set(answers.map(({ outcome }) => outcome)), new Set(['cancelled']));
      assert.equal(await world.coinsOf(anna), 980);
      assert.equal(await world.soldOn(flight), 0);
      await booked(world, flight, bert);
      assert.deepEqual(await world.violations(), []);
    });

    it('gives everything back on the day of the booking, half of it in the last week, and nothing on the last day', async (t) => {
      const world = await open(t);
      const flight = await world.addFlight(direct);
      const refunds = [
        { name: 'anna', inHours: 0, refund: 200 },
        { name: 'bert', inHours: 200, refund: 100 },
        { name: 'carl', inHours: 239, refund: 0 },
      ];
      const startedAt = world.clock.now();
      const bookings = [];
      for (const each of refunds) {
        const account = await world.customer(each.name, 1_000);
        const answer = await world.book(account, await world.quote(account, [flight], { passengers: 2 }));
        assert.ok(answer.outcome === 'booked');
        bookings.push({ ...each, account, id: answer.bookingId });
      }
      for (const { account, id, inHours, refund } of bookings) {
        await world.clock.advance(startedAt + inHours * hourMs - world.clock.now());
        assert.deepEqual(await world.cancel(account, id, refund), { outcome: 'cancelled' });
        assert.equal(await world.coinsOf(account), 800 + refund);
      }
      assert.equal(await world.soldOn(flight), 0);
      assert.deepEqual(await world.violations(), []);
    });

    it('is not possible after the departure, unless the airline cancelled the flight, and never for others', async (t) => {
      const world = await open(t);
      const flight = await world.addFlight(direct);
      const anna = await world.customer('anna', 1_000);
      const id = await booked(world, flight, anna);
      assert.deepEqual(await world.cancel('bert', id, 200), { outcome: 'unknown' });
      assert.deepEqual(await world.cancel(anna, 'KF-0000-0000-0000', 200), { outcome: 'unknown' });
      await world.clock.advance(240 * hourMs);
      assert.deepEqual(await world.cancel(anna, id, 0), { outcome: 'departed' });
      await world.state.write((queries) => sql`update flights_flight set state = 'cancelled'`.execute(queries));
      assert.deepEqual(await world.cancel(anna, id, 200), { outcome: 'cancelled' });
      assert.equal(await world.coinsOf(anna), 1_000);
      assert.deepEqual(await world.violations(), []);
    });

    it('beside bookings of the same flight leaves no seat lost and none sold twice', async (t) => {
      const world = await open(t);
      const flight = await world.addFlight({ ...direct, seats: 6 });
      const customers = await Promise.all(['anna', 'bert', 'carl', 'dora'].map((each) => world.customer(each, 10_000)));
      const rounds = customers.map(async (customer) => {
        for (let round = 0; round < 5; round += 1) {
          const quote = await world.ask({ holder: `account:${customer}`, flightIds: [flight], passengers: 2 });
          if (quote.outcome !== 'quoted') continue;
          const answer = await world.book(customer, quote.quote);
          if (answer.outcome === 'booked') assert.equal((await world.cancel(customer, answer.bookingId, 200)).outcome, 'cancelled');
        }
      });
      await Promise.all(rounds);
      assert.equal(await world.soldOn(flight), 0);
      for (const customer of customers) assert.equal(await world.coinsOf(customer), 10_000);
      assert.deepEqual(await world.violations(), []);
    });
  });

  describe(`law flights-1: ${name}`, () => {
    const broken = [
      {
        what: 'a seat that is sold without a ticket',
        by: sql`update flights_fare set sold = sold + 1 where cabin = 'economy'`,
        says: /3 of 150 seats are sold, but 2 tickets/,
      },
      {
        what: 'a ticket that is cancelled alone',
        by: sql`update flights_ticket set state = 'cancelled', cancelled_at = 1 where passenger = 0`,
        says: /has 1 live and 1 cancelled/,
      },
      { what: 'a booking of another amount', by: sql`update flights_booking set total = total + 1`, says: /201 coins/ },
      {
        what: 'a booking that was never paid',
        by: sql`insert into flights_booking (id, account_id, quote_id, cabin, passengers, total, refunded, state, created_at) values ('KF-FREE', 'anna', 'none', 'economy', 1, 5, 0, 'booked', 1)`,
        says: /moved none/,
      },
      {
        what: 'a refund that the ledger does not know',
        by: sql`update flights_booking set state = 'cancelled', cancelled_at = 1, refunded = 7`,
        says: /7 coins came back by the booking, and 0 by the ledger/,
      },
      { what: 'a ticket whose fare is gone', by: sql`delete from flights_fare`, says: /its flight or its fare is gone/ },
      { what: 'a ticket without a booking', by: sql`delete from flights_booking`, says: /has no booking/, scope: 'all' },
    ];
    for (const { what, by, says } of broken) {
      it(`notices ${what}`, async (t) => {
        const world = await open(t);
        const flight = await world.addFlight(direct);
        await booked(world, flight, await world.customer('anna', 1_000));
        assert.deepEqual(await world.violations(), []);
        await world.state.write((queries) => by.execute(queries));
        assert.match((await world.violations()).join('\n'), says);
      });
    }

    it('notices a seat with two live tickets, which the index refuses', async (t) => {
      const world = await open(t);
      const flight = await world.addFlight(direct);
      await booked(world, flight, await world.customer('anna', 1_000));
      const twice = sql`update flights_ticket set seat = '20A'`;
      await assert.rejects(world.state.write((queries) => twice.execute(queries)));
      await world.state.write((queries) => sql`drop index flights_ticket_by_seat`.execute(queries));
      await world.state.write((queries) => twice.execute(queries));
      assert.match((await world.violations()).join('\n'), /20A: 2 live tickets/);
    });

    it('is kept by the tables: no fare sells more than its seats', async (t) => {
      const world = await open(t);
      const flight = await world.addFlight(direct);
      const oversell = sql`update flights_fare set sold = seats + 1 where flight_id = ${flight}`;
      await assert.rejects(world.state.write((queries) => oversell.execute(queries)));
    });
  });
}
