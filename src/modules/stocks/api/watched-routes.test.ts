/** The watch list over HTTP. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Identity } from '#core/account.ts';
import { addRoutes } from '#http/route.ts';
import { manualClock } from '#testkit/clock.ts';
import { temporaryState } from '#testkit/temporary-state.ts';
import { startTestWebServer } from '#testkit/web-server.ts';
import { stocksMigrations } from '../store/tables.ts';
import { forgetWatched, maxWatched, watch } from '../store/watched.ts';
import { watchedRoutes } from './watched-routes.ts';

const member = (id: string): Identity => ({
  account: { id, email: `${id}@example.org`, name: id, role: 'member' },
  kind: 'session',
  id: `session of ${id}`,
  scopes: ['read', 'write'],
});

test('an account has a watch list of its own, which is bounded', async (t) => {
  const state = await temporaryState(t);
  await state.migrate(stocksMigrations);
  const routes = watchedRoutes({ state, clock: manualClock() }, { knows: (company) => ['MSFT', 'AAPL'].includes(company) });
  const server = await startTestWebServer(t, {
    webs: [{ routes: (web) => addRoutes(web, routes) }],
    sessions: { identify: async ({ secret }) => member(secret), demo: false },
  });
  const ask = (method: string, path = '', headers: Readonly<Record<string, string>> = { cookie: 'kontor_session=ada' }) =>
    server.send(`/api/stocks/watched${path}`, { method, headers });

  for (const [method, path] of [['GET', ''] as const, ['PUT', '/MSFT'] as const, ['DELETE', '/MSFT'] as const])
    assert.equal((await ask(method, path, {})).status, 401, 'nobody has one without an account');
  for (const code of ['MSFT', 'AAPL', 'MSFT']) assert.equal((await ask('PUT', `/${code}`)).status, 200);
  assert.deepEqual((await ask('GET')).json().companies.sort(), ['AAPL', 'MSFT']);
  assert.deepEqual((await ask('GET', '', { cookie: 'kontor_session=bob' })).json(), { companies: [] });
  assert.equal((await ask('PUT', '/NOPE')).json().reason.name, 'no-company');
  assert.deepEqual((await ask('DELETE', '/AAPL')).json(), { companies: ['MSFT'] });

  await state.write(async (queries) => {
    for (let index = 1; index < maxWatched; index += 1) await watch(queries, 'ada', `C${index}`, 7);
  });
  const full = await ask('PUT', '/AAPL');
  assert.deepEqual([full.status, full.json().reason.name], [409, 'watched-full']);
  assert.equal((await ask('PUT', '/MSFT')).status, 200, 'it is there already');

  await state.write((queries) => forgetWatched(queries, { id: 'ada', now: 8 }));
  assert.deepEqual((await ask('GET')).json(), { companies: [] });
});
