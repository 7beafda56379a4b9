/** Booking over HTTP for tests: the routes on a web server, where a test can be anybody. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Account } from '#core/account.ts';
import type { Ports } from '#core/ports/ports.ts';
import { addRoutes } from '#http/route.ts';
import { silentMetrics } from '#testkit/metrics.ts';
import { temporaryState } from '#testkit/temporary-state.ts';
import { startTestWebServer } from '#testkit/web-server.ts';
import { worldAirports } from '../airports/airports.ts';
import { openBooking } from '../api/booking/open-booking.ts';
import { placesIn } from '../api/search/places.ts';
import { openVisitors } from '../api/visitors.ts';
import type { AccessKind } from '../domain/access.ts';
import type { FlightsSettings } from '../domain/settings.ts';
import { openFlightsWorld } from './flights-world.ts';

interface Asked {
  readonly body?: unknown;
  readonly key?: string;
  /** The account; nobody if left out. */
  readonly as?: string;
  /** The browser, with cookies of its own. */
  readonly browser?: string;
}

/** The session's secret is the account's name. */
export async function openBookingHouse(t: TestContext) {
  const world = await openFlightsWorld(await temporaryState(t));
  const noted: { kind: AccessKind; holder: string; flightIds: readonly string[] }[] = [];
  const booking = openBooking(
    {
      ports: { ...world.ports, metrics: silentMetrics() } as Ports,
      settings: { flightsQuoteMinutes: 10 } as FlightsSettings,
      visitors: openVisitors('a key of the test', world.ports.random),
      accesses: { note: ({ holder }, kind, flightIds) => noted.push({ kind, holder, flightIds }) },
    },
    placesIn(worldAirports),
    (error) => assert.fail(String(error)),
  );
  t.after(() => booking.stop());
  const accountNamed = (id: string): Account => ({ id, email: `${id}@example.org`, name: id, role: 'member' });
  const server = await startTestWebServer(t, {
    webs: [{ routes: (fastify) => addRoutes(fastify, booking.routes) }],
    clock: world.clock,
    limits: { requestsPerMinute: 0 },
    sessions: {
      demo: false,
      identify: async ({ secret }) => ({ account: accountNamed(secret), kind: 'session', id: secret, scopes: ['read', 'write'] }),
    },
  });

  const cookies = new Map<string, string>();
  async function send(method: string, path: string, { body, key, as, browser = 'one' }: Asked = {}) {
    const sent = [cookies.get(browser), as === undefined ? undefined : `kontor_session=${as}`].filter((cookie) => cookie !== undefined);
    const headers: Record<string, string> = sent.length === 0 ? {} : { cookie: sent.join('; ') };
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (key !== undefined) headers['idempotency-key'] = key.replaceAll(' ', '-');
    const answer = await server.send(`/api/flights${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const [cookie] = answer.headers['set-cookie'] ?? [];
    if (cookie !== undefined) cookies.set(browser, cookie.slice(0, cookie.indexOf(';')));
    return answer;
  }
  return { world, noted, send };
}
