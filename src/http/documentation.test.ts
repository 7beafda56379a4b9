/** The API's documentation, for machines and for people. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Type } from 'typebox';
import { errorCodes } from '#core/errors.ts';
import { startTestWebServer } from '#testkit/web-server.ts';
import { docsPage } from './docs-page.ts';
import type { ApiDocument, Operation } from './openapi.ts';
import type { Web } from './types.ts';

const Crate = Type.Object(
  { id: Type.Integer({ minimum: 1, description: 'Its `number`' }), of: Type.Union([Type.Literal('rum'), Type.Null()]) },
  { $id: 'Crate' },
);

const crates: Web = {
  routes(server) {
    const params = Type.Object({ id: Type.Integer({ minimum: 1 }) });
    const querystring = Type.Object({
      limit: Type.Integer({ minimum: 1, maximum: 100, default: 10 }),
      after: Type.Optional(Type.Integer()),
    });
    server.get(
      '/api/hold/crates',
      { schema: { summary: 'All crates', querystring, response: { 200: Type.Array(Crate) } } },
      async () => [],
    );
    server.get('/api/hold/crates/:id', { schema: { tags: ['stowage'], params, response: { 200: Crate } } }, async () => ({
      id: 1,
      of: null,
    }));
    server.post('/api/hold/crates', { schema: { body: Crate, response: { 201: Crate } } }, async (request) => request.body);
    server.get('/*', async () => 'a file');
  },
  sockets: [{ path: '/live', says: 'Crates <as they> move', open() {} }],
};

async function documentOf(t: Parameters<typeof startTestWebServer>[0]): Promise<ApiDocument> {
  const server = await startTestWebServer(t, { webs: [crates], version: '1.2.3' });
  const answer = await server.send('/api/openapi.json');
  assert.equal(answer.status, 200);
  assert.match(answer.headers['content-type'] ?? '', /^application\/json/);
  return answer.json();
}

test('the document lists every route of the API, and nothing else', async (t) => {
  const document = await documentOf(t);
  assert.equal(document.openapi, '3.1.0');
  assert.equal(document.info.version, '1.2.3');
  const routes = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method} ${path}`),
  );
  assert.deepEqual(routes.sort(), [
    'get /api/docs',
    'get /api/hold/crates',
    'get /api/hold/crates/{id}',
    'get /api/openapi.json',
    'get /healthz',
    'get /livez',
    'get /metrics',
    'get /ready',
    'get /readyz',
    'post /api/hold/crates',
  ]);
  assert.deepEqual(document['x-sockets'], [{ path: '/live', description: 'Crates <as they> move' }]);
});

test('every operation has tags, answers, and its possible problems', async (t) => {
  const document = await documentOf(t);
  const operation = (method: string, path: string) => document.paths[path]?.[method] as Operation;
  assert.deepEqual(operation('get', '/api/hold/crates').tags, ['hold'], 'from its path');
  assert.deepEqual(operation('get', '/api/hold/crates/{id}').tags, ['stowage'], 'from its schema');
  assert.deepEqual(Object.keys(operation('get', '/api/hold/crates').responses), ['200', '400', '403', '429', '500', '503']);
  assert.deepEqual(Object.keys(operation('get', '/api/hold/crates/{id}').responses), ['200', '400', '403', '404', '429', '500', '503']);
  assert.deepEqual(Object.keys(operation('post', '/api/hold/crates').responses), [
    '201',
    '400',
    '403',
    '409',
    '413',
    '415',
    '429',
    '500',
    '503',
  ]);
  assert.deepEqual(Object.keys(operation('get', '/healthz').responses), ['200', '403', '500'], 'neither 429 nor 503');
});

test('named schemas are referenced by name, and every reference has a target', async (t) => {
  const document = await documentOf(t);
  assert.ok(document.components.schemas.Crate);
  assert.ok(document.components.schemas.Problem);
  const text = JSON.stringify(document);
  assert.doesNotMatch(text, /\$id|def-\d/);
  for (const [, pointer = ''] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
    const target = pointer.split('/').reduce<unknown>((node, step) => (node as Record<string, unknown> | undefined)?.[step], document);
    assert.ok(target, pointer);
  }
  const limit = document.paths['/api/hold/crates']?.get?.parameters?.find((parameter) => parameter.name === 'limit');
  assert.equal(limit?.required, false, 'it has a default');
});

test('the page shows every operation, socket, problem and schema; its only script is a file, and every link has a target', async (t) => {
  const server = await startTestWebServer(t, { webs: [crates] });
  const { text, headers } = await server.send('/api/docs');
  assert.match(headers['content-type'] ?? '', /^text\/html/);
  assert.doesNotMatch(text.replace('<script type="module" src="/api/docs/try.js"></script>', ''), /<script|style="|\son\w+=/);
  assert.match((await server.send('/api/docs/try.js')).headers['content-type'] ?? '', /^text\/javascript/);
  assert.match(text, /All crates/);
  assert.match(text, /Crates &lt;as they&gt; move/);
  assert.match(text, /Its <code>number<\/code>/);
  const ids = new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
  for (const code of Object.keys(errorCodes)) assert.ok(ids.has(`problem-${code}`), code);
  assert.ok(ids.has('schema-Crate'));
  for (const [, target = ''] of text.matchAll(/href="#([^"]+)"/g)) assert.ok(ids.has(target), target);
  const style = /<link rel="stylesheet" href="([^"]+)">/.exec(text)?.[1] ?? '';
  const css = await server.send(style);
  assert.match(css.headers['content-type'] ?? '', /^text\/css/);
  assert.doesNotMatch(css.text, /url\(|@import/);
});

test('texts of schemas are escaped in the page', () => {
  const evil = '"><script>alert(1)</script>';
  const operation: Operation = { tags: [evil], summary: evil, description: evil, responses: { 200: { description: evil } } };
  const page = docsPage({
    openapi: '3.1.0',
    info: { title: evil, version: evil, description: evil },
    paths: { [`/${evil}`]: { get: operation } },
    components: { schemas: { [evil]: { description: evil, properties: { [evil]: { const: evil, description: evil } } } } },
    'x-sockets': [{ path: evil, description: evil }],
  });
  assert.doesNotMatch(page, /<script>/);
});
