/** Routes and a client from the same contracts, over real HTTP. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { Type } from 'typebox';
import type { Identity } from '#core/account.ts';
import { startTestWebServer } from '#testkit/web-server.ts';
import { openClient } from './client.ts';
import { contract, empty, lines, media, redirect } from './contract.ts';
import { addRoutes, route } from './route.ts';

const Crate = Type.Object({ id: Type.String(), weights: Type.Array(Type.Integer()), note: Type.Optional(Type.String()) });
const anyone = { tags: ['hold'], summary: 'A crate', access: 'anyone' } as const;
const Id = Type.Object({ id: Type.String() });
const headers = Type.Object({ 'idempotency-key': Type.String({ minLength: 3 }) });

const readCrate = contract({
  ...anyone,
  method: 'GET',
  path: '/api/hold/crates/:id',
  params: Id,
  query: Type.Object({ weights: Type.Array(Type.Integer(), { default: [7] }) }, { additionalProperties: false }),
  response: { 200: Crate },
  cacheControl: 'public, max-age=1',
});
const storeCrate = contract({
  ...anyone,
  method: 'POST',
  path: '/api/hold/crates',
  access: 'account',
  headers,
  body: Crate,
  response: { 201: Crate },
});
const watchCrate = contract({
  ...anyone,
  method: 'GET',
  path: '/api/hold/watch',
  response: { 200: Crate, 304: empty('Not changed'), 503: Crate },
  query: Type.Object({ status: Type.Integer() }),
});
const dropCrate = contract({ ...anyone, method: 'DELETE', path: '/api/hold/crates/:id', params: Id, response: { 204: empty('Gone') } });
const findCrate = contract({ ...anyone, method: 'GET', path: '/api/hold/any', response: { 302: redirect('To a crate') } });
const exportCrates = contract({ ...anyone, method: 'GET', path: '/api/hold/crates.csv', response: { 200: media('text/csv', 'All') } });
const drawCrate = contract({ ...anyone, method: 'GET', path: '/api/hold/crate.svg', response: { 200: media('image/svg+xml', 'It') } });
const Counted = Type.Object({ bytes: Type.Integer(), lines: Type.Array(Type.String()) });
const importCrates = contract({
  ...anyone,
  method: 'POST',
  path: '/api/hold/import',
  body: media('text/csv', 'A crate a line'),
  bodyLimit: 20,
  response: { 200: Counted },
});
const streamCrates = contract({
  ...anyone,
  method: 'POST',
  path: '/api/hold/stream',
  body: [Type.Array(Crate, { maxItems: 2 }), lines(Crate, 'A crate a line')],
  bodyLimit: 200,
  response: { 200: Counted },
});
const keepCrate = contract({ ...anyone, method: 'PUT', path: '/api/hold/own', access: 'session', body: Crate, response: { 200: Id } });
const sealCrate = contract({ ...anyone, method: 'PUT', path: '/api/hold/seal', access: 'admin', body: Crate, response: { 200: Id } });
const shakeCrate = contract({
  ...anyone,
  method: 'PUT',
  path: '/api/hold/shake',
  access: 'admin-unless-demo',
  response: { 204: empty('') },
});

const crate = { id: 'a', weights: [1, 2] };
const routes = [
  route(readCrate, ({ params, query }) => ({ id: params.id, weights: query.weights, note: undefined })),
  route(storeCrate, async ({ body, account, signal }) => ({ ...body, note: `${account.name} ${signal.aborted}` })),
  route(watchCrate, async ({ query: { status } }) => (status === 304 ? { status } : { status: status === 503 ? 503 : 200, body: crate })),
  route(dropCrate, async ({ reply }) => void reply.header('x-dropped', 'yes')),
  route(findCrate, () => '/api/hold/crates/a'),
  route(exportCrates, () => rows()),
  route(drawCrate, () => '<svg/>'),
  route(importCrates, ({ body }) => ({ bytes: body.byteLength, lines: body.toString().split('\n') })),
  route(streamCrates, async ({ body }) => {
    if (Array.isArray(body)) return { bytes: 0, lines: body.map(({ id }) => id) };
    const read = [];
    for await (const line of body) read.push(`${line.number} ${'problem' in line ? line.problem : JSON.stringify(line.value)}`);
    return { bytes: 0, lines: read };
  }),
  route(keepCrate, ({ identity }) => ({ id: identity.id })),
  route(sealCrate, ({ account }) => ({ id: account.id })),
  route(shakeCrate, () => undefined),
];

async function* rows(): AsyncGenerator<string> {
  yield 'id\n';
  yield 'a\n';
}

const account = { id: 'a'.repeat(32), email: 'ada@example.org', name: 'Ada', role: 'member' } as const;
const member: Identity = { account, kind: 'session', id: 's', scopes: ['read', 'write', 'admin'] };
const known: Readonly<Record<string, Identity>> = {
  member,
  admin: { ...member, account: { ...account, role: 'admin' } },
  kontor_pat_reads: { ...member, kind: 'access-token', scopes: ['read'] },
  kontor_pat_writes: { ...member, kind: 'access-token', scopes: ['read', 'write'] },
};

async function holdServer(t: TestContext, demo = false) {
  const server = await startTestWebServer(t, {
    sessions: { demo, identify: async ({ secret }) => known[secret] },
    webs: [{ routes: (scope) => addRoutes(scope, routes) }],
  });
  function put(path: string, headers: Record<string, string>, body = JSON.stringify(crate), method = 'PUT') {
    return server.send(path, { method, headers: { 'content-type': 'application/json', ...headers }, body });
  }
  return { server, put };
}

const json = { 'content-type': 'application/json' };
const asMember = { cookie: 'kontor_session=member' };

describe('a route from a contract', () => {
  it('passes the converted request to the handler, and serialises the answer by its schema', async (t) => {
    const { server } = await holdServer(t);
    const read = await server.send('/api/hold/crates/b%20c?weights=3');
    assert.deepEqual([read.status, read.json(), read.headers['cache-control']], [200, { id: 'b c', weights: [3] }, 'public, max-age=1']);
    assert.deepEqual((await server.send('/api/hold/crates/b')).json().weights, [7]);
    assert.equal((await server.send('/api/hold/crates/b?colour=red')).status, 400);
  });

  it('answers with the only status of its contract, or with the one that its handler chooses', async (t) => {
    const { server, put } = await holdServer(t);
    const stored = await put('/api/hold/crates', { ...asMember, 'idempotency-key': 'once' }, undefined, 'POST');
    assert.deepEqual([stored.status, stored.json().note, stored.headers['cache-control']], [201, 'Ada false', 'no-store']);
    for (const status of [200, 304, 503]) {
      const watched = await server.send(`/api/hold/watch?status=${status}`);
      assert.deepEqual([watched.status, watched.text === ''], [status, status === 304]);
    }
  });

  it('answers without a body, with a redirect, a stream or an image', async (t) => {
    const { server } = await holdServer(t);
    const dropped = await server.send('/api/hold/crates/a', { method: 'DELETE' });
    assert.deepEqual([dropped.status, dropped.text, dropped.headers['x-dropped']], [204, '', 'yes']);
    const found = await server.send('/api/hold/any');
    assert.deepEqual([found.status, found.headers.location], [302, '/api/hold/crates/a']);
    const exported = await server.send('/api/hold/crates.csv');
    assert.deepEqual([exported.text, exported.headers['content-type']], ['id\na\n', 'text/csv; charset=utf-8']);
    const drawn = await server.send('/api/hold/crate.svg');
    assert.deepEqual([drawn.text, drawn.headers['content-type']], ['<svg/>', 'image/svg+xml']);
  });

  it('takes a body of the media type in its contract, and of no other', async (t) => {
    const { server } = await holdServer(t);
    const send = (type: Record<string, string>, body: string) => server.send('/api/hold/import', { method: 'POST', headers: type, body });
    assert.deepEqual((await send({ 'content-type': 'text/csv' }, 'a\nb')).json(), { bytes: 3, lines: ['a', 'b'] });
    assert.equal((await send(json, '[]')).status, 415);
    assert.equal((await send({ 'content-type': 'text/csv' }, 'x'.repeat(21))).status, 413);
    assert.equal((await send({}, '')).status, 400);
  });

  it('reads lines as they arrive, and names the line that is not JSON', async (t) => {
    const { server } = await holdServer(t);
    const send = (type: string, body: string) =>
      server.send('/api/hold/stream', { method: 'POST', headers: { 'content-type': type }, body });
    const read = await send('application/x-ndjson', '{"id":"a"}\n\n[1\n"ö"');
    assert.deepEqual(read.json().lines.toSpliced(1, 1), ['1 {"id":"a"}', '4 "ö"']);
    assert.match(read.json().lines[1], /^3 is not JSON: /);
    assert.deepEqual((await send('application/json', '[{"id":"a","weights":[]}]')).json().lines, ['a']);
    assert.equal((await send('application/json', '{}')).status, 400);
    assert.equal((await send('application/x-ndjson', '1\n'.repeat(101))).status, 413);
  });
});

describe('the access of a contract', () => {
  it('refuses strangers before reading the body', async (t) => {
    const { put } = await holdServer(t);
    for (const path of ['/api/hold/own', '/api/hold/seal', '/api/hold/shake']) {
      const refused = await put(path, {}, '{"not JSON');
      assert.deepEqual([refused.status, refused.json().code], [401, 'unauthenticated'], path);
    }
  });

  it('requires a scope, a session, or an admin', async (t) => {
    const { put } = await holdServer(t);
    const withToken = (token: string) => ({ authorization: `Bearer ${token}`, 'idempotency-key': 'once' });
    assert.equal((await put('/api/hold/crates', withToken('kontor_pat_reads'), undefined, 'POST')).status, 403);
    assert.equal((await put('/api/hold/crates', withToken('kontor_pat_writes'), undefined, 'POST')).status, 201);
    assert.equal((await put('/api/hold/own', withToken('kontor_pat_writes'))).status, 403);
    assert.deepEqual((await put('/api/hold/own', asMember)).json(), { id: 's' });
    assert.equal((await put('/api/hold/seal', asMember)).status, 403);
    assert.deepEqual((await put('/api/hold/seal', { cookie: 'kontor_session=admin' })).json(), { id: account.id });
    assert.equal((await put('/api/hold/shake', asMember)).status, 403);
  });

  it('`admin-unless-demo` is open to everyone in a demonstration', async (t) => {
    const { put } = await holdServer(t, true);
    assert.equal((await put('/api/hold/shake', {})).status, 204);
  });

  it('is in the documentation, with the rest of the contract', async (t) => {
    const { server } = await holdServer(t);
    const { paths } = (await server.send('/api/openapi.json')).json();
    const either = (...scopes: string[]) => [{ session: [] }, { accessToken: scopes }];
    assert.deepEqual(paths['/api/hold/any'].get.security, []);
    assert.deepEqual(paths['/api/hold/crates'].post.security, either('write'));
    assert.deepEqual(paths['/api/hold/own'].put.security, [{ session: [] }]);
    assert.deepEqual(paths['/api/hold/shake'].put.security, [{}, ...either('write', 'admin')]);
    assert.deepEqual(Object.keys(paths['/api/hold/stream'].post.requestBody.content), ['application/json', 'application/x-ndjson']);
    assert.deepEqual(paths['/api/hold/crates.csv'].get.responses[200], {
      description: 'All',
      content: { 'text/csv': { schema: { type: 'string' } } },
    });
    assert.equal(paths['/api/hold/crates/{id}'].delete.responses[204].description, 'Gone');
  });
});

it('the client sends path, query, headers and body', async (t) => {
  const { server } = await holdServer(t);
  const call = openClient<typeof readCrate | typeof storeCrate | typeof dropCrate | typeof exportCrates | typeof importCrates>(
    async (address, { headers, ...init }) => {
      const answer = await fetch(server.url + address, { ...init, headers: { ...headers, ...asMember } });
      assert.ok(answer.ok, `${answer.status} ${address}`);
      const text = await answer.text();
      return answer.headers.get('content-type')?.startsWith('application/json') ? JSON.parse(text) : text || undefined;
    },
  );
  const read = await call('GET', '/api/hold/crates/:id', { params: { id: 'ä/?' }, query: { weights: [4, 5] } });
  assert.deepEqual(read, { id: 'ä/?', weights: [4, 5] });
  const stored = await call('POST', '/api/hold/crates', { body: read, headers: { 'idempotency-key': 'once' } });
  assert.equal(stored.note, 'Ada false');
  assert.equal(await call('DELETE', '/api/hold/crates/:id', { params: { id: 'a' } }), undefined);
  assert.equal(await call('GET', '/api/hold/crates.csv'), 'id\na\n');
  assert.equal((await call('POST', '/api/hold/import', { body: 'a', contentType: 'text/csv' })).bytes, 1);
});
