/** A token never gives more than its scopes: every route is asked by every kind of caller, and docs/access.md says what came out. */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { before, describe, it } from 'node:test';
import { decodeJwt } from 'jose';
import { WebSocket } from 'ws';
import type { Contract } from '#http/contract.ts';
import type { ApiDocument } from '#http/openapi.ts';
import { allContracts, type Caller, callers, mayCall } from '../../tools/access-table.ts';
import { openWorld, type Person, suiteCleanup, type World } from './world.ts';

const deskPath = '/api/errands/desk/socket';
const feedPath = '/api/errands/feed/socket';

const onlyInDemo: ReadonlySet<string> = new Set(['/api/errands/examples', '/api/errands/examples/:name']);

describe('scopes', { timeout: 300_000 }, () => {
  const cleanup = suiteCleanup();
  let world: World;
  let member: Person;
  let admin: Person;
  /** Makes the tokens. */
  let owner: Person;
  let contracts: readonly Contract[];
  const headersOf = new Map<string, Readonly<Record<string, string>>>();

  before(async () => {
    world = await openWorld(cleanup, { environment: { DEMO: 'off', SHOP_TEST_PAYMENTS: 'on' } });
    member = await world.person('member');
    admin = await world.person('admin', { role: 'admin' });
    owner = await world.person('owner', { role: 'admin' });
    contracts = (await allContracts()).filter(({ path }) => !onlyInDemo.has(path));
    for (const caller of callers) headersOf.set(caller.name, await headersFor(caller));
  });

  async function headersFor({ kind, admin: isAdmin, scopes }: Caller): Promise<Readonly<Record<string, string>>> {
    if (kind === 'stranger') return {};
    if (kind === 'session') return { cookie: (isAdmin ? admin : member).cookie };
    return { authorization: `Bearer ${await world.token(owner, scopes)}` };
  }

  it('are known for every route of the house', async () => {
    const { paths } = (await world.ask('GET', '/api/openapi.json')).json() as ApiDocument;
    const served = Object.entries(paths)
      .flatMap(([path, operations]) => Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`))
      .filter((name) => /^\w+ \/(api|\.well-known)\//.test(name) && !name.includes('/api/openapi.json') && !name.includes('/api/docs'));
    const known = new Set(contracts.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`));
    assert.deepEqual(served.filter((name) => !known.has(name)).sort(), []);
    assert.deepEqual([...known].filter((name) => !served.includes(name)).sort(), []);
  });

  for (const caller of callers) {
    it(`of a ${caller.name} open what the table says, and nothing else`, async () => {
      const wrong: string[] = [];
      // Last, because it ends the session.
      const last = (contract: Contract) => (contract.path.endsWith('/logout') ? 1 : 0);
      for (const contract of [...contracts].sort((a, b) => last(a) - last(b))) {
        const { method, path } = contract;
        const refusal = await refusalOf(contract, headersOf.get(caller.name) ?? {});
        const may = mayCall(contract, caller);
        if (refusal === undefined ? may : !may || isOpenButTokenLacks(contract, caller)) continue;
        wrong.push(`${method} ${path}: ${refusal ?? 'was answered'}`);
      }
      assert.deepEqual(wrong, []);
    });
  }

  /** Strangers may ask, but a token does not stand for its account without the scope. */
  function isOpenButTokenLacks({ access, method }: Contract, { kind, scopes }: Caller): boolean {
    return access === 'anyone' && kind === 'access-token' && !scopes.includes(method === 'GET' ? 'read' : 'write');
  }

  /** Why the caller may not call it; undefined where the request got beyond that. A refusal of the handler names its reason. */
  function refusalOf({ method, path, body }: Contract, headers: Readonly<Record<string, string>>): Promise<string | undefined> {
    // A body that no route takes: the check of the caller comes before it is read.
    const sent = body === undefined ? undefined : '{';
    const type = sent === undefined ? {} : { 'content-type': 'application/json' };
    return new Promise((resolve, reject) => {
      const asking = request(
        world.url + path.replaceAll(/:\w+/g, 'x'),
        { method, headers: { ...headers, ...type }, agent: false },
        (answer) => {
          const { statusCode = 0 } = answer;
          if (statusCode !== 401 && statusCode !== 403) {
            resolve(undefined);
            // Some are streams without an end.
            return answer.destroy();
          }
          let text = '';
          answer.on('data', (chunk) => {
            text += chunk;
          });
          answer.on('end', () => {
            const { detail, reason } = JSON.parse(text) as { detail: string; reason?: object };
            resolve(reason === undefined ? `${statusCode} ${detail}` : undefined);
          });
        },
      );
      asking.on('error', reject);
      asking.end(sent);
    });
  }

  it('are never widened by a signed token', async () => {
    const signed = async (headers: Readonly<Record<string, string>>) => {
      const answer = await world.ask('POST', '/api/people/token', { headers, body: { audience: 'elsewhere' } });
      assert.equal(answer.status, 200, answer.text);
      const { role, scope } = decodeJwt<{ role: string; scope: string }>(answer.json().token);
      return [role, scope];
    };
    const withScopes = async (...scopes: Parameters<World['token']>[1]) => ({
      authorization: `Bearer ${await world.token(owner, scopes)}`,
    });
    assert.deepEqual(await signed(await withScopes('write')), ['member', 'write']);
    assert.deepEqual(await signed(await withScopes('read', 'write')), ['member', 'read write']);
    assert.deepEqual(await signed(await withScopes('write', 'trades')), ['member', 'write trades']);
    assert.deepEqual(await signed(await withScopes('read', 'write', 'admin')), ['admin', 'read write admin']);
    const reborn = await world.person('reborn', { role: 'admin' });
    assert.deepEqual(await signed({ cookie: reborn.cookie }), ['admin', 'read write admin trades']);
    const other = await world.person('other');
    assert.deepEqual(await signed({ cookie: other.cookie }), ['member', 'read write']);
  });

  it('bound what a socket does', async () => {
    const closedFor = async (path: string, message: object, ...scopes: Parameters<World['token']>[1]) => {
      const socket = new WebSocket(`${world.url.replace('http', 'ws')}${path}`, {
        headers: { authorization: `Bearer ${await world.token(owner, scopes)}` },
      });
      socket.on('open', () => socket.send(JSON.stringify(message)));
      return new Promise<number | 'answered'>((resolve, reject) => {
        socket.on('close', (code) => resolve(code));
        socket.on('message', () => {
          resolve('answered');
          socket.terminate();
        });
        socket.on('error', reject);
      });
    };
    const release = { id: 1, ask: 'release', body: { leases: ['x'] } };
    for (const scope of ['read', 'admin', 'trades'] as const)
      assert.equal(await closedFor(deskPath, release, scope), 1008, `desk, ${scope}`);
    assert.equal(await closedFor(deskPath, release, 'write'), 'answered');
    const subscribe = { type: 'subscribe' };
    for (const scope of ['write', 'admin', 'trades'] as const)
      assert.equal(await closedFor(feedPath, subscribe, scope), 1008, `feed, ${scope}`);
    assert.equal(await closedFor(feedPath, subscribe, 'read'), 'answered');
  });
});
