/** People who search and book flights over HTTP, without end, and what they were told. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type OpenedAccount, openAccount } from '#drill/load/sign-up.ts';
import { until } from '#testkit/until.ts';

export const customerPassword = 'correct horse battery';
/** Longer than any time-out of the house. */
const answerTimeoutMs = 20_000;
/** A booking that was not answered is asked for again after this time. */
const againMs = 50;
const readyTimeoutMs = 60_000;
/** With three days before and after: so far away that all of a new booking's price comes back. */
const searchedDays = 12;

interface Quoted {
  readonly id: string;
  readonly total: number;
  readonly legs: readonly { readonly price: number }[];
}

interface Answer<Body> {
  readonly body: Body;
  /** Whether an earlier request with the same key did the work. */
  readonly isRepeated: boolean;
}

interface Asked {
  readonly answered: number;
  readonly asked: number;
}

export interface FlightsLoad {
  /** Answered requests. */
  readonly searches: number;
  readonly bookings: ReadonlySet<string>;
  /** Pages of a flight, and bookings: answered, and asked for. */
  readonly opened: Asked;
  readonly booked: Asked;
  /** Prices of quotes by flight, since they were last forgotten. */
  readonly quoted: Map<string, number>;
  /** What was answered with 500 or more, or not at all. */
  readonly failed: string[];
  stop(): Promise<void>;
}

/** Opens an account in a demonstration. `called` is what the person is called. */
export function openCustomer(url: string, name: string, called = name): Promise<OpenedAccount> {
  return openAccount(url, { email: `${name}@example.org`, name: called, password: customerPassword });
}

interface Route {
  readonly from: string;
  readonly to: string;
  readonly date: string;
}

/** Resolves when there are flights on some route between the busiest airports. */
async function findRoute(url: string): Promise<Route> {
  const date = new Date(Date.now() + searchedDays * 86_400_000).toISOString().slice(0, 10);
  const read = async <Body>(path: string) => (await (await fetch(`${url}/api/flights${path}`)).json()) as Body;
  return until(
    async () => {
      const { airports } = await read<{ airports: { code: string }[] }>('/airports?limit=6');
      for (const { code: from } of airports) {
        for (const { code: to } of airports) {
          const { nonstop = 0 } = from === to ? {} : await read<{ nonstop?: number }>(searchPath({ from, to, date }, 1));
          if (nonstop >= 2) return { from, to, date };
        }
      }
      return undefined;
    },
    { timeoutMs: readyTimeoutMs, describe: 'flights between two of the busiest airports' },
  );
}

/** The id of the cheapest flight on one of the busiest routes. */
export async function cheapestFlight(url: string): Promise<string> {
  const found = await fetch(`${url}/api/flights${searchPath(await findRoute(url), 1)}&sort=price`);
  const { itineraries } = (await found.json()) as { itineraries: { legs: { flightId: string }[] }[] };
  const id = itineraries[0]?.legs[0]?.flightId;
  assert.ok(id, 'a flight was found');
  return id;
}

function searchPath({ from, to, date }: Route, passengers: number): string {
  return `/search?from=${from}&to=${to}&date=${date}&flexDays=3&maxStops=0&passengers=${passengers}`;
}

export interface LoadOptions {
  readonly url: string;
  readonly cookie: string;
  readonly searchers: number;
  readonly bookers: number;
}

export async function startFlightsLoad({ url, cookie, searchers, bookers }: LoadOptions): Promise<FlightsLoad> {
  const route = await findRoute(url);
  const [opened, booked] = [
    { answered: 0, asked: 0 },
    { answered: 0, asked: 0 },
  ];
  const load = { searches: 0, bookings: new Set<string>(), opened, booked, quoted: new Map<string, number>() };
  const failed: string[] = [];
  let stopped = false;

  /** Undefined when nothing useful was answered, which is noted. */
  async function ask<Body>(path: string, init: RequestInit = {}): Promise<Answer<Body> | undefined> {
    try {
      const answer = await fetch(`${url}/api/flights${path}`, { ...init, signal: AbortSignal.timeout(answerTimeoutMs) });
      if (answer.ok) return { body: (await answer.json()) as Body, isRepeated: answer.headers.has('idempotency-replayed') };
      const text = await answer.text();
      if (answer.status === 409 && text.includes('"flight-full"')) return undefined;
      assert.ok(answer.status >= 500, `${path} answered ${answer.status} ${text}`);
      failed.push(`${answer.status} ${path} ${text}`);
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      failed.push(`${path}: ${(error as Error).cause ?? error}`);
    }
    // A house that refuses at once must not be asked a thousand times a second.
    await sleep(againMs);
    return undefined;
  }
  const post = <Body>(path: string, body: object, headers: Readonly<Record<string, string>> = {}) =>
    ask<Body>(path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', cookie, ...headers } });

  async function search(turn: number): Promise<readonly string[]> {
    const found = await ask<{ itineraries: { legs: { flightId: string }[] }[] }>(searchPath(route, 1 + (turn % 3)));
    if (found === undefined) return [];
    load.searches += 1;
    return found.body.itineraries.flatMap(({ legs }) => legs.map(({ flightId }) => flightId));
  }

  async function keepSearching(): Promise<void> {
    for (let turn = 0; !stopped; turn += 1) {
      const flights = await search(turn);
      const flight = flights[turn % flights.length];
      if (flight === undefined) continue;
      opened.asked += 1;
      if ((await ask(`/flights/${flight}`)) !== undefined) opened.answered += 1;
    }
  }

  async function keepBooking(): Promise<void> {
    for (let turn = 0; !stopped; turn += 1) {
      const flights = await search(turn);
      const flight = flights[turn % flights.length];
      if (flight === undefined) continue;
      const quoted = await post<Quoted>('/quotes', { flights: [flight], cabin: 'economy', passengers: 1 });
      if (quoted === undefined) continue;
      const quote = quoted.body;
      load.quoted.set(flight, quote.legs[0]?.price ?? 0);
      const passengers = [{ givenName: 'Ada', familyName: 'Load', seats: [null] }];
      const key = { 'idempotency-key': randomUUID() };
      while (!stopped) {
        booked.asked += 1;
        const answer = await post<{ id: string }>('/bookings', { quoteId: quote.id, expectedTotal: quote.total, passengers }, key);
        if (answer === undefined) continue;
        // One that is answered only now was made by a request whose answer was lost, and which recorded nothing.
        if (!answer.isRepeated) booked.answered += 1;
        load.bookings.add(answer.body.id);
        // Most are cancelled, so that the seats last as long as the test; some stay, so that prices follow what is sold.
        if (load.bookings.size % 3 === 0) break;
        await post(`/bookings/${answer.body.id}/cancellation`, { expectedRefund: quote.total }, { 'idempotency-key': randomUUID() });
        break;
      }
    }
  }

  const working = Promise.all([
    ...Array.from({ length: searchers }, () => keepSearching()),
    ...Array.from({ length: bookers }, () => keepBooking()),
  ]);
  // A failure ends the load, and is told by `stop`.
  working.catch(() => {
    stopped = true;
  });
  return Object.assign(load, {
    failed,
    async stop() {
      stopped = true;
      await working;
    },
  });
}
