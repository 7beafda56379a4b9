/** Serves the API's documentation: for machines at /api/openapi.json, for people at /api/docs. Both are made at the first request. */
import { readFile } from 'node:fs/promises';
import { type FastifyInstance, fastify, type RouteOptions } from 'fastify';
import { Type } from 'typebox';
import { apiDocument, type NamedAnswer, swaggerOptions } from './openapi.ts';
import type { SocketEndpoint } from './types.ts';

export interface Documented {
  readonly version: string;
  readonly sockets: readonly SocketEndpoint[];
}

const aMinute = 'public, max-age=60';

/** Documents the routes that are added afterwards, and its own. */
export function addDocumentation(server: FastifyInstance, { version, sockets }: Documented): void {
  const routes: RouteOptions[] = [];
  server.addHook('onRoute', (route) => {
    routes.push(route);
  });
  const document = once(async () => apiDocument(await generate(routes, version), sockets, routes.flatMap(namedAnswers)));
  const json = once(async () => JSON.stringify(await document()));
  const page = once(async () => (await import('./docs-page.ts')).docsPage(await document()));
  const files = [
    { path: '/api/docs/style.css', type: 'text/css', read: once(() => readFile(new URL('./docs-page.css', import.meta.url), 'utf8')) },
    { path: '/api/docs/try.js', type: 'text/javascript', read: once(() => readFile(new URL('./docs-try.js', import.meta.url), 'utf8')) },
  ];

  server.get(
    '/api/openapi.json',
    {
      schema: {
        tags: ['house'],
        summary: 'This API as an OpenAPI 3.1 document',
        response: { 200: Type.Unknown({ description: 'The document' }) },
      },
    },
    async (_request, reply) =>
      reply
        .header('cache-control', aMinute)
        .type('application/json; charset=utf-8')
        .send(await json()),
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
  for (const { path, type, read } of files) {
    server.get(path, { schema: { hide: true } }, async (_request, reply) =>
      reply
        .header('cache-control', aMinute)
        .type(`${type}; charset=utf-8`)
        .send(await read()),
    );
  }
}

function namedAnswers({ method, url, schema }: RouteOptions): readonly NamedAnswer[] {
  const path = url.replaceAll(/:(\w+)/g, '{$1}');
  return [method]
    .flat()
    .flatMap((name) =>
      Object.entries((schema?.response ?? {}) as Record<string, { readonly $id?: string }>).flatMap(([status, { $id: schemaName }]) =>
        schemaName === undefined ? [] : [{ method: name.toLowerCase(), path, status, schemaName }],
      ),
    );
}

/** On a server that serves nobody, because the plugin has to be there before the routes, and a house that is not asked does without it. */
async function generate(routes: readonly RouteOptions[], version: string): Promise<unknown> {
  const { default: swagger } = await import('@fastify/swagger');
  const server = fastify();
  server.setValidatorCompiler(() => () => true);
  server.setSerializerCompiler(() => () => '');
  await server.register(swagger, swaggerOptions(version));
  for (const { method, url, schema } of routes) {
    if (method !== 'HEAD') server.route({ method, url, schema: schema ?? {}, exposeHeadRoute: false, handler: async () => {} });
  }
  await server.ready();
  return server.swagger();
}

/** One that failed is made again. */
function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
