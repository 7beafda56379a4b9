/** What search must find on every State: all of what a plain look through all flights finds, and nothing else. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { sql } from 'kysely';
import { minConnectionMs } from '../../domain/connection.ts';
import { generateServices } from '../../domain/generated-services.ts';
import { maxConnectionMs } from '../../domain/itineraries.ts';
import { dayMs } from '../../domain/time-zones.ts';
import { timetableDays } from '../../domain/timetable.ts';
import { findJourneys, type JourneysAsked } from '../../store/timetable/find-journeys.ts';
import { RoutesKnown } from '../../store/timetable/routes-known.ts';
import { timetable } from '../../store/timetable/tables.ts';
import { airports, serviceOf, type TimetableWorld } from '../timetable-world.ts';

type Open = (t: TestContext, startAt?: number) => Promise<TimetableWorld>;

async function openBusy(t: TestContext, open: Open): Promise<TimetableWorld> {
  const world = await open(t);
  const firstDay = Math.floor(world.clock.now() / dayMs);
  await world.add(generateServices({ airports: airports.all.slice(0, 12), flights: 20_000, days: timetableDays, firstDay, seed: 3 }));
  await world.roll();
  return world;
}

async function search(world: TimetableWorld, asked: JourneysAsked) {
  return world.state.read(async (queries) => findJourneys(queries, await new RoutesKnown(airports).graph(queries), asked));
}

type Books = Awaited<ReturnType<typeof booksOf>>;

async function booksOf(world: TimetableWorld) {
  const flights = await world.flights();
  const fares = await world.state.read((queries) => timetable(queries).selectFrom('flights_fare').selectAll().execute());
  const graph = await world.state.read((queries) => new RoutesKnown(airports).graph(queries));
  return { flights, graph, fares: new Map(fares.map((fare) => [`${fare.flight_id} ${fare.cabin}`, fare])) };
}

/** By looking at all flights. */
function expectedIn({ flights, fares, graph }: Books, { from, to, startAt, endAt, cabin, passengers }: JourneysAsked): readonly string[] {
  const changes = graph.changesBetween(from, to, 12);
  const fareOf = (id: string) => fares.get(`${id} ${cabin}`);
  const hasSeats = ({ id }: { id: string }) => (fareOf(id)?.seats ?? 0) - (fareOf(id)?.sold ?? 0) >= passengers;
  const leaving = flights.filter(({ origin, departs_at }) => origin === from && departs_at >= startAt && departs_at < endAt);
  const straight = leaving.filter((flight) => flight.destination === to && hasSeats(flight)).map(({ id }) => id);
  const changing = leaving
    .filter(({ destination }) => changes.includes(destination))
    .flatMap((first) => {
      const onward = flights.filter(({ origin, destination, departs_at }) => {
        const wait = departs_at - first.arrives_at;
        return origin === first.destination && destination === to && wait >= minConnectionMs && wait <= maxConnectionMs;
      });
      return onward
        .slice(0, 3)
        .filter((second) => hasSeats(first) && hasSeats(second))
        .map((second) => `${first.id}+${second.id}`);
    });
  const price = (id: string) => id.split('+').reduce((sum, flight) => sum + (fareOf(flight)?.price ?? 0), 0);
  return [...straight, ...changing].map((id) => `${id} ${price(id)}`).toSorted();
}

export function searchContract(name: string, open: Open): void {
  describe(`search: ${name}`, () => {
    it('finds what a look through all flights finds, where the way round is not too long', async (t) => {
      const world = await openBusy(t, open);
      const startAt = world.clock.now() + 9 * dayMs;
      const books = await booksOf(world);
      let found = 0;
      for (const [from, to] of [
        ['LHR', 'CDG'],
        ['HAM', 'JFK'],
        ['FRA', 'SIN'],
        ['JFK', 'AMS'],
      ] as const) {
        for (const cabin of ['economy', 'business'] as const) {
          const asked = { from, to, startAt, endAt: startAt + dayMs, maxStops: 1, cabin, passengers: 2 };
          const journeys = (await search(world, asked)).map(({ id, price }) => `${id} ${price}`).toSorted();
          assert.deepEqual(journeys, expectedIn(books, asked));
          found += journeys.length;
        }
      }
      assert.ok(found > 20, `${found} journeys`);
    });

    it('changes at every airport on the way, in time, with enough seats in each flight, and not in cancelled ones', async (t) => {
      const world = await open(t);
      await world.add([
        serviceOf('KO1', 'HAM', 'LIS', { departsMinute: 600, durationMinutes: 200 }),
        serviceOf('KO2', 'HAM', 'CDG', { departsMinute: 600, durationMinutes: 100 }),
        serviceOf('KO3', 'CDG', 'LIS', { departsMinute: 745, durationMinutes: 150 }),
        // A minute too early after KO2, and far too late.
        serviceOf('KO4', 'CDG', 'LIS', { departsMinute: 744, durationMinutes: 150 }),
        serviceOf('KO5', 'CDG', 'LIS', { departsMinute: 1_185, durationMinutes: 150 }),
        // Around half the world.
        serviceOf('KO6', 'HAM', 'SIN', { departsMinute: 400, durationMinutes: 700 }),
        serviceOf('KO7', 'SIN', 'LIS', { departsMinute: 1_439, durationMinutes: 800 }),
      ]);
      await world.roll();
      const startAt = (Math.floor(world.clock.now() / dayMs) + 3) * dayMs;
      const asked = { from: 'HAM', to: 'LIS', startAt, endAt: startAt + dayMs, maxStops: 1, cabin: 'economy', passengers: 3 } as const;
      const numbers = async (changes: Partial<JourneysAsked> = {}) =>
        (await search(world, { ...asked, ...changes })).map(({ id }) => id.replaceAll(/-[0-9]+/g, '')).toSorted();
      assert.deepEqual(await numbers(), ['KO1', 'KO2+KO3']);
      assert.deepEqual(await numbers({ maxStops: 0 }), ['KO1']);
      await world.state.write((queries) =>
        sql`update flights_fare set sold = 148 where flight_id like 'KO3-%' and seats = 150`.execute(queries),
      );
      assert.deepEqual(await numbers(), ['KO1'], 'two seats are too few for three');
      assert.deepEqual(await numbers({ passengers: 2 }), ['KO1', 'KO2+KO3']);
      await world.state.write((queries) => sql`update flights_flight set state = 'cancelled' where number = 'KO1'`.execute(queries));
      assert.deepEqual(await numbers({ passengers: 2 }), ['KO2+KO3']);
    });

    it('knows new routes as soon as services change', async (t) => {
      const world = await open(t);
      const routes = new RoutesKnown(airports);
      const isNonstop = () => world.state.read(async (queries) => (await routes.graph(queries)).isNonstop('HAM', 'LIS'));
      assert.equal(await isNonstop(), false);
      await world.add([serviceOf('KO1', 'HAM', 'LIS')]);
      assert.equal(await isNonstop(), true);
    });
  });
}
