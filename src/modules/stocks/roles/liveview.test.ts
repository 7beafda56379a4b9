/** The live view from outside, over HTTP and sockets, on the embedded engines and on two instances. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { WebSocket } from 'ws';
import type { Identity } from '#core/account.ts';
import { storeVerdicts } from '#core/laws/verdicts.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { openMemoryCache } from '#engines/cache/memory.ts';
import { startWebServer } from '#http/server.ts';
import { processHolder } from '#testkit/holder.ts';
import { silentLog } from '#testkit/log.ts';
import { silentMetrics } from '#testkit/metrics.ts';
import { until } from '#testkit/until.ts';
import type { BatchesState, MarketState, ServerMessage } from '../api/live-protocol.ts';
import { Companies, type Proof } from '../api/schemas.ts';
import type { StocksSettings } from '../domain/settings.ts';
import type { StocksPorts } from '../ports/ports.ts';
import type { Results } from '../ports/results.ts';
import { batchAt, openTape, type Tape } from '../testing/stocks-tape.ts';
import { liveviewRole } from './liveview.ts';

const options: StocksSettings = {
  seed: 'test',
  companies: [],
  bridgedCompanies: [],
  owners: { simulated: new Set<string>(), moduleNames: [] },
  batchSize: 10,
  tradesPerSecond: 1_000,
  historyMinutes: 0,
  retention: { batchesPerCompany: 1_000, barsMs: { '1s': 1e9, '1m': 1e9, '1h': 1e9 } },
  maxBacklogBytes: 1e6,
};

const adminIdentity: Identity = {
  account: { id: 'a', email: 'ada@example.org', name: 'Ada', role: 'admin' },
  kind: 'session',
  id: 's',
  scopes: ['read', 'write', 'admin'],
};

/** A live view behind a web server, on a tape that may be another instance's too. */
async function openInstance(t: TestContext, tape: Tape, results: Results = tape.results) {
  const { clock, state, stream } = tape;
  const [log, metrics, random] = [silentLog(), silentMetrics(), seededRandom(1)];
  const cache = openMemoryCache({ maxEntries: 100, clock });
  const ports: StocksPorts = {
    state,
    stream,
    results,
    cache,
    lake: undefined as never,
    mail: undefined as never,
    secrets: undefined as never,
    clock,
    random,
    holder: processHolder('liveview'),
    log,
    metrics,
  };
  const service = await liveviewRole(options).start({ ports, fail: (error) => assert.fail(String(error)) });
  const server = await startWebServer({
    host: '127.0.0.1',
    port: 0,
    webs: service.web === undefined ? [] : [service.web],
    sessions: { identify: async ({ secret }) => (secret === 'admin' ? adminIdentity : undefined), demo: false },
    ready: () => ({ ready: true, roles: {} }),
    log,
    clock,
    random,
    version: '0.0.0',
    metrics: { metrics, contentType: 'text/plain', text: async () => '' },
  });
  t.after(async () => {
    await service.stop();
    await server.stop();
  });
  await until(() => service.status().ready, { describe: 'the first figures' });

  // biome-ignore lint/suspicious/noExplicitAny: answers are compared with what is expected, whatever their type
  async function ask(path: string, init?: RequestInit): Promise<{ status: number; headers: Headers; body: any }> {
    const response = await fetch(`${server.url}${path}`, init);
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
  }

  // biome-ignore lint/suspicious/noExplicitAny: as above
  async function listen<Message = any>(path: string, ...say: object[]) {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}${path}`);
    t.after(() => socket.terminate());
    const got: Message[] = [];
    const closed = once(socket, 'close').then(([code]) => code as number);
    socket.on('message', (data) => got.push(JSON.parse(data.toString())));
    await once(socket, 'open');
    for (const message of say) socket.send(JSON.stringify(message));
    const hear = (wanted: (message: Message) => boolean, describe: string) => until(() => got.find(wanted), { describe });
    return { socket, got, closed, hear };
  }
  return { service, server, ask, listen };
}

async function openWorld(t: TestContext) {
  const tape = await openTape(t);
  return { tape, openInstance: (results?: Results) => openInstance(t, tape, results) };
}

test('companies are listed, told one by one, and not sent again to who has them', async (t) => {
  const { tape, openInstance } = await openWorld(t);
  await tape.trade('MSFT', [...batchAt(100), 120]);
  await tape.trade('AAPL', [7]);
  const { ask } = await openInstance();
  const all = await ask('/api/stocks/companies');
  assert.equal(all.status, 200);
  assert.deepEqual(
    all.body.companies.map((company: { company: string }) => company.company),
    ['AAPL', 'MSFT'],
  );
  assert.deepEqual(Object.keys(all.body.companies[0]).sort(), Object.keys(Companies.properties.companies.items.properties).sort());

  const one = await ask('/api/stocks/companies/MSFT');
  assert.deepEqual(one.body, all.body.companies[1]);
  assert.equal(one.body.batchAverageCents, 100);

  const again = await ask('/api/stocks/companies', { headers: { 'if-none-match': all.headers.get('etag') ?? '' } });
  assert.equal(again.status, 304);
});

test('an unknown company is not found, wherever it is asked for, and where to look is told', async (t) => {
  const { openInstance } = await openWorld(t);
  const { ask } = await openInstance();
  for (const rest of ['', '/batches', '/bars?interval=1m']) {
    const { status, body } = await ask(`/api/stocks/companies/NOPE${rest}`);
    assert.equal(status, 404);
    assert.match(body.detail, /no company NOPE.*\/api\/stocks\/companies/);
  }
  assert.equal((await ask('/api/stocks/companies/nope')).status, 400, 'codes are in upper case');
});

test('batches are paged without a hole, and `next` ends where they end', async (t) => {
  const { tape, openInstance } = await openWorld(t);
  await tape.trade('MSFT', Array.from({ length: 25 }, () => batchAt(100)).flat());
  const { ask } = await openInstance();
  const numbers: number[] = [];
  let after = '';
  let pages = 0;
  for (let next: string | null = ''; next !== null; pages += 1) {
    const { body } = await ask(`/api/stocks/companies/MSFT/batches?limit=5${after}`);
    numbers.push(...body.batches.map((batch: { number: number }) => batch.number));
    next = body.next;
    after = `&after=${next}`;
  }
  assert.deepEqual(
    numbers,
    Array.from({ length: 25 }, (_, index) => index + 1),
  );
  assert.equal(pages, 5, 'a full last page is known to be the last');

  const newest = await ask('/api/stocks/companies/MSFT/batches?newest=2');
  assert.deepEqual(
    newest.body.batches.map((batch: { number: number }) => batch.number),
    [24, 25],
  );
  assert.equal(newest.body.batches[1].averageCents, 100);
  const fromNumber = await ask('/api/stocks/companies/MSFT/batches?from=24');
  assert.deepEqual(fromNumber.body, newest.body);
  const past = await ask('/api/stocks/companies/MSFT/batches?from=26');
  assert.deepEqual(past.body, { batches: [], next: null });
});

test('bars are paged from either end', async (t) => {
  const { tape, openInstance } = await openWorld(t);
  const start = Math.floor(tape.clock.now() / 60_000) * 60_000 - 600_000;
  for (let minute = 0; minute < 7; minute += 1) await tape.trade('MSFT', [100 + minute], start + minute * 60_000);
  const { ask } = await openInstance();

  async function pages(take: 'oldest' | 'newest'): Promise<number[][]> {
    const seen: number[][] = [];
    let after = '';
    for (;;) {
      const { body } = await ask(`/api/stocks/companies/MSFT/bars?interval=1m&take=${take}&limit=3${after}`);
      seen.push(body.bars.map((bar: { openCents: number }) => bar.openCents));
      if (body.next === null) return seen;
      after = `&after=${body.next}`;
    }
  }
  assert.deepEqual(await pages('oldest'), [[100, 101, 102], [103, 104, 105], [106]]);
  assert.deepEqual(await pages('newest'), [[104, 105, 106], [101, 102, 103], [100]]);
});

test('sparklines hold a price until the next', async (t) => {
  const { tape, openInstance } = await openWorld(t);
  const now = tape.clock.now();
  await tape.trade('MSFT', [100], now - 5 * 60_000);
  await tape.trade('MSFT', [90], now);
  const { ask } = await openInstance();
  const { body } = await ask('/api/stocks/sparks?minutes=60');
  const [spark] = body.sparks;
  assert.equal(spark.closesCents.length, 60);
  assert.deepEqual([spark.closesCents.at(0), spark.closesCents.at(-3), spark.closesCents.at(-1)], [null, 100, 90]);
});

const badQueries: readonly [path: string, field: string][] = [
  ['companies/MSFT/batches?limit=0', 'limit'],
  ['companies/MSFT/batches?limit=1001', 'limit'],
  ['companies/MSFT/batches?after=-1', 'after'],
  ['companies/MSFT/batches?after=x', 'after'],
  ['companies/MSFT/batches?after=x&newest=1', 'newest'],
  ['companies/MSFT/batches?from=2&newest=1', 'newest'],
  ['companies/MSFT/batches?from=0', 'from'],
  ['companies/MSFT/batches?before=1', 'before'],
  ['companies/MSFT/bars', 'interval'],
  ['companies/MSFT/bars?interval=5m', 'interval'],
  ['companies/MSFT/bars?interval=1m&limit=5001', 'limit'],
  ['companies/MSFT/bars?interval=1m&take=all', 'take'],
  ['companies/MSFT/bars?interval=1m&from=10&to=10', 'from'],
  ['sparks?minutes=0', 'minutes'],
  ['sparks?minutes=1441', 'minutes'],
];

test('a bad query names the field', async (t) => {
  const { tape, openInstance } = await openWorld(t);
  await tape.trade('MSFT', [1]);
  const { ask } = await openInstance();
  for (const [path, field] of badQueries) {
    const { status, body } = await ask(`/api/stocks/${path}`);
    assert.equal(status, 400, path);
    assert.deepEqual(
      body.errors.map((error: { field: string }) => error.field),
      [field],
      path,
    );
  }
});

test("the publisher's speed is read by all, and set by admins", async (t) => {
  const { openInstance } = await openWorld(t);
  const { ask } = await openInstance();
  const put = (body: unknown, headers: Record<string, string> = { cookie: 'kontor_session=admin' }) =>
    ask('/api/stocks/rate', { method: 'PUT', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
  assert.deepEqual((await ask('/api/stocks/rate')).body, { tradesPerSecond: 1_000 });
  for (const tradesPerSecond of [0, 12.5, 'max', 10_000_000]) {
    assert.deepEqual((await put({ tradesPerSecond })).body, { tradesPerSecond });
    assert.deepEqual((await ask('/api/stocks/rate')).body, { tradesPerSecond });
  }
  assert.equal((await put({ tradesPerSecond: 1 }, {})).status, 401, 'not by strangers, where it is no demonstration');
  for (const tradesPerSecond of [-1, 10_000_001, 'fast', null]) assert.equal((await put({ tradesPerSecond })).status, 400);
  assert.deepEqual((await ask('/api/stocks/rate')).body, { tradesPerSecond: 10_000_000 });
});

test('the proof tells what is published, counted, open and under way, and what the laws say', async (t) => {
  const { tape, openInstance } = await openWorld(t);
  await tape.trade('MSFT', [...batchAt(100), 1, 2, 3]);
  await tape.publish('MSFT', [4, 5]);
  const { ask, listen } = await openInstance();
  const { body } = await ask('/api/stocks/proof');
  assert.deepEqual(body, { published: 15, counted: 10, open: 3, lag: 2, tradesPerSecond: 0, holds: null, checkedAt: null, violations: [] });

  const verdict = { says: 'so', checked: '1', checkedAt: 70, tookMs: 1 };
  await storeVerdicts(tape.state, [
    { ...verdict, lawId: 'stocks-1', holds: true, violations: [] },
    { ...verdict, lawId: 'stocks-2', holds: false, violations: ['batch 7 has 9 trades'], checkedAt: 50 },
    { ...verdict, lawId: 'coins-1', holds: false, violations: ['not of this market'] },
  ]);
  const client = await listen<ServerMessage>('/live', { type: 'sub', channel: 'proof', hz: 10 });
  await client.hear((message) => {
    const proof = message.type === 'snap' ? message.state : message.type === 'delta' ? message.changed : undefined;
    return (proof as Proof | undefined)?.violations[0] === 'stocks-2: batch 7 has 9 trades';
  }, 'the verdict');
  assert.equal(client.got[0]?.type === 'snap' && client.got[0].pos, 13);
  const judged = (await ask('/api/stocks/proof')).body;
  assert.deepEqual([judged.holds, judged.checkedAt], [false, 50]);

  const unread = { ...verdict, lawId: 'stocks-2', holds: null, violations: ['could not be checked: no answer'] };
  await storeVerdicts(tape.state, [{ ...verdict, lawId: 'stocks-1', holds: true, violations: [] }, unread]);
  const holds = async () => (await ask('/api/stocks/proof')).body.holds;
  await until(async () => (await holds()) === null, { describe: 'the proof to say that a law could not be checked' });
});

test('a published trade that was lost shows as one that never arrives, never as a lag below zero', async (t) => {
  const { tape, openInstance } = await openWorld(t);
  const { ask } = await openInstance();
  let trading = true;
  const busy = (async () => {
    while (trading) await tape.trade('MSFT', batchAt(100));
  })();
  for (let looks = 0; looks < 50; looks += 1) {
    const { body } = await ask('/api/stocks/proof');
    assert.ok(body.lag >= 0, `lag ${body.lag}`);
  }
  trading = false;
  await busy;
});

test('existing viewers get all prices at once, and then again and again', async (t) => {
  const { tape, openInstance } = await openWorld(t);
  await tape.trade('TSLA', batchAt(20_050));
  await tape.trade('AAPL', batchAt(10_000));
  await tape.trade('ZERO', [1]);
  const { listen } = await openInstance();
  const client = await listen('/');
  await until(() => client.got.length >= 1, { describe: 'prices at once' });
  const expected = {
    type: 'prices',
    prices: [
      { company: 'AAPL', avgPrice: 100 },
      { company: 'TSLA', avgPrice: 200.5 },
    ],
  };
  assert.deepEqual(client.got[0], expected);

  const tookMs: number[] = [];
  for (let more = 4; more <= 10; more += 3) {
    const startMs = tape.clock.monotonicMs();
    await until(() => client.got.length >= more, { describe: 'more prices' });
    tookMs.push(tape.clock.monotonicMs() - startMs);
  }
  // The quickest, as a busy machine delays some.
  assert.ok(Math.min(...tookMs) < 3 * 500 + 100, `three in ${tookMs} ms: at least every 500 ms`);

  await tape.trade('AAPL', batchAt(12_000));
  await client.hear((message) => message.prices[0].avgPrice === 120, 'the newest batch');
  // 100.006: with two decimals, as viewers show it.
  await tape.trade('AAPL', [...batchAt(10_000).slice(0, 4), ...batchAt(10_001).slice(0, 6)]);
  await client.hear((message) => message.prices[0].avgPrice === 100.01, 'its average, rounded');
});

test('the market is followed, and a client resumes where it was on another instance', async (t) => {
  const { tape, openInstance } = await openWorld(t);
  await tape.trade('A', [1]);
  await tape.trade('B', [1]);
  const one = await openInstance();
  const other = await openInstance(await tape.openResults(tape.clock));
  const first = await one.listen<ServerMessage>('/live', { type: 'sub', channel: 'market', hz: 10 });
  const snap = await first.hear((message) => message.type === 'snap', 'the snapshot');
  assert.ok(snap.type === 'snap' && snap.pos === 2 && Array.isArray(snap.state) && snap.state.length === 2);
  // A resume reaches some seconds back.
  await tape.clock.advance(10_000);

  await tape.trade('B', [5]);
  const delta = await first.hear((message) => message.type === 'delta' && message.pos === 3, 'the delta');
  assert.ok(delta.type === 'delta' && delta.base === 2);
  assert.deepEqual(
    (delta.changed as MarketState).map((item) => [item.company, item.lastPriceCents]),
    [['B', 5]],
  );
  first.socket.close();

  await tape.trade('A', [7]);
  const since = { epoch: snap.epoch, pos: 3 };
  const resumed = await other.listen<ServerMessage>('/live', { type: 'sub', channel: 'market', since, hz: 10 });
  const caughtUp = await resumed.hear((message) => 'pos' in message && message.pos === 4, 'what it missed');
  assert.ok(resumed.got[0]?.type === 'delta' && resumed.got[0].base === 3, 'no snapshot was needed');
  assert.ok(caughtUp.type === 'delta');
});

test('closed batches reach a client on another instance without a hole', async (t) => {
  const { tape, openInstance } = await openWorld(t);
  await tape.trade('MSFT', batchAt(1));
  const one = await openInstance();
  const other = await openInstance(await tape.openResults(tape.clock));
  const first = await one.listen<ServerMessage>('/live', { type: 'sub', channel: 'batches:MSFT' });
  const snap = await first.hear((message) => message.type === 'snap', 'the snapshot');
  assert.ok(snap.type === 'snap');
  first.socket.terminate();
  for (let number = 2; number <= 5; number += 1) await tape.trade('MSFT', batchAt(number));

  const since = { epoch: snap.epoch, pos: snap.pos };
  const second = await other.listen<ServerMessage>('/live', { type: 'sub', channel: 'batches:MSFT', since, hz: 10 });
  await second.hear((message) => message.type === 'delta' && message.pos === 5, 'the newest batch');
  const numbers = second.got.flatMap((message) =>
    (message.type === 'delta' ? (message.changed as BatchesState) : []).map((batch) => batch.number),
  );
  assert.deepEqual(numbers, [2, 3, 4, 5]);
});

test('channels that are not there are refused', async (t) => {
  const { openInstance } = await openWorld(t);
  const { listen } = await openInstance();
  const client = await listen<ServerMessage>('/live', { type: 'sub', channel: 'batches:NOPE' }, { type: 'sub', channel: 'weather' });
  await until(() => client.got.length >= 2, { describe: 'two refusals' });
  assert.deepEqual(
    client.got.map((message) => message.type === 'error' && message.channel),
    ['batches:NOPE', 'weather'],
  );
});

test('draining disconnects every client', async (t) => {
  const { service, listen } = await (await openWorld(t)).openInstance();
  const live = await listen<ServerMessage>('/live', { type: 'sub', channel: 'market' });
  const viewer = await listen('/');
  await live.hear((message) => message.type === 'snap', 'the snapshot');
  await service.drain?.(AbortSignal.timeout(5_000));
  assert.deepEqual([await live.closed, await viewer.closed], [1001, 1001]);
  assert.equal(live.got.at(-1)?.type, 'bye');
});
