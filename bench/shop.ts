/** Checkouts over HTTP on PostgreSQL beside pgbench's transactions, and the catalogue beside a bare route that returns the same bytes. */
import type { AddressInfo } from 'node:net';
import { type FastifyInstance, fastify } from 'fastify';
import { sql } from 'kysely';
import { outboxMigrations } from '#core/outbox.ts';
import type { Ports } from '#core/ports/ports.ts';
import type { State } from '#core/ports/state.ts';
import { openPostgresState } from '#engines/state/postgres.ts';
import { realClock } from '#house/real-clock.ts';
import { realRandom } from '#house/real-random.ts';
import type { WebServer } from '#http/server.ts';
import { openAccounts } from '#modules/coins/post.ts';
import { coinsMigrations } from '#modules/coins/store/tables.ts';
import { demoProducts } from '#modules/shop/demo/demo-shop.ts';
import { revenueAccount, type ShopSettings } from '#modules/shop/domain/settings.ts';
import { shopApiRole } from '#modules/shop/roles/shop-api.ts';
import { receiveGoods } from '#modules/shop/store/catalogue/stock.ts';
import { shopMigrations, shopTables } from '#modules/shop/store/tables.ts';
import { silentLog } from '#testkit/log.ts';
import { type Bench, median, percentile, type Report } from './bench.ts';
import { type Cost, reportCosts } from './costs.ts';
import { measurePosts, openWallets, runCustomers, startCustomersServer } from './customers-server.ts';
import { pgbenchTpcb, withPostgresDatabase } from './pgbench.ts';

const clients = 50;
const rounds = 3;
/** A round takes about as long as one of pgbench. Fewer show that it runs. */
const ordersPerClient = Number(process.env.KONTOR_BENCH_ORDERS ?? 90);
/** Warm-up until the server's code is compiled; pgbench needs none. */
const warmUpOrdersPerClient = 30;
const pgbenchSeconds = 3;
const rowsPerInsert = 500;
const catalogueMs = 2_000;
const shipTo = { name: 'Bench', street: 'Am Kai 1', postcode: '20457', city: 'Hamburg', country: 'DE' };

export const bench: Bench = {
  name: 'shop',
  says: `checkouts by ${clients} clients over HTTP on PostgreSQL, beside pgbench; catalogue pages beside a bare route`,
  async run(report) {
    await withPostgresDatabase(async (url) => {
      const state = await openPostgresState({ url, clock: realClock, log: silentLog() });
      try {
        await benchShop(state, url, report);
      } finally {
        await state.close();
      }
    });
  },
};

async function benchShop(state: State, url: string, report: Report): Promise<void> {
  await state.migrate([...outboxMigrations, ...coinsMigrations, ...shopMigrations]);
  await state.write((queries) => openAccounts(queries, [revenueAccount]));
  const ports = { state, clock: realClock, random: realRandom, log: silentLog() };
  const settings: ShopSettings = { taxMode: 'included', demoCatalogue: true, reservationMs: 900_000, paymentsOnlyInDemo: false };
  const service = await shopApiRole(settings).start({ ports: { ...(ports as Ports), payments: undefined }, fail: report.progress });
  const server = await startCustomersServer(ports, service.web ? [service.web] : []);
  try {
    const articles = await stockUp(state);
    const rates: number[] = [];
    const times: number[] = [];
    const peers: number[] = [];
    const costs: Cost[] = [];
    await order(url, server, await fillCarts(state, articles, clients * warmUpOrdersPerClient));
    for (let round = 1; round <= rounds; round += 1) {
      report.progress(`checkouts, round ${round} of ${rounds}`);
      const carts = await fillCarts(state, articles, clients * ordersPerClient);
      const { perSecond, timesMs, cost } = await order(url, server, carts);
      rates.push(perSecond);
      times.push(...timesMs);
      costs.push(cost);
      report.progress(`pgbench, round ${round} of ${rounds}`);
      peers.push(await pgbenchTpcb(url, { clients, seconds: pgbenchSeconds }));
    }
    report.figure({ what: `checkouts, ${clients} clients`, value: median(rates), unit: '/s' });
    report.figure({ what: 'time of a checkout, p50', value: median(times), unit: 'ms' });
    report.figure({ what: 'time of a checkout, p99', value: percentile(times, 0.99), unit: 'ms' });
    report.figure({ what: `peer: pgbench TPC-B-like, ${clients} clients, no HTTP`, value: median(peers), unit: '/s' });
    report.figure({ what: 'ratio', value: median(rates) / median(peers), unit: '', aim: '≥ 0.5' });
    reportCosts(report, 'a checkout', costs);
    await benchCatalogue(server, report);
  } finally {
    await server.stop();
    await service.stop();
  }
}

/** More stock than the benchmark sells. */
async function stockUp(state: State): Promise<readonly string[]> {
  const articles = demoProducts().map(({ variants }) => variants[0]?.id ?? '');
  await state.write(async (queries) => {
    const now = realClock.now();
    const receipts = articles.map((variantId) => ({ variantId, pieces: 100_000, reason: 'bench' }));
    await receiveGoods(queries, receipts, { random: realRandom, now, by: 'bench' });
  });
  return articles;
}

function order(url: string, { port }: WebServer, carts: Awaited<ReturnType<typeof fillCarts>>) {
  const posts = carts.map(({ customer, expectedTotal }) => ({ customer, body: { payment: 'coins', expectedTotal, shipTo } }));
  return measurePosts(url, { kind: 'posts', port, clients, path: '/api/shop/checkout', posts });
}

let customers = 0;

/** Each order has a different customer with a filled cart, so that only the checkout is measured. */
async function fillCarts(state: State, articles: readonly string[], count: number) {
  const prices = new Map(demoProducts().flatMap(({ variants }) => variants.map(({ id, price }) => [id, price])));
  const now = realClock.now();
  const carts = Array.from({ length: count }, () => {
    customers += 1;
    const at = realRandom.int(articles.length - 1);
    const items = articles.slice(at, at + 2);
    return { customer: `customer-${customers}`, items, expectedTotal: items.reduce((sum, id) => sum + (prices.get(id) ?? 0), 0) };
  });
  await openWallets(
    state,
    carts.map(({ customer }) => customer),
    now,
  );
  await state.write(async (queries) => {
    const tables = shopTables(queries);
    const lines = carts.flatMap(({ customer, items }) =>
      items.map((variant_id) => ({ cart_id: customer, variant_id, quantity: 1, added_at: now })),
    );
    const rows = carts.map(({ customer }) => ({ id: customer, account_id: customer, promo_code: null, changed_at: now }));
    for (let at = 0; at < rows.length; at += rowsPerInsert) {
      await tables
        .insertInto('shop_cart')
        .values(rows.slice(at, at + rowsPerInsert))
        .execute();
    }
    for (let at = 0; at < lines.length; at += rowsPerInsert) {
      await tables
        .insertInto('shop_cart_line')
        .values(lines.slice(at, at + rowsPerInsert))
        .execute();
    }
    // As autovacuum does after a while, and pgbench after filling its tables.
    await sql`analyze`.execute(queries);
  });
  return carts;
}

async function benchCatalogue(server: WebServer, report: Report): Promise<void> {
  const path = '/api/shop/products?category=tea&sort=price';
  const text = await (await fetch(server.url + path)).text();
  const bare = await startBare(text);
  const readsPerSecond = async (port: number, itsPath: string) =>
    (await runCustomers<{ perSecond: number }>({ kind: 'reads', port, clients, path: itsPath, forMs: catalogueMs })).perSecond;
  try {
    const ours: number[] = [];
    const theirs: number[] = [];
    // Each runs once until the code is compiled.
    await readsPerSecond(server.port, path);
    await readsPerSecond(bare.port, '/');
    for (let round = 1; round <= rounds; round += 1) {
      report.progress(`catalogue, round ${round} of ${rounds}`);
      ours.push(await readsPerSecond(server.port, path));
      theirs.push(await readsPerSecond(bare.port, '/'));
    }
    report.figure({ what: `catalogue pages of ${Buffer.byteLength(text)} bytes`, value: median(ours), unit: '/s' });
    report.figure({ what: 'peer: a bare Fastify route with the same bytes', value: median(theirs), unit: '/s' });
    report.figure({ what: 'ratio', value: median(ours) / median(theirs), unit: '', aim: '≥ 0.7' });
  } finally {
    await bare.server.close();
  }
}

async function startBare(text: string): Promise<{ server: FastifyInstance; port: number }> {
  const server = fastify();
  server.get('/', (_request, reply) => reply.type('application/json; charset=utf-8').send(text));
  await server.listen({ host: '127.0.0.1', port: 0 });
  const address = server.server.address() as AddressInfo;
  return { server, port: address.port };
}
