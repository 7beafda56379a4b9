/** A customer who searches flights, asks for prices, books, and cancels half of it. The key of a booking is also the passenger's name. */
import type { Random } from '#core/ports/random.ts';
import type { Journal } from '../journal.ts';
import type { Customer } from './customers.ts';
import { ask, type HouseClient } from './house-client.ts';
import type { WalletReader } from './wallet-reader.ts';

const pauseMs = 120;
const dayMs = 86_400_000;
const daysAhead = { from: 10, below: 40 };
const routesWanted = 3;
const airportsTried = 8;
const givenName = 'Drill';

interface Booking {
  readonly id: string;
  readonly total: number;
  readonly rules: { readonly refundPercent: number };
}

interface Route {
  readonly from: string;
  readonly to: string;
}

export interface FlightsLoad {
  readonly client: HouseClient;
  readonly journal: Journal;
  readonly random: Random;
  readonly customer: Customer;
  readonly routes: readonly Route[];
  readonly wallet: WalletReader;
}

export function keepFlying(load: FlightsLoad): Promise<void> {
  const { client, journal, random, customer, wallet } = load;
  let count = 0;
  return client.repeat(pauseMs, async () => {
    const flight = await search(load);
    if (flight === undefined) return;
    const body = { flights: [flight], cabin: 'economy', passengers: 1 };
    const asked = { method: 'POST', path: '/api/flights/quotes', as: customer.as, body } as const;
    const quote = await client.ask<{ id: string; total: number }>('flights', asked);
    if (quote.kind !== 'answered') return;
    count += 1;
    const key = `flight-${count}`;
    const { id: quoteId, total } = quote.body;
    const passengers = [{ givenName, familyName: key, seats: [null] }];
    const wish = { quoteId, expectedTotal: total, passengers };
    const request = { method: 'POST', path: '/api/flights/bookings', as: customer.as, key: `drill-${key}`, body: wish } as const;
    const moves = [{ wallet: customer.id, coins: -total }];
    const answer = await client.operate<Booking>({ part: 'flights', kind: 'booking', key, moves }, request, ({ id }) => id);
    if (answer.kind === 'answered') {
      journal.worked('flights', answer.begunMs);
      if (random.int(2) === 0) await cancel(load, answer.body, key);
    }
    await wallet.maybeRead('flights', customer);
  });
}

/** The id of a flight with free seats. */
async function search({ client, random, routes, customer }: FlightsLoad): Promise<string | undefined> {
  const route = routes[random.int(routes.length)];
  if (route === undefined) return undefined;
  const days = daysAhead.from + random.int(daysAhead.below - daysAhead.from);
  const found = await client.ask<{ itineraries: readonly { legs: readonly { flightId: string }[] }[] }>('flights', {
    method: 'GET',
    path: searchPath(route, days, 3),
    as: customer.as,
  });
  if (found.kind !== 'answered') return undefined;
  const flights = found.body.itineraries.flatMap(({ legs }) => (legs.length === 1 ? legs.map(({ flightId }) => flightId) : []));
  return flights[random.int(Math.max(1, flights.length))];
}

/** A cancellation has no key: cancelling what is cancelled does nothing more. */
async function cancel({ client, customer }: FlightsLoad, { id, total, rules }: Booking, key: string): Promise<void> {
  const refund = Math.floor((total * rules.refundPercent) / 100);
  const moves = [{ wallet: customer.id, coins: refund }];
  const request = {
    method: 'POST',
    path: `/api/flights/bookings/${id}/cancellation`,
    as: customer.as,
    body: { expectedRefund: refund },
  } as const;
  await client.operate({ part: 'flights', kind: 'cancellation', key: `${key}/cancelled`, moves }, request, () => id);
}

function searchPath({ from, to }: Route, days: number, flexDays: number): string {
  const date = new Date(Date.now() + days * dayMs).toISOString().slice(0, 10);
  return `/api/flights/search?from=${from}&to=${to}&date=${date}&flexDays=${flexDays}&maxStops=0`;
}

/** Routes that are flown nonstop, between the airports with the most flights. */
export async function findRoutes(url: string): Promise<readonly Route[]> {
  const { airports } = await ask<{ airports: readonly { code: string }[] }>(url, {
    method: 'GET',
    path: `/api/flights/airports?limit=${airportsTried}`,
  });
  const routes: Route[] = [];
  for (const { code: from } of airports) {
    for (const { code: to } of airports) {
      if (from === to || routes.length === routesWanted) continue;
      const found = await ask<{ nonstop?: number }>(url, { method: 'GET', path: searchPath({ from, to }, daysAhead.from, 3) });
      if ((found.nonstop ?? 0) >= 2) routes.push({ from, to });
    }
  }
  return routes;
}
