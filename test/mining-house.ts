/** A house with errands, a customer with coins, and a miner with a token, for tests of programs that mine. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { main } from '#cli/main.ts';
import { openHouse } from '#house/house.ts';
import { openMetrics } from '#house/metrics.ts';
import { modules } from '#house/modules.ts';
import { processHolder } from '#house/process-holder.ts';
import { readHouseConfig } from '#house/read-config.ts';
import { realClock } from '#house/real-clock.ts';
import { realRandom } from '#house/real-random.ts';
import { silentLog } from '#testkit/log.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';

const roles = ['people', 'coins', 'errands-api', 'errands-scheduler', 'errands-desk', 'errands-fetcher'];

export interface MiningHouse {
  readonly url: string;
  /** Of an account that has ordered nothing. */
  readonly minerToken: string;
  /** Of the house's own site, such as `127.0.0.1:4711`. */
  readonly site: string;
  /** Orders so many pages of the site, each once and now; resolves a function that asks how many coins they have earned. */
  order(pages: number): Promise<() => Promise<number>>;
}

interface OrderAnswer {
  readonly coins: { readonly earned: number };
}

export async function openMiningHouse(t: TestContext): Promise<MiningHouse> {
  const site = await openSite(t);
  const environment = {
    DATA_DIR: join(temporaryFolder(t), 'data'),
    PORT: '0',
    RATE_LIMIT_PER_MINUTE: '0',
    ERRANDS_ALLOWED_HOSTS: site,
    ERRANDS_SETTLE_SECONDS: '0',
    // It audits only, as it does each page of a new miner.
    ERRANDS_HOUSE_MINER: 'off',
    DEMO: 'on',
  };
  const { config } = readHouseConfig({ environment, flags: new Map() });
  const house = await openHouse({
    config,
    modules,
    roles,
    metrics: openMetrics(),
    signal: new AbortController().signal,
    basics: { clock: realClock, random: realRandom, holder: processHolder(), log: silentLog() },
  });
  t.after(() => house.stop(AbortSignal.timeout(10_000), AbortSignal.timeout(10_000)));
  const url = house.url ?? assert.fail('the house has no address');
  const customer = await logIn(url, environment, 'ada@example.org');
  const miner = await logIn(url, environment, 'ben@example.org');
  await send(url, customer, 'POST', '/api/coins/faucet', undefined);
  await send(url, miner, 'POST', '/api/coins/faucet', undefined);
  const made = await send<{ token: string }>(url, miner, 'POST', '/api/people/me/access-tokens', {
    name: 'mining',
    scopes: ['read', 'write'],
  });
  return {
    url,
    site,
    minerToken: made.token,
    async order(pages) {
      const body = { address: `http://${site}/prices`, schedule: { repeat: { kind: 'once' } } };
      for (let placed = 0; placed < pages; placed += 1) await send(url, customer, 'POST', '/api/errands/orders', body);
      return async () => {
        const { orders } = await send<{ orders: readonly OrderAnswer[] }>(url, customer, 'GET', '/api/errands/orders?limit=100', undefined);
        return orders.reduce((sum, { coins }) => sum + coins.earned, 0);
      };
    },
  };
}

async function openSite(t: TestContext): Promise<string> {
  const server = createServer((request, response) => response.setHeader('content-type', 'text/plain').end(`a page of ${request.url}`));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function logIn(url: string, environment: Record<string, string>, email: string): Promise<string> {
  const printed: string[] = [];
  await main(['people', 'create-admin', email], environment, { print: (line) => printed.push(line), note: () => {} });
  const answer = await fetch(`${url}/api/people/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: printed.join('') }),
  });
  assert.equal(answer.status, 200, await answer.clone().text());
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

let keys = 0;

async function send<Answer>(url: string, cookie: string, method: string, path: string, body: unknown): Promise<Answer> {
  keys += 1;
  const headers: Record<string, string> = { cookie, 'idempotency-key': `mining-test-${process.pid}-${keys}` };
  if (body !== undefined) headers['content-type'] = 'application/json';
  const answer = await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const text = await answer.text();
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
  return JSON.parse(text) as Answer;
}
