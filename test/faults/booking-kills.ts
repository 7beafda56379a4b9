/** kill -9 during bookings and cancellations of flights: some have seats for all, some are soon sold out. */
import type { TestContext } from 'node:test';
import type { State } from '#core/ports/state.ts';
import { seatsLaw } from '#modules/flights/store/booking/seats-law.ts';
import { pricesLaw } from '#modules/flights/store/prices/prices-law.ts';
import { openFlightsWorld } from '#modules/flights/testing/flights-world.ts';
import type { Opener } from '#testkit/victim.ts';
import { countRows, killDuringSales } from './sale-kills.ts';

const travellers = 8;
const bigFlights = 30;
const smallFlights = 3;

export async function killDuringBookings(t: TestContext, state: State, opener: Opener): Promise<void> {
  const world = await openFlightsWorld(state);
  t.after(() => world.close());
  const customers = await Promise.all(Array.from({ length: travellers }, (_, index) => world.customer(`traveller-${index}`, 100_000_000)));
  const flights: string[] = [];
  for (let number = 1; number <= bigFlights + smallFlights; number += 1) {
    const seats = number <= bigFlights ? {} : { seats: 10 };
    flights.push(await world.addFlight({ number: `KO${number}`, route: ['LIS', 'BER'], inHours: 400, aircraft: 'A350', ...seats }));
  }
  const victim = { kind: 'book-flights', opener, customers, flights } as const;
  await killDuringSales(t, {
    state,
    what: 'bookings',
    stored: countRows('flights_booking'),
    laws: [seatsLaw, pricesLaw],
    victim,
    seconds: 8,
  });
}
