/** Serves the API's documentation: for machines at /api/openapi.json, for people at /api/docs. Both are made at the first request. */
import { readFile } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { apiDocument } from './openapi.ts';
import type { SocketEndpoint } from './types.ts';

const aMinute = 'public, max-age=60';

export function addDocumentation(server: FastifyInstance, sockets: readonly SocketEndpoint[]): void {
  const document = once(() => apiDocument(server.swagger(), sockets));
  const json = once(() => JSON.stringify(document()));
  const page = once(async () => (await import('./docs-page.ts')).docsPage(document()));
  const style = once(() => readFile(new URL('./docs-page.css', import.meta.url), 'utf8'));

  server.get(
    '/api/openapi.json',
    {
      schema: {
        tags: ['house'],
        summary: 'This API as an OpenAPI 3.1 document',
        response: { 200: Type.Unknown({ description: 'The document' }) },
      },
    },
    async (_request, reply) => reply.header('cache-control', aMinute).type('application/json; charset=utf-8').send(json()),
  );
  server.get(
    '/api/docs',
    { schema: { tags: ['house'], summary: 'This API as a page', produces: ['text/html'], response: { 200: Type.String() } } },
    async (_request, reply) =>
      reply
        .header('cache-control', aMinute)
        .type('text/html; charset=utf-8')
        .send(await page()),
  );
  server.get('/api/docs/style.css', { schema: { hide: true } }, async (_request, reply) =>
    reply
      .header('cache-control', aMinute)
      .type('text/css; charset=utf-8')
      .send(await style()),
  );
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
