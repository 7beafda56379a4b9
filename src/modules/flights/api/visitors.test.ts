/** A visitor keeps the cookie that it was given, and no other is accepted. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '#core/seeded-random.ts';
import { startTestWebServer } from '#testkit/web-server.ts';
import { openVisitors } from './visitors.ts';

const account = { id: 'a'.repeat(32), email: 'ada@example.org', name: 'Ada', role: 'member' } as const;

test('a visitor is known again by its cookie; a forged or foreign one gets a new one', async (t) => {
  const server = await startTestWebServer(t, {
    webs: [
      {
        routes(routes) {
          const visitors = openVisitors('key', seededRandom(1));
          routes.get('/api/flights/who', async (request, reply) => visitors.of(request, reply));
        },
      },
    ],
    sessions: {
      identify: async () => ({ account, kind: 'session', id: 's', scopes: ['read', 'write'] }),
      demo: false,
    },
  });
  const first = await server.send('/api/flights/who');
  const [cookie = ''] = first.headers['set-cookie'] ?? [];
  assert.match(cookie, /^kontor_visitor=[0-9a-f]{32}\.[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=2592000$/);
  assert.match(first.json().holder, /^visitor:[0-9a-f]{32}$/);
  assert.equal(first.json().network, '127.0.0.0/24');

  const value = cookie.split(';')[0] ?? '';
  const again = await server.send('/api/flights/who', { headers: { cookie: `other=1; ${value}` } });
  assert.deepEqual(again.json(), first.json());
  assert.equal(again.headers['set-cookie'], undefined);

  const forged = await server.send('/api/flights/who', { headers: { cookie: value.replace(/.$/, (last) => (last === '0' ? '1' : '0')) } });
  assert.notEqual(forged.json().holder, first.json().holder);
  assert.ok(forged.headers['set-cookie']);

  const loggedIn = await server.send('/api/flights/who', { headers: { cookie: `${value}; kontor_session=secret` } });
  assert.deepEqual(loggedIn.json(), { holder: `account:${account.id}`, guestHolder: first.json().holder, network: '127.0.0.0/24' });
});
