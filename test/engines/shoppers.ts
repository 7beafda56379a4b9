/** Customers of the shop over HTTP: each buys again and again, and asks again under the same key until a house has answered. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { sql } from 'kysely';
import { main } from '#cli/main.ts';
import type { State } from '#core/ports/state.ts';
import { until } from '#testkit/until.ts';
import { startHouse, type TestHouse } from '../e2e/house.ts';
import { type Environment, readBooks } from '../faults/books.ts';

interface Shoppers {
  /** Resolves when `count` more checkouts that were begun after the call are acknowledged; resolves the time that it took. */
  boughtMore(count: number): Promise<number>;
  /** Stops buying, and checks the books: each acknowledged order is there once, and all laws hold. */
  stopAndCheck(state: State): Promise<void>;
}

const customerCount = 4;
const recoveryTimeoutMs = 90_000;
const requestTimeoutMs = 30_000;
const shipTo = { name: 'Ada', street: 'Am Kai 1', postcode: '20457', city: 'Hamburg', country: 'DE' };
/** Answers of a house that cannot do it now: anything else is a defect. */
const passing = new Set([502, 503, 504]);

interface Customer {
  readonly name: string;
  readonly cookie: string;
}

/** Two houses, either of which serves any customer; the second also puts sales on the tape and counts them. */
export async function openShoppers(t: TestContext, engines: Environment): Promise<Shoppers> {
  const environment = {
    DEMO: 'on',
    RATE_LIMIT_PER_MINUTE: '0',
    COINS_FAUCET_PER_DAY: '1000000000',
    SHOP_PAYMENT_SECRET: 'the-secret-of-both-houses',
    SECRETS_KEY: 'the-key-of-both-houses-and-this-process',
    LOG_LEVEL: 'warn',
    ...engines,
  };
  const houses: TestHouse[] = [];
  t.after(async () => {
    for (const house of houses) await house.remove();
  });
  for (const more of [[], ['relay', 'stocks-aggregator']])
    houses.push(await startHouse({ command: ['run', 'people', 'coins', 'shop-api', ...more], env: environment }));
  const [house] = houses;
  assert.ok(house);
  const customers: Customer[] = [];
  for (let index = 0; index < customerCount; index += 1) customers.push(await newCustomer(house, environment, `shopper-${index}`));
  const article = await stockUp(house, customers[0]);
  const shopping = new Shopping(houses, article);
  t.after(() => {
    shopping.ending = true;
    shopping.stopped = true;
  });
  const running = customers.map((customer) => shopping.buy(customer));
  // `stopAndCheck` reports a failure.
  for (const one of running) one.catch(() => {});
  return {
    boughtMore: (count) => shopping.boughtMore(count),
    async stopAndCheck(state) {
      shopping.ending = true;
      await until(Promise.all(running), { timeoutMs: recoveryTimeoutMs, describe: 'the last checkouts to be answered' });
      const { rows } = await state.read((queries) => sql<{ id: string }>`select id from shop_order`.execute(queries));
      assert.deepEqual(rows.map(({ id }) => id).sort(), [...shopping.orders].sort(), 'each acknowledged order once, and no other');
      assert.deepEqual((await readBooks({ ...environment, DATA_DIR: house.dataDir }, 'all')).violations, []);
      t.diagnostic(`${shopping.orders.size} acknowledged checkouts, 0 lost, 0 doubled; ${shopping.repeats} requests were sent again`);
    },
  };
}

class Shopping {
  readonly orders = new Set<string>();
  repeats = 0;
  /** What was begun is finished, and nothing else is begun. */
  ending = false;
  /** The houses are gone. */
  stopped = false;
  readonly #houses: readonly TestHouse[];
  readonly #article: string;
  /** When the acknowledged checkouts were begun. */
  readonly #begunMs: number[] = [];
  #keys = 0;

  constructor(houses: readonly TestHouse[], article: string) {
    this.#houses = houses;
    this.#article = article;
  }

  async buy(customer: Customer): Promise<void> {
    while (!this.ending) {
      const cart = await this.#send(customer, 'PUT', `/api/shop/cart/lines/${this.#article}`, { quantity: 1 });
      const begunMs = performance.now();
      const body = { payment: 'coins', expectedTotal: cart.total, shipTo };
      const { id } = await this.#send(customer, 'POST', '/api/shop/checkout', body);
      assert.ok(id !== undefined && !this.orders.has(id), `order ${id} is new`);
      this.orders.add(id);
      this.#begunMs.push(begunMs);
    }
  }

  async boughtMore(count: number): Promise<number> {
    const fromMs = performance.now();
    const since = () => this.#begunMs.filter((begunMs) => begunMs >= fromMs).length;
    await until(() => since() >= count, { timeoutMs: recoveryTimeoutMs, describe: () => `${count} checkouts; there were ${since()}` });
    return performance.now() - fromMs;
  }

  /** The same request under the same key, to one house after the other, until one of them has done it. */
  async #send(customer: Customer, method: string, path: string, body: object): Promise<{ id?: string; total?: number }> {
    this.#keys += 1;
    const headers = { cookie: customer.cookie, 'idempotency-key': `${customer.name}-${this.#keys}`, 'content-type': 'application/json' };
    for (let attempt = this.#keys; ; attempt += 1) {
      const url = `${this.#houses[attempt % this.#houses.length]?.url}${path}`;
      const signal = AbortSignal.timeout(requestTimeoutMs);
      const [answer, text] = await fetch(url, { method, headers, body: JSON.stringify(body), signal }).then(
        async (found) => [found, await found.text()] as const,
        (error: unknown) => [undefined, String(error)] as const,
      );
      if (answer?.ok) return JSON.parse(text);
      assert.ok(answer === undefined || passing.has(answer.status), `${customer.name}: ${method} ${path}: ${answer?.status} ${text}`);
      this.repeats += 1;
      if (this.stopped) throw new Error(`${customer.name} got no answer until the end: ${text}`);
    }
  }
}

async function newCustomer(house: TestHouse, environment: Environment, name: string): Promise<Customer> {
  const email = `${name}@example.org`;
  const printed: string[] = [];
  const place = { ...environment, DATA_DIR: house.dataDir };
  await main(['people', 'create-admin', email], place, { print: (line) => printed.push(line), note: () => {} });
  const answer = await post(house, '/api/people/login', '', { email, password: printed.join('') });
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  await post(house, '/api/coins/faucet', cookie, undefined);
  return { name, cookie };
}

/** More than anybody buys. Customers here are admins, too. */
async function stockUp(house: TestHouse, customer: Customer | undefined): Promise<string> {
  const read = async <Answer>(path: string) => (await (await fetch(`${house.url}/api/shop/products${path}`)).json()) as Answer;
  const { products } = await read<{ products: readonly { id: string }[] }>('?limit=1');
  const { variants } = await read<{ variants: readonly { id: string }[] }>(`/${products[0]?.id}`);
  const article = variants[0]?.id ?? assert.fail('the shop is empty');
  await post(house, `/api/shop/admin/stock/${article}/receipts`, customer?.cookie ?? '', { pieces: 1_000_000, reason: 'plenty' });
  return article;
}

async function post(house: TestHouse, path: string, cookie: string, body: object | undefined): Promise<Response> {
  const headers: Record<string, string> = { cookie, 'idempotency-key': `shoppers-${performance.now()}` };
  if (body !== undefined) headers['content-type'] = 'application/json';
  const answer = await fetch(house.url + path, { method: 'POST', headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  assert.ok(answer.ok, `${path}: ${answer.status} ${await answer.clone().text()}`);
  return answer;
}
