/** Which account sends a request, and what routes may require of it. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { FastifyRequest } from 'fastify';
import type { Credentials, Identity } from '#core/account.ts';
import { startTestWebServer } from '#testkit/web-server.ts';
import { accountOf, inDemo, requireAccount, requireAdmin, requireAdminUnlessDemo, requireSession } from './sessions.ts';

const ada = { id: 'a'.repeat(32), email: 'ada@example.org', name: 'Ada', role: 'member' } as const;
const admin = { ...ada, role: 'admin' } as const;
const session: Identity = { account: ada, kind: 'session', id: 's', scopes: ['read', 'write', 'admin'] };
const identities: Readonly<Record<string, Identity>> = {
  member: session,
  admin: { ...session, account: admin },
  kontor_pat_reader: { account: admin, kind: 'access-token', id: 't', scopes: ['read'] },
  kontor_pat_admin: { account: admin, kind: 'access-token', id: 't', scopes: ['read', 'write', 'admin'] },
};

async function serverFor(t: TestContext, ask: (request: FastifyRequest) => Promise<unknown>, demo = false) {
  const asked: Credentials[] = [];
  const server = await startTestWebServer(t, {
    sessions: {
      demo,
      async identify(credentials) {
        asked.push(credentials);
        return identities[credentials.secret];
      },
    },
    webs: [
      {
        routes(scope) {
          scope.get('/thing', async (request) => ({ answer: (await ask(request)) ?? null }));
          scope.post('/thing', async (request) => ({ answer: (await ask(request)) ?? null }));
        },
      },
    ],
  });
  const withCookie = (secret: string, method = 'GET') =>
    server.send('/thing', { method, headers: { cookie: `theme=dark; kontor_session=${secret}` } });
  const withToken = (token: string, method = 'GET') => server.send('/thing', { method, headers: { authorization: `Bearer ${token}` } });
  return { server, asked, withCookie, withToken };
}

describe('a request', () => {
  it('belongs to the account of its cookie or token, or to a stranger', async (t) => {
    const { server, withCookie, withToken } = await serverFor(t, accountOf);
    assert.deepEqual((await withCookie('member')).json().answer, ada);
    assert.deepEqual((await withToken('kontor_pat_reader')).json().answer, admin);
    for (const stranger of [
      await server.send('/thing'),
      await withCookie('unknown'),
      await withToken('kontor_pat_unknown'),
      await withToken('x'),
    ])
      assert.deepEqual([stranger.status, stranger.json().answer], [200, null]);
  });

  it('is identified once, however often a handler asks', async (t) => {
    const { asked, withCookie } = await serverFor(t, async (request) => {
      await Promise.all([accountOf(request), requireAccount(request)]);
      return requireAccount(request);
    });
    await withCookie('member');
    assert.deepEqual(asked, [{ kind: 'session', secret: 'member' }]);
  });

  it('belongs to the account of its token if it has a cookie as well', async (t) => {
    const { server } = await serverFor(t, accountOf);
    const headers = { cookie: 'kontor_session=member', authorization: 'Bearer kontor_pat_reader' };
    assert.equal((await server.send('/thing', { headers })).json().answer.role, 'admin');
  });

  it('of a stranger is refused with 401 where an account is required', async (t) => {
    const { server } = await serverFor(t, requireAccount);
    const refused = await server.send('/thing');
    assert.deepEqual([refused.status, refused.json().code], [401, 'unauthenticated']);
  });

  it('with a read-only token may not change state', async (t) => {
    const { withToken } = await serverFor(t, requireAccount);
    assert.equal((await withToken('kontor_pat_reader')).status, 200);
    assert.equal((await withToken('kontor_pat_reader', 'POST')).status, 403);
    assert.equal((await withToken('kontor_pat_admin', 'POST')).status, 200);
  });

  it('needs an admin, and with a token also the scope, where an admin is required', async (t) => {
    const { server, withCookie, withToken } = await serverFor(t, requireAdmin);
    assert.equal((await server.send('/thing')).status, 401);
    assert.equal((await withCookie('member')).status, 403);
    assert.equal((await withToken('kontor_pat_reader')).status, 403);
    assert.equal((await withToken('kontor_pat_admin')).status, 200);
    assert.equal((await withCookie('admin')).status, 200);
  });

  it('with a token is refused where a session is required', async (t) => {
    const { withCookie, withToken } = await serverFor(t, async (request) => (await requireSession(request)).kind);
    assert.equal((await withToken('kontor_pat_admin')).status, 403);
    assert.equal((await withCookie('member')).json().answer, 'session');
  });

  for (const demo of [true, false]) {
    it(`of a stranger is ${demo ? 'allowed in a demonstration' : 'refused elsewhere'} where demonstrations are open`, async (t) => {
      const { server, withCookie } = await serverFor(t, requireAdminUnlessDemo, demo);
      assert.equal((await server.send('/thing')).status, demo ? 200 : 401);
      assert.equal((await withCookie('admin')).status, 200);
    });
  }
});

it('a demonstration for this machine excludes requests through a proxy', async (t) => {
  const server = await startTestWebServer(t, {
    sessions: { identify: async () => undefined, demo: true, demoOnlyLocal: true },
    webs: [{ routes: (scope) => void scope.get('/thing', async (request) => ({ answer: inDemo(request) })) }],
  });
  assert.equal((await server.send('/thing')).json().answer, true);
  for (const header of ['x-forwarded-for', 'forwarded', 'via', 'cf-connecting-ip', 'x-never-heard-of'])
    assert.equal((await server.send('/thing', { headers: { [header]: '203.0.113.1' } })).json().answer, false, header);
});

it('a server without accounts treats every client as a stranger', async (t) => {
  const server = await startTestWebServer(t, {
    webs: [{ routes: (scope) => void scope.get('/thing', async (request) => ({ answer: (await accountOf(request)) ?? null })) }],
  });
  assert.equal((await server.send('/thing', { headers: { cookie: 'kontor_session=member' } })).json().answer, null);
});
