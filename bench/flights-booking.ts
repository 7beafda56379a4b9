/** Bookings over HTTP on PostgreSQL beside pgbench's transactions. */
import assert from 'node:assert/strict';
import { sql } from 'kysely';
import type { Ports } from '#core/ports/ports.ts';
import type { State } from '#core/ports/state.ts';
import { openPostgresState } from '#engines/state/postgres.ts';
import { realClock } from '#house/real-clock.ts';
import { realRandom } from '#house/real-random.ts';
import { addRoutes } from '#http/route.ts';
import type { WebServer } from '#http/server.ts';
import { worldAirports } from '#modules/flights/airports/airports.ts';
import { openBooking } from '#modules/flights/api/booking/open-booking.ts';
import { placesIn } from '#modules/flights/api/search/places.ts';
import { openVisitors } from '#modules/flights/api/visitors.ts';
import type { FlightsSettings } from '#modules/flights/domain/settings.ts';
import { type FlightsWorld, openFlightsWorld } from '#modules/flights/testing/flights-world.ts';
import { silentLog } from '#testkit/log.ts';
import { type Bench, median, medianRatio, percentile, type Report } from './bench.ts';
import { type Cost, reportCosts } from './costs.ts';
import type { CustomersPost } from './customers.ts';
import { measurePosts, openWallets, startCustomersServer } from './customers-server.ts';
import { pgbenchTpcb, withPostgresDatabase } from './pgbench.ts';

const clients = 50;
const rounds = 3;
/** A round takes about as long as one of pgbench. Fewer show that it runs. */
const bookingsPerClient = Number(process.env.KONTOR_BENCH_ORDERS ?? 100);
/** Warm-up until the server's code is compiled; pgbench needs none. */
const warmUpBookingsPerClient = 30;
const pgbenchSeconds = 3;
const flightCount = 400;
const quotesAtOnce = 500;

export const bench: Bench = {
  name: 'flights-booking',
  says: `bookings of one or two seats by ${clients} clients over HTTP on PostgreSQL, beside pgbench`,
  async run(report) {
    await withPostgresDatabase(async (url) => {
      const state = await openPostgresState({ url, clock: realClock, log: silentLog() });
      try {
        await benchBookings(state, url, report);
      } finally {
        await state.close();
      }
    });
  },
};

async function benchBookings(state: State, url: string, report: Report): Promise<void> {
  const world = await openFlightsWorld(state);
  const booking = openBooking(
    {
      ports: world.ports as Ports,
      settings: { flightsQuoteMinutes: 10 } as FlightsSettings,
      visitors: openVisitors('a key of the benchmark', realRandom),
      accesses: { note() {} },
    },
    placesIn(worldAirports),
    (error) => report.progress(String(error)),
  );
  const server = await startCustomersServer(world.ports, [{ routes: (fastify) => addRoutes(fastify, booking.routes) }]);
  try {
    const flights: string[] = [];
    for (let number = 1; number <= flightCount; number += 1) {
      flights.push(await world.addFlight({ number: `KO${number}`, route: ['LIS', 'BER'], inHours: 24 + number, aircraft: 'A350' }));
    }
    const rates: number[] = [];
    const times: number[] = [];
    const peers: number[] = [];
    const costs: Cost[] = [];
    await book(url, server, await quotes(world, flights, clients * warmUpBookingsPerClient));
    for (let round = 1; round <= rounds; round += 1) {
      report.progress(`bookings, round ${round} of ${rounds}`);
      const posts = await quotes(world, flights, clients * bookingsPerClient);
      const { perSecond, timesMs, cost } = await book(url, server, posts);
      rates.push(perSecond);
      times.push(...timesMs);
      costs.push(cost);
      report.progress(`pgbench, round ${round} of ${rounds}`);
      peers.push(await pgbenchTpcb(url, { clients, seconds: pgbenchSeconds }));
    }
    assert.deepEqual(await world.violations(), []);
    report.figure({ what: `bookings, ${clients} clients`, value: median(rates), unit: '/s' });
    report.figure({ what: 'time of a booking, p50', value: median(times), unit: 'ms' });
    report.figure({ what: 'time of a booking, p99', value: percentile(times, 0.99), unit: 'ms' });
    report.figure({ what: `peer: pgbench TPC-B-like, ${clients} clients, no HTTP`, value: median(peers), unit: '/s' });
    report.figure({ what: 'ratio', value: medianRatio(rates, peers), unit: '', aim: '≥ 0.6' });
    reportCosts(report, 'a booking', costs);
  } finally {
    await server.stop();
    await booking.stop();
    await world.close();
  }
}

let customers = 0;

/** Each booking has a different customer with a quote, so that only the booking is measured. */
async function quotes(world: FlightsWorld, flights: readonly string[], count: number): Promise<readonly CustomersPost[]> {
  const names = Array.from({ length: count }, () => {
    customers += 1;
    return `customer-${customers}`;
  });
  const posts: CustomersPost[] = [];
  for (let from = 0; from < names.length; from += quotesAtOnce) {
    posts.push(...(await Promise.all(names.slice(from, from + quotesAtOnce).map((name) => postFor(world, name, flights)))));
  }
  await openWallets(world.state, names, world.clock.now());
  // As autovacuum does after a while, and pgbench after filling its tables.
  await world.state.write((queries) => sql`analyze`.execute(queries));
  return posts;
}

function book(url: string, { port }: WebServer, posts: readonly CustomersPost[]) {
  return measurePosts(url, { kind: 'posts', port, clients, path: '/api/flights/bookings', posts });
}

async function postFor(world: FlightsWorld, customer: string, flights: readonly string[]): Promise<CustomersPost> {
  const passengers = 1 + realRandom.int(2);
  const { id, total } = await world.quote(customer, [flights[realRandom.int(flights.length)] ?? ''], { passengers });
  const travellers = Array.from({ length: passengers }, () => ({ givenName: 'Anna', familyName: 'Bench', seats: [null] }));
  return { customer, body: { quoteId: id, expectedTotal: total, passengers: travellers } };
}
