/** Kept answers over real HTTP: each client gets what the framework would have answered, within all limits, and is counted. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { it, type TestContext } from 'node:test';
import { Type } from 'typebox';
import type { Identity } from '#core/account.ts';
import { openMetrics } from '#house/metrics.ts';
import { manualClock } from '#testkit/clock.ts';
import { assertKeptAsAnswered } from '#testkit/kept-answers.ts';
import { type Answer, keepingAgent, sendBytes, startTestWebServer } from '#testkit/web-server.ts';
import { contract, media } from './contract.ts';
import { keptRoute } from './kept-route.ts';
import { addRoutes } from './route.ts';
import type { WebServerOptions } from './server.ts';

const open = { method: 'GET', tags: ['hold'], summary: 'A crate', access: 'anyone' } as const;
const query = Type.Object(
  { text: Type.Optional(Type.String({ maxLength: 20 })), limit: Type.Integer({ default: 3, maximum: 9 }) },
  { additionalProperties: false },
);
const Found = Type.Object({ found: Type.String(), limit: Type.Integer(), made: Type.Integer() });
const findCrates = contract({ ...open, path: '/api/hold/crates', query, response: { 200: Found } });
const readCrate = contract({
  ...open,
  path: '/api/hold/crates/:id',
  params: Type.Object({ id: Type.String() }),
  response: { 200: Type.Object({ name: Type.String() }) },
  cacheControl: 'public, max-age=1',
});
const drawCrate = contract({ ...open, path: '/api/hold/crate.svg', response: { 200: media('image/svg+xml', 'It') } });

const scopesOf: Readonly<Record<string, Identity['scopes']>> = { kontor_pat_reader: ['read'], kontor_pat_trader: ['trades'] };

async function openHold(t: TestContext, options: Partial<WebServerOptions> = {}) {
  const clock = manualClock();
  const seen = { framework: 0, made: 0, told: [] as string[], revoked: false, broken: false };
  const routes = [
    keptRoute(findCrates, {
      keepMs: 2_000,
      make: async ({ query: { text = 'alles für Köln 🚢', limit } }) => {
        seen.made += 1;
        if (text === 'broken') throw new Error('the hold is flooded');
        return { answer: { found: text, limit, made: seen.made }, about: text, keep: text !== 'early' };
      },
      each: ({ identity, cookies, address, protocol }, about) => {
        if (seen.broken) throw new Error('nobody counts');
        seen.told.push(`${identity?.account.id ?? 'stranger'} ${address} ${about}`);
        return cookies === undefined ? `seen=${protocol}${seen.told.length}` : undefined;
      },
    }),
    keptRoute(readCrate, {
      keepMs: 1_000,
      varies: { header: 'accept-language', valueOf: (header) => (header?.startsWith('de') ? 'de' : 'en') },
      make: async ({ params, variant, render }) => ({ answer: render({ name: `${variant} ${params.id}` }), about: undefined }),
    }),
    keptRoute(drawCrate, { keepMs: 1_000, make: async () => ({ answer: '<svg>ü</svg>', about: undefined }) }),
  ];
  const server = await startTestWebServer(t, {
    webs: [
      {
        routes(scope) {
          scope.addHook('onRequest', async () => {
            seen.framework += 1;
          });
          addRoutes(scope, routes);
        },
      },
    ],
    clock,
    limits: { requestsPerMinute: 0 },
    sessions: {
      demo: false,
      identify: async ({ kind, secret }) =>
        seen.revoked || secret === 'unknown'
          ? undefined
          : {
              account: { id: secret, email: `${secret}@example.org`, name: secret, role: 'member' },
              kind,
              id: secret,
              scopes: scopesOf[secret] ?? ['read', 'write'],
            },
    },
    ...options,
  });
  return { server, clock, seen };
}

const proxies = { trustedProxies: ['127.0.0.1'], allowedHosts: ['kontor.example'] };
const crates = '/api/hold/crates';

for (const options of [{}, proxies]) {
  it(`answers ${options === proxies ? 'behind a trusted proxy' : 'directly'} as the framework does`, async (t) => {
    const { server, clock, seen } = await openHold(t, options);
    const tag = (await server.send('/api/hold/crate.svg')).headers.etag ?? '';
    const requests: readonly (readonly [path: string, headers: Readonly<Record<string, string>>, method?: string])[] = [
      [crates, {}],
      [crates, { cookie: 'kontor_session=anna; other=1' }],
      [crates, { cookie: 'kontor_session=unknown' }],
      [crates, { cookie: '__Host-kontor_session=berta', 'x-forwarded-proto': 'http, https' }],
      [crates, { 'x-forwarded-for': '203.0.113.7, 198.51.100.1', 'x-forwarded-proto': 'https' }],
      [crates, { 'x-forwarded-host': 'kontor.example', forwarded: 'host=localhost' }],
      [crates, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
      [crates, { range: 'bytes=0-3', accept: 'text/html', 'accept-encoding': 'br, gzip', 'accept-version': '9' }],
      [crates, { 'if-none-match': tag }],
      [crates, { 'if-none-match': '*' }],
      [crates, { authorization: 'Bearer kontor_pat_reader' }],
      [crates, { authorization: 'Bearer kontor_pat_trader' }],
      [crates, {}, 'HEAD'],
      [crates, {}, 'OPTIONS'],
      [crates, {}, 'DELETE'],
      [`${crates}?limit=2&text=tea`, {}],
      [`${crates}?text=tea&limit=2`, {}],
      [`${crates}?text=a&text=b`, {}],
      [`${crates}?__proto__=1&limit=2`, {}],
      [`${crates}?limit=99`, {}],
      [`${crates}?text=%00%0d%0aSet-Cookie:%20a=b`, {}],
      [`${crates}?text=${'x'.repeat(600)}`, {}],
      [`${crates}?limit=2#part`, {}],
      [`//api/hold/crates`, {}],
      [`http://evil.example${crates}`, {}],
      ['/api/hold/crates/a%20b', {}],
      ['/api/hold/crates/a', { 'accept-language': 'de-DE, en' }],
      ['/api/hold/crates/a', { 'accept-language': 'en, de' }],
      ['/api/hold/crate.svg', { 'if-none-match': `W/${tag}, "x"` }],
      ['/api/hold/crate.svg', { 'if-none-match': '"x"' }],
      ['/api/hold/crate.svg', {}, 'HEAD'],
    ];
    let lane = 0;
    for (const [path, headers, method = 'GET'] of requests) {
      const { made, framework, told } = { ...seen, told: seen.told.length };
      const [first] = await assertKeptAsAnswered({ server, clock }, path, { headers, method });
      const says = `${method} ${path} ${JSON.stringify(headers)}`;
      const [one, other, ...more] = seen.told.slice(told);
      assert.deepEqual([other, more], [one, []], says);
      const kept = method === 'GET' && first.status < 400 && headers.authorization === undefined && path.length < 500;
      if (kept) assert.deepEqual([seen.made - made <= 1, seen.framework - framework], [true, 1], says);
      lane += Number(kept);
    }
    assert.ok(lane >= 16, `${lane} were kept`);
  });
}

it('answers without the framework while the answer is fresh, and makes it once for all spellings of a question', async (t) => {
  const { server, clock, seen } = await openHold(t);
  const ask = (text: string) => server.send(`${crates}?${text}`);
  const first = await ask('text=tea&limit=2');
  assert.deepEqual([seen.framework, seen.made], [1, 1]);
  for (let again = 0; again < 3; again += 1) assert.equal((await ask('text=tea&limit=2')).text, first.text);
  assert.deepEqual([seen.framework, seen.made], [1, 1]);
  assert.equal((await ask('limit=2&text=tea')).text, first.text);
  assert.deepEqual([seen.framework, seen.made], [2, 1]);
  await clock.advance(1_999);
  assert.equal((await ask('limit=2&text=tea')).text, first.text);
  assert.deepEqual([seen.framework, seen.made], [2, 1]);
  await clock.advance(1);
  assert.notEqual((await ask('limit=2&text=tea')).text, first.text);
  assert.deepEqual([seen.framework, seen.made], [3, 2]);
  assert.equal(seen.told.length, 7);
});

it('keeps neither what failed nor what must not be kept', async (t) => {
  const { server, seen } = await openHold(t);
  for (const text of ['early', 'broken']) {
    const before = seen.made;
    for (let again = 0; again < 3; again += 1) await server.send(`${crates}?text=${text}`);
    assert.equal(seen.made - before, 3, text);
  }
  assert.deepEqual(new Set(seen.told), new Set(['stranger 127.0.0.1 early']));
});

it('gives nobody the cookie, the language or the account of another', async (t) => {
  const { server, seen } = await openHold(t);
  const cookies = [];
  for (let again = 0; again < 3; again += 1) cookies.push((await server.send(crates)).headers['set-cookie']?.[0]);
  assert.equal(new Set(cookies).size, 3);
  // Over one connection, as from a proxy.
  const agent = keepingAgent(t);
  for (const name of ['anna', 'berta', 'anna', 'berta'])
    assert.equal((await server.send(crates, { agent, headers: { cookie: `kontor_session=${name}` } })).headers['set-cookie'], undefined);
  assert.deepEqual(
    seen.told.slice(3).map((told) => told.split(' ')[0]),
    ['anna', 'berta', 'anna', 'berta'],
  );
  const nameIn = async (language: string) =>
    (await server.send('/api/hold/crates/a', { headers: { 'accept-language': language } })).json().name;
  assert.deepEqual([await nameIn('de'), await nameIn('en'), await nameIn('de'), await nameIn('fr')], ['de a', 'en a', 'de a', 'en a']);
});

it('asks again who it is after two seconds', async (t) => {
  const { server, clock, seen } = await openHold(t);
  const asAnna = { headers: { cookie: 'kontor_session=anna' }, agent: keepingAgent(t) };
  await server.send(crates, asAnna);
  seen.revoked = true;
  await clock.advance(1_000);
  await server.send(crates, asAnna);
  await clock.advance(1_000);
  await server.send(crates, asAnna);
  assert.deepEqual(
    seen.told.map((told) => told.split(' ')[0]),
    ['anna', 'anna', 'stranger'],
  );
});

it('counts against the limit of requests, and nobody who is refused is counted as a reader', async (t) => {
  const { server, clock, seen } = await openHold(t, { ...proxies, limits: { requestsPerMinute: 3 } });
  const agent = keepingAgent(t);
  const from = (client: string) => server.send(crates, { agent, headers: { 'x-forwarded-for': client } });
  const answers: Answer[] = [];
  for (let again = 0; again < 5; again += 1) answers.push(await from('203.0.113.7'));
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200, 429, 429],
  );
  assert.deepEqual(
    answers.map(({ headers }) => headers['x-ratelimit-remaining']),
    ['2', '1', '0', '0', '0'],
  );
  assert.equal(seen.told.length, 3);
  assert.equal((await from('203.0.113.8')).status, 200);
  await clock.advance(60_000);
  assert.equal((await from('203.0.113.7')).headers['x-ratelimit-remaining'], '2');
});

it('refuses foreign hosts, named in any way', async (t) => {
  const { server, seen } = await openHold(t, proxies);
  assert.equal((await server.send(crates)).status, 200);
  for (const headers of [
    { host: 'evil.example' },
    { 'x-forwarded-host': 'evil.example' },
    { forwarded: 'for=1.2.3.4;host=evil.example' },
  ] as Record<string, string>[])
    assert.equal((await server.send(crates, { headers })).status, 403, JSON.stringify(headers));
  assert.equal((await server.send(crates, { headers: { host: 'kontor.example' } })).status, 200);
  assert.equal(seen.told.length, 2);
});

it('answers requests that come in one piece in their order, also those with a body', async (t) => {
  const { server } = await openHold(t);
  await server.send(`${crates}?text=a`);
  await server.send(`${crates}?text=b`);
  const head = (text: string) => `GET ${crates}?text=${text} HTTP/1.1\r\nHost: localhost\r\n`;
  const received = await sendBytes(
    server.port,
    `${head('a')}\r\n${head('b')}Content-Length: 5\r\n\r\nGET /${head('a')}\r\n${head('b')}Connection: close\r\n\r\n`,
  );
  assert.deepEqual(
    [...received.matchAll(/"found":"(\w+)"/g)].map(([, found]) => found),
    ['a', 'b', 'a', 'b'],
  );
  const old = await sendBytes(server.port, `GET ${crates}?text=a HTTP/1.0\r\nHost: localhost\r\n\r\n`);
  assert.match(old, /^HTTP\/1\.1 200 OK\r\n.*connection: close.*"found":"a"/is);
});

it('survives a count that fails', async (t) => {
  const { server, seen } = await openHold(t);
  await server.send(crates);
  seen.broken = true;
  assert.equal((await server.send(crates)).status, 500);
  seen.broken = false;
  assert.equal((await server.send(crates)).status, 200);
});

it('is measured and logged like every request, and keeps a bounded number of answers and addresses', async (t) => {
  const { server } = await openHold(t, { metrics: openMetrics() });
  for (let again = 0; again < 4; again += 1) await server.send(crates, { headers: { 'x-request-id': 'kept-4711' } });
  for (let spelling = 0; spelling < 20; spelling += 1) await server.send(`${crates}?${'&'.repeat(spelling)}limit=3`);
  const { text } = await server.send('/metrics');
  assert.match(text, /http_request_duration_seconds_count\{method="GET",route="\/api\/hold\/crates",status="200"\} 24/);
  assert.match(text, /http_requests_in_flight 1\n/);
  assert.match(text, /http_kept_answers 1\n/);
  assert.match(text, /http_kept_addresses 21\n/);
  assert.equal(server.log.entries.filter(({ fields }) => fields.requestId === 'kept-4711' && fields.status === 200).length, 4);
});

it('leaves connections to the framework while the server stops', async (t) => {
  const { server } = await openHold(t);
  const agent = keepingAgent(t);
  assert.equal((await server.send(crates, { agent })).status, 200);
  const socket = connect(server.port, '127.0.0.1');
  await new Promise((resolve) => socket.write(`GET ${crates} HTTP/1.1\r\n`, resolve));
  await server.send('/healthz');
  const over = server.drain(AbortSignal.timeout(2_000));
  const answered = new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString())));
  socket.write('Host: localhost\r\n\r\n');
  assert.match(await answered, /^HTTP\/1\.1 503 /);
  await over;
});
