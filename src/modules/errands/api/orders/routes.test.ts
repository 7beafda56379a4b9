/** Orders over HTTP: what a customer sends and gets, on the embedded State. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { it, type TestContext } from 'node:test';
import type { Account } from '#core/account.ts';
import type { Ports } from '#core/ports/ports.ts';
import { realClock } from '#house/real-clock.ts';
import { addRoutes } from '#http/route.ts';
import { silentMetrics } from '#testkit/metrics.ts';
import { temporaryState } from '#testkit/temporary-state.ts';
import { startTestWebServer } from '#testkit/web-server.ts';
import type { ErrandsSettings } from '../../domain/settings.ts';
import { openFetch } from '../../engines/fetch/http-fetch.ts';
import { openReader } from '../../engines/reader/threaded-reader.ts';
import type { Fetch, FetchRequest } from '../../ports/fetch.ts';
import type { OwnPorts } from '../../ports/ports.ts';
import { lockHosts } from '../../store/hosts/hosts.ts';
import { saveRobots } from '../../store/hosts/robots.ts';
import { localHost, openOrdersWorld } from '../../testing/orders-world.ts';
import { previewRoutes } from '../preview/routes.ts';
import { ordersRoutes } from './routes.ts';

const page = `http://${localHost}/demo-site/prices`;
const everyMinute = { repeat: { kind: 'interval', seconds: 60 }, repetitions: 10 };

/** Of hosts that do not answer. */
async function silence({ address }: FetchRequest): ReturnType<Fetch['fetch']> {
  const timings = { resolveMs: 0, connectMs: 0, headersMs: 0, bodyMs: 0, totalMs: 0 };
  return { kind: 'failed', reason: 'connect_failed', address, says: 'nobody is there', timings };
}

/** The session's secret is the account's name. */
async function openHouse(t: TestContext, allowed: readonly string[] = [], ask?: Fetch['fetch']) {
  const world = await openOrdersWorld(await temporaryState(t));
  const { mail, random } = world.context();
  const real = openFetch({ clock: realClock, rules: { allow: [localHost, ...allowed] } });
  const fetch = ask === undefined ? real : { fetch: ask };
  const reader = openReader({ clock: realClock });
  t.after(() => Promise.all([real.close(), reader.close()]));
  const metrics = silentMetrics();
  const ports = { state: world.state, clock: world.clock, random, mail, metrics, fetch, reader } as unknown as Ports & OwnPorts;
  const settings = { errandsHostDelayMs: 200, errandsAllowedHosts: [localHost, ...allowed] } as unknown as ErrandsSettings;
  const accountNamed = (id: string): Account => ({ id, email: `${id}@example.org`, name: id, role: 'member' });
  const server = await startTestWebServer(t, {
    webs: [
      {
        routes: (fastify) => addRoutes(fastify, [...ordersRoutes({ ports, settings }), ...previewRoutes({ ports, settings })]),
      },
    ],
    clock: world.clock,
    limits: { requestsPerMinute: 0 },
    sessions: {
      demo: false,
      identify: async ({ secret }) => ({ account: accountNamed(secret), kind: 'session', id: secret, scopes: ['read', 'write'] }),
    },
  });
  let keys = 0;
  const send = (method: string, path: string, body?: unknown, as = 'anna') => {
    keys += 1;
    const headers: Record<string, string> = { cookie: `kontor_session=${as}`, 'idempotency-key': `request-${keys}` };
    if (body !== undefined) headers['content-type'] = 'application/json';
    return server.send(path.startsWith('/api/') ? path : `/api/errands/orders${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  };
  return { world, send };
}

it('shows the price and the times, takes the order, and shows it with its runs to its owner only', async (t) => {
  const { world, send } = await openHouse(t);
  await world.customer('anna', 100);
  await world.customer('ben', 100);
  const body = { address: `${page}#top`, schedule: everyMinute, copies: 2 };
  const quote = (await send('POST', '/quote', body)).json();
  const now = world.clock.now();
  assert.deepEqual(quote.price, { perRepetition: 2, total: 20, now: 20, available: 100 });
  assert.deepEqual(quote.nextTimes.slice(0, 2), [now, now + 60_000]);
  assert.equal(quote.nextTimes.length, 10);

  const placed = await send('POST', '', body);
  assert.equal(placed.status, 201, placed.text);
  const order = placed.json();
  assert.equal(order.address, page);
  assert.equal(order.title, localHost);
  assert.deepEqual(order.coins, { funded: 20, prepaid: 14, returned: 0, earned: 0, refunded: 0, outstanding: 6 });
  assert.deepEqual(order.nextTimes.slice(0, 3), [now + 60_000, now + 2 * 60_000, now + 3 * 60_000], 'two are made already');
  const runs = (await send('GET', `/${order.id}/runs`)).json();
  assert.deepEqual(
    runs.runs.map(({ slot, copy, state }: { slot: number; copy: number; state: string }) => [slot, copy, state]),
    [
      [1, 1, 'waiting'],
      [1, 2, 'waiting'],
      [2, 1, 'ahead'],
      [2, 2, 'ahead'],
      [3, 1, 'ahead'],
      [3, 2, 'ahead'],
    ],
  );
  assert.equal((await send('GET', `/${order.id}`, undefined, 'ben')).status, 404);
  assert.equal((await send('GET', '?search=prices')).json().orders.length, 1);
  assert.equal((await send('GET', '?state=paused')).json().orders.length, 0);
});

it('names the field of what it refuses', async (t) => {
  const { world, send } = await openHouse(t);
  await world.customer('anna', 5);
  const refusal = async (change: object) => {
    const answer = await send('POST', '', { address: page, schedule: everyMinute, ...change });
    const [error] = answer.json().errors;
    return [answer.status, error?.field, error?.reason?.name];
  };
  assert.deepEqual(await refusal({ address: 'ftp://example.org' }), [400, 'address', 'address-scheme']);
  assert.deepEqual(await refusal({ address: 'http://anna:secret@example.org' }), [400, 'address', 'address-login']);
  assert.deepEqual(await refusal({ address: 'http://example.org:8080' }), [400, 'address', 'address-port']);
  assert.deepEqual(await refusal({ headers: { Cookie: 'secret' } }), [400, 'headers/Cookie', 'header-refused']);
  const schedule = { ...everyMinute, repeat: { kind: 'cron', expression: '0 99 * * *' } };
  assert.deepEqual(await refusal({ schedule }), [400, 'schedule/repeat/expression', 'schedule-cron-value']);
  assert.deepEqual((await refusal({}))[0], 409, 'ten coins are too many');
});

it('changes, pauses, resumes, runs, clones and cancels', async (t) => {
  const { world, send } = await openHouse(t);
  await world.customer('anna', 100);
  const order = (await send('POST', '', { address: page, schedule: everyMinute })).json();
  const changed = await send('PUT', `/${order.id}`, { address: page, title: 'Tea', schedule: { ...everyMinute, repetitions: 5 } });
  assert.equal(changed.status, 200, changed.text);
  assert.deepEqual([changed.json().title, changed.json().schedule.start, changed.json().coins.returned], ['Tea', order.schedule.start, 5]);
  assert.equal((await send('POST', `/${order.id}/pause`)).json().state, 'paused');
  assert.equal((await send('POST', `/${order.id}/resume`)).json().state, 'active');
  assert.deepEqual((await send('POST', `/${order.id}/runs`)).json(), { orderId: order.id, generation: 0, slot: 1 });
  const clone = (await send('POST', `/${order.id}/clone`)).json();
  assert.deepEqual([clone.title, clone.schedule.repetitions, clone.state], ['Tea', 5, 'active']);
  assert.equal((await send('POST', `/${order.id}/cancellation`)).json().state, 'cancelled');
  assert.equal((await send('PUT', `/${order.id}`, { address: page, schedule: everyMinute })).json().reason.name, 'errand-ended');
  assert.deepEqual(await world.violations(), []);
});

it('carries orders to another account by an export', async (t) => {
  const { world, send } = await openHouse(t);
  await world.customer('anna', 100);
  await world.customer('ben', 100);
  await send('POST', '', {
    address: page,
    schedule: everyMinute,
    headers: { Accept: 'text/html' },
    extraction: { kind: 'css', expression: 'h1' },
  });
  await send('POST', '', {
    address: page,
    schedule: { repeat: { kind: 'cron', expression: '@daily' }, zone: 'Europe/Berlin' },
    mail: true,
  });
  const file = (await send('GET', '/export')).json();
  assert.equal(file.orders.length, 2);
  await world.clock.advance(3_600_000);
  const imported = await send('POST', '/import', file, 'ben');
  assert.equal(imported.status, 201, imported.text);
  const again = (await send('GET', '/export', undefined, 'ben')).json();
  const withoutStart = ({ schedule: { start: _, ...schedule }, ...order }: { mail: boolean; schedule: { start: string } }) => ({
    ...order,
    schedule,
  });
  const byMail = (orders: { mail: boolean; schedule: { start: string } }[]) =>
    orders.toSorted((one, other) => Number(one.mail) - Number(other.mail));
  assert.deepEqual(byMail(again.orders).map(withoutStart), byMail(file.orders).map(withoutStart));
  assert.equal((await send('POST', '/import', { ...file, version: 2 })).status, 400);
});

it('tries a page out: the page, what is extracted, and the next times', async (t) => {
  const host = createServer((_, answer) => {
    answer.setHeader('content-type', 'text/html');
    answer.end('<h1>Tea</h1><p class="price">3.50 €</p>');
  });
  await new Promise<void>((listening) => host.listen(0, '127.0.0.1', listening));
  t.after(() => host.close());
  const address = `127.0.0.1:${(host.address() as AddressInfo).port}`;
  const { send } = await openHouse(t, [address]);
  const body = { address: `http://${address}/`, extraction: { kind: 'css', expression: '.price' }, schedule: everyMinute };
  const preview = (await send('POST', '/api/errands/preview', body)).json();
  assert.deepEqual([preview.failure, preview.page?.status, preview.found], [null, 200, { value: '3.50 €', number: 3.5, problem: null }]);
  assert.match(preview.text, /^Tea/);
  assert.equal(preview.nextTimes.length, 10);
  const private_ = await send('POST', '/api/errands/preview', { ...body, address: 'http://127.0.0.1/' });
  assert.equal(private_.json().errors[0].reason.name, 'address-private');
  const wrong = await send('POST', '/api/errands/preview', { ...body, extraction: { kind: 'regex', expression: '(' } });
  assert.equal(wrong.json().errors[0].field, 'extraction/expression');
});

it('refuses what the robots.txt of a host forbids, and fails runs of it when it changes', async (t) => {
  const { world, send } = await openHouse(t);
  await world.customer('anna', 100);
  const robots = (text: string) =>
    world.state.write(async (queries) => {
      await lockHosts(queries, ['example.org'], world.clock.now());
      await saveRobots(queries, [{ host: 'example.org', state: 'read', text, delayMs: 0, at: world.clock.now() }], world.clock.now());
    });
  await robots('User-agent: *\nDisallow: /private');
  const order = (path: string) => send('POST', '', { address: `http://example.org${path}`, schedule: everyMinute });
  assert.equal((await order('/private/page')).json().reason.name, 'robots-disallow');
  const { id } = (await order('/page')).json();
  await robots('User-agent: *\nDisallow: /');
  await world.clock.advance(3 * 60_000);
  await world.makeRuns();
  const failures = (await world.runs(id)).map(({ failure }) => failure);
  assert.deepEqual(new Set(failures.slice(0, 3)), new Set([null]));
  assert.deepEqual(new Set(failures.slice(3)), new Set(['robots']));
});

it('asks for robots.txt before a file is imported or an order is cloned, and names each order that is refused', async (t) => {
  const { world, send } = await openHouse(t, [], silence);
  await world.customer('anna', 100);
  const robots = (host: string, text: string) =>
    world.state.write(async (queries) => {
      await lockHosts(queries, [host], world.clock.now());
      await saveRobots(queries, [{ host, state: 'read', text, delayMs: 0, at: world.clock.now() }], world.clock.now());
    });
  const order = (address: string) => ({ address, schedule: everyMinute });
  await robots('example.org', 'User-agent: *\nDisallow: /private');
  const { id } = (await send('POST', '', order('http://example.org/page'))).json();
  const orders = [page, 'http://example.org/private', 'http://silent.example/', 'http://example.org/page'].map(order);
  const refused = await send('POST', '/import', { format: 'kontor-errands', version: 1, orders });
  assert.equal(refused.status, 409, refused.text);
  assert.deepEqual(
    refused.json().errors.map(({ field, reason }: { field: string; reason: { name: string } }) => [field, reason.name]),
    [
      ['orders/1/address', 'robots-disallow'],
      ['orders/2/address', 'robots-silent'],
    ],
  );
  assert.equal((await send('GET', '')).json().orders.length, 1, 'nothing was ordered');
  await robots('example.org', 'User-agent: *\nDisallow: /');
  assert.equal((await send('POST', `/${id}/clone`)).json().reason.name, 'robots-disallow');
});

it('asks hosts for robots.txt for a bounded time', async (t) => {
  let asked = 0;
  const { world, send } = await openHouse(t, [], async (request) => {
    asked += 1;
    await world.clock.advance(1_000);
    return silence(request);
  });
  await world.customer('anna', 1_000);
  const orders = Array.from({ length: 200 }, (_, index) => ({ address: `http://host-${index}.example/`, schedule: everyMinute }));
  const file = { format: 'kontor-errands', version: 1, orders };
  const refused = await send('POST', '/import', file);
  assert.equal(refused.json().reason.name, 'robots-silent', refused.text);
  assert.ok(asked >= 15 && asked < 50, `${asked} were asked in 15 seconds`);
});

it('lets an account try ten pages at once and then one every six seconds, and says when the next may come', async (t) => {
  const { world, send } = await openHouse(t, [], silence);
  const preview = (as: string, address = page) => send('POST', '/api/errands/preview', { address, schedule: everyMinute }, as);
  for (let count = 0; count < 10; count += 1) assert.equal((await preview('anna')).status, 200);
  const refused = await preview('anna');
  assert.deepEqual([refused.status, refused.headers['retry-after'], refused.json().reason.name], [429, '6', 'previews-often']);
  assert.equal((await preview('ben')).status, 200, 'others may');
  await world.clock.advance(6_000);
  assert.equal((await preview('anna')).status, 200);
  assert.equal((await preview('anna')).status, 429);
  // Many accounts together try pages of one host.
  const statuses = [];
  for (let count = 0; count < 22; count += 1) statuses.push((await preview(`guest-${count}`, 'http://silent.example/')).status);
  assert.deepEqual(statuses, [...Array(20).fill(409), 429, 429]);
  const last = (await preview('dora', 'http://silent.example/')).json();
  assert.deepEqual([last.reason.name, last.reason.values], ['previews-of-host', { host: 'silent.example', seconds: 3 }]);
});
