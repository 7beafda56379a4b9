/** No request body, whatever its shape, stalls the server for other clients. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Type } from 'typebox';
import { bodiedRoutes, stallingBodies, workedMs } from '#testkit/body-stall.ts';
import { startTestWebServer } from '#testkit/web-server.ts';
import { contract, lines, media } from './contract.ts';
import { addRoutes, route } from './route.ts';

const mebibyte = 1_048_576;
const about = { tags: ['hold'], summary: 'Takes it', access: 'anyone', method: 'POST', response: { 200: Type.Integer() } } as const;
const body = Type.Object({
  name: Type.String({ maxLength: 80, pattern: '^[^\\p{Cc}]*\\S[^\\p{Cc}]*$' }),
  weights: Type.Unknown(),
});
const inLines = lines(body, 'One a line');

const routes = [
  route(contract({ ...about, path: '/api/hold/small', body }), () => 1),
  route(contract({ ...about, path: '/api/hold/large', body, bodyLimit: mebibyte }), () => 1),
  route(contract({ ...about, path: '/api/hold/own', access: 'account', body, bodyLimit: 8 * mebibyte }), () => 1),
  route(contract({ ...about, path: '/api/hold/bytes', body: media('text/csv', 'All'), bodyLimit: 8 * mebibyte }), () => 1),
  route(contract({ ...about, path: '/api/hold/lines', body: inLines, bodyLimit: 8 * mebibyte }), async (input) => {
    let count = 0;
    for await (const _ of input.body) count += 1;
    return count;
  }),
];

it('the largest body that a route takes, and the first that it refuses, do not stall others', async (t) => {
  const limits = { requestsPerMinute: 0 };
  const server = await startTestWebServer(t, { limits, webs: [{ routes: (scope) => addRoutes(scope, routes) }] });
  const bodied = bodiedRoutes((await server.send('/api/openapi.json')).json());
  assert.deepEqual(
    bodied.map(({ maxBytes }) => maxBytes / mebibyte),
    [1 / 16, 1, 8, 8, 8],
  );
  assert.deepEqual(await stallingBodies(bodied, { url: server.url }), []);
});

it('a body that stalls the server is found', async (t) => {
  const server = await startTestWebServer(t, {
    webs: [
      {
        routes(scope) {
          scope.post('/api/hold/slow', { schema: { body: Type.Unknown() } }, () => {
            const start = workedMs();
            while (workedMs() - start < 30);
            return 'done';
          });
        },
      },
    ],
  });
  const bodied = bodiedRoutes((await server.send('/api/openapi.json')).json());
  const stalls = await stallingBodies(bodied, { url: server.url, maxStallMs: 20 });
  assert.ok(stalls.some(({ route, shape }) => route === 'POST /api/hold/slow' && shape === 'a long number'));
});
