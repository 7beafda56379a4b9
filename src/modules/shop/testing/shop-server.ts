/** A shop over HTTP for tests, asked as a browser asks. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Account } from '#core/account.ts';
import type { Ports } from '#core/ports/ports.ts';
import { openSqliteState } from '#engines/state/sqlite.ts';
import { manualClock } from '#testkit/clock.ts';
import { silentLog } from '#testkit/log.ts';
import { silentMetrics } from '#testkit/metrics.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { startTestWebServer } from '#testkit/web-server.ts';
import { shopApiRole } from '../roles/shop-api.ts';
import { openShopWorld, teaId, teaPrice } from './shop-world.ts';

export const shipTo = { name: 'Anna', street: 'Am Kai 1', postcode: '20457', city: 'Hamburg', country: 'DE' };

type Asked = { body?: unknown; text?: string; key?: string; as?: string; headers?: Record<string, string> };

/** The session's secret is the account's name, so that a test can be anybody. */
export async function openShop(t: TestContext, { admins = ['boss'] } = {}) {
  const path = join(temporaryFolder(t), 'kontor.db');
  const state = await openSqliteState({ path, clock: manualClock({ flowing: true }), log: silentLog() });
  t.after(() => state.close());
  const world = await openShopWorld(state);
  const service = await shopApiRole(world.options).start({
    ports: { ...(world.ports as Ports), metrics: silentMetrics(), payments: world.payments },
    fail: (error) => assert.fail(String(error)),
  });
  t.after(() => service.stop());
  const accountNamed = (id: string): Account => ({
    id,
    email: `${id}@example.org`,
    name: id,
    role: admins.includes(id) ? 'admin' : 'member',
  });
  const server = await startTestWebServer(t, {
    webs: service.web ? [service.web] : [],
    clock: world.clock,
    limits: { requestsPerMinute: 0 },
    sessions: {
      demo: false,
      identify: async ({ secret }) => ({ account: accountNamed(secret), kind: 'session', id: secret, scopes: ['read', 'write', 'admin'] }),
    },
  });
  const jar = new Map<string, string>();

  async function ask(method: string, address: string, { body, text, key, as, headers = {} }: Asked = {}) {
    const cookies = [...jar].map(([name, value]) => `${name}=${value}`);
    if (as !== undefined) cookies.push(`kontor_session=${as}`);
    const answer = await server.send(address, {
      method,
      headers: {
        ...(cookies.length > 0 ? { cookie: cookies.join('; ') } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...headers,
      },
      ...(body === undefined && text === undefined ? {} : { body: text ?? JSON.stringify(body) }),
    });
    for (const cookie of answer.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '') jar.delete(name);
      else jar.set(name, value);
    }
    return answer;
  }
  return { world, ask, jar };
}

type Shop = Awaited<ReturnType<typeof openShop>>;

export async function buy({ ask }: Shop, as: string, payment = 'coins') {
  await ask('PUT', `/api/shop/cart/lines/${teaId}`, { as, body: { quantity: 2 } });
  return ask('POST', '/api/shop/checkout', { as, key: `order-of-${as}`, body: { payment, expectedTotal: 2 * teaPrice, shipTo } });
}
