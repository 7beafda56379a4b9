/** Delivery for tests: orders whose pages are delivered, and instances of the feed on one State, where a token is the name of its account. */
import assert from 'node:assert/strict';
import type { FastifyInstance } from 'fastify';
import type { Account } from '#core/account.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Lake } from '#core/ports/lake.ts';
import type { State } from '#core/ports/state.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { realClock } from '#house/real-clock.ts';
import { addRoutes } from '#http/route.ts';
import type { Web } from '#http/types.ts';
import { silentLog } from '#testkit/log.ts';
import { silentMetrics } from '#testkit/metrics.ts';
import { testSecrets } from '#testkit/seal.ts';
import type { Cleanup } from '#testkit/temporary-folder.ts';
import { startTestWebServer, type TestWebServer } from '#testkit/web-server.ts';
import { deliveryRoutes } from '../api/delivery/routes.ts';
import { openFeed } from '../api/feed/feed.ts';
import { feedRoutes } from '../api/feed/routes.ts';
import { feedSocket } from '../api/feed/socket.ts';
import { type ResultsPorts, resultRoutes } from '../api/results/routes.ts';
import { houseMiner, leaseOf } from '../domain/leases.ts';
import { failMs } from '../domain/orders.ts';
import { openReader } from '../engines/reader/threaded-reader.ts';
import { lockOrders } from '../store/orders/lock.ts';
import { completeRuns } from '../store/queue/complete.ts';
import { answersOf } from '../store/results/answers.ts';
import { storeBody } from '../store/results/bodies.ts';
import { resultTables } from '../store/results/tables.ts';
import { refundCopies } from '../store/settlement/refund.ts';
import { refuseAnswers } from '../store/trust/refuse.ts';
import { type ErrandsWorld, settleMs } from './errands-world.ts';

/** Files of a lake in memory. */
export function lakeInMemory(): Pick<Lake, 'create' | 'read' | 'list' | 'remove'> & { readonly files: Map<string, Uint8Array> } {
  const files = new Map<string, Uint8Array>();
  return {
    files,
    async create(path, content) {
      if (files.has(path)) return 'exists';
      files.set(path, content);
      return 'created';
    },
    read: async (path) => files.get(path),
    list: async (folder, { after = '', limit }) =>
      [...files]
        .filter(([path]) => path.startsWith(`${folder}/`) && path > after)
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .slice(0, limit)
        .map(([path, content]) => ({ path, bytes: content.length })),
    remove: async (path) => void files.delete(path),
  };
}

export interface DeliveredPage {
  readonly page: string;
  readonly value?: string;
  readonly micros?: number;
}

/** Runs of the order that are due now, and their pages, fetched by the house. */
export async function deliver(
  world: ErrandsWorld,
  order: string,
  pages: readonly DeliveredPage[],
  lake: Pick<Lake, 'create'> = lakeInMemory(),
): Promise<void> {
  // Due one after another, so that their results have this order.
  await world.runs(order, pages.length, { inMs: 1 - pages.length, everyMs: 1 });
  const now = world.clock.now();
  const claimed = (await world.claimForHouse(pages.length, true)).toSorted((one, other) => one.dueAt - other.dueAt);
  assert.equal(claimed.length, pages.length);
  const day = Math.floor(now / 86_400_000);
  const answers = await Promise.all(
    claimed.map(async ({ lease: text }, index) => {
      const { page, value = null, micros = null } = pages[index] ?? assert.fail();
      const lease = leaseOf(text) ?? assert.fail(`${text} is no lease`);
      const stored = await storeBody(lake, Buffer.from(page), { inlineKb: 1, day });
      const what = { status: 200, finalAddress: 'http://example.org/', contentType: 'text/html', timings: null };
      return {
        lease,
        miner: { accountId: houseMiner, network: null },
        got: { ...what, ...stored, value, micros, contentKey: value ?? page },
      };
    }),
  );
  const outcomes = await completeRuns(world.state, answers, { now, settleMs, random: world.ports.random });
  assert.ok(outcomes.every(({ outcome }) => outcome === 'accepted'));
}

/** Finds these results to be lies, when it is too late to fetch their pages again. */
export async function withdraw({ state, clock }: ErrandsWorld, order: string, numbers: readonly number[]): Promise<void> {
  const now = clock.now() + failMs;
  await state.write(async (queries) => {
    const orders = await lockOrders(queries, [order]);
    const rows = await resultTables(queries)
      .selectFrom('errands_result')
      .select(['generation', 'slot'])
      .where('order_id', '=', order)
      .where('number', 'in', [...numbers])
      .execute();
    const known = await answersOf(
      queries,
      rows.map(({ generation, slot }) => ({ orderId: order, generation, slot })),
      { locked: true },
    );
    const refunds = await refuseAnswers(queries, [...known.values()].flat(), { orders, reason: 'lie', now });
    await refundCopies(queries, refunds, now);
  });
}

/** An instance of errands-delivery on a port of its own. */
export async function startFeedInstance(
  t: Cleanup,
  state: State,
  clock: Clock = realClock,
): Promise<TestWebServer & { drainFeed(): void; clients(): number; endTokens(): void }> {
  let clients = 0;
  const gauge = () => ({
    set(count: number) {
      clients = count;
    },
  });
  const metrics = Object.assign(silentMetrics(), { gauge });
  const feed = openFeed({ state, clock, random: seededRandom(3), log: silentLog(), metrics });
  t.after(() => feed.stop());
  const web = {
    routes: (fastify: FastifyInstance) => addRoutes(fastify, feedRoutes(feed, clock)),
    sockets: [feedSocket(feed, clock, silentLog())],
  };
  const tokens = { ended: false };
  const server = await startForCustomers(t, web, clock, tokens);
  const endTokens = () => {
    tokens.ended = true;
  };
  return { ...server, drainFeed: () => feed.drain(), clients: () => clients, endTokens };
}

/** An instance of errands-api with the routes of results. */
export async function startResultsInstance(
  t: Cleanup,
  ports: Pick<ResultsPorts, 'state' | 'clock' | 'random'>,
  lake: Pick<Lake, 'read'>,
): Promise<TestWebServer> {
  const reader = openReader({ clock: realClock });
  t.after(() => reader.close());
  const routes = resultRoutes({ ...ports, lake: lake as Lake, reader });
  return startForCustomers(t, { routes: (fastify) => addRoutes(fastify, routes) }, ports.clock);
}

/** An instance of errands-api with the routes of receivers. */
export async function startReceiversInstance(t: Cleanup, ports: Pick<ResultsPorts, 'state' | 'clock' | 'random'>): Promise<TestWebServer> {
  const seal = await testSecrets().unlock();
  return startForCustomers(t, { routes: (fastify) => addRoutes(fastify, deliveryRoutes(ports, seal)) }, ports.clock);
}

function startForCustomers(t: Cleanup, web: Web, clock: Clock, tokens = { ended: false }): Promise<TestWebServer> {
  const accountNamed = (id: string): Account => ({ id, email: `${id}@example.org`, name: id, role: 'member' });
  return startTestWebServer(t, {
    webs: [web],
    clock,
    limits: { requestsPerMinute: 0, openPerAccount: 32 },
    sessions: {
      demo: false,
      identify: async ({ kind, secret }) => {
        const id = secret.replace('kontor_pat_', '');
        if (tokens.ended) return undefined;
        return { account: accountNamed(id), kind, id: secret, scopes: kind === 'session' ? ['read', 'write'] : ['read'] };
      },
    },
  });
}
