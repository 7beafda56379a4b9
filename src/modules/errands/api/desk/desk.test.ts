/** The desk over HTTP and over its socket: who gets what, what is taken, and what is refused. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import WebSocket from 'ws';
import { leaseMs } from '../../domain/orders.ts';
import { claimOf, openDeskHouse, type TestDesk } from '../../testing/desk-house.ts';
import { maxHeldPerMachine } from './holdings.ts';

async function open(t: TestContext, runs: number, wish?: { inMs?: number; everyMs?: number }) {
  const house = await openDeskHouse(t);
  await house.world.customer('ada', 2_000);
  for (const miner of ['ben', 'cleo']) await house.world.miner(miner);
  const order = await house.world.order('ada', 1_000);
  await house.world.runs(order, runs, wish);
  return { ...house, desk: await house.desk(), openDesk: house.desk, order };
}

const page = (lease: string, text = 'a page') => ({
  lease,
  status: 200,
  contentType: 'text/plain',
  body: Buffer.from(text).toString('base64'),
});

async function leasesFor(desk: TestDesk, miner: string, wish?: Parameters<typeof claimOf>[0]): Promise<readonly string[]> {
  const { status, json } = await desk.ask(miner, 'claim', claimOf(wish));
  assert.equal(status, 200, JSON.stringify(json));
  return json.runs.map(({ lease }: { lease: string }) => lease);
}

describe('the desk', () => {
  it('hands out runs, takes pages, and counts the machine', async (t) => {
    const { desk, world, order } = await open(t, 3);
    const { json } = await desk.ask('ben', 'claim', claimOf());
    assert.equal(json.runs.length, 3);
    assert.equal(json.runs[0].address, 'http://example.org/');
    const answers = json.runs.map(({ lease }: { lease: string }) => page(lease));
    const first = await desk.ask('ben', 'complete', { machine: 'm1', answers });
    assert.deepEqual(first.json, { outcomes: Array(3).fill({ outcome: 'accepted', reason: null }) });
    const again = await desk.ask('ben', 'complete', { machine: 'm1', answers });
    assert.deepEqual(again.json, first.json, 'as if the first answer was lost');
    const results = await world.results(order);
    assert.deepEqual(
      results.map(({ status, bytes, content_type }) => [status, bytes, content_type]),
      Array(3).fill([200, 6, 'text/plain']),
    );
    assert.deepEqual(await world.violations(), []);
  });

  it('answers a claim that waits when something is due', async (t) => {
    const { desk } = await open(t, 1, { inMs: 150 });
    const startedAt = Date.now();
    const { json } = await desk.ask('ben', 'claim', claimOf({ waitMs: 20_000 }));
    assert.equal(json.runs.length, 1);
    assert.ok(json.now >= json.runs[0].dueAt);
    assert.ok(Date.now() - startedAt < 15_000);
  });

  it('wakes a claim that waits for runs that are made meanwhile, and sends it away when it stops', async (t) => {
    const { desk, world, order } = await open(t, 1, { inMs: 60_000 });
    const waiting = leasesFor(desk, 'ben', { waitMs: 20_000 });
    await world.runs(order, 1);
    assert.equal((await waiting).length, 1);
    const further = leasesFor(desk, 'ben', { waitMs: 20_000 });
    await leasesFor(desk, 'cleo');
    await desk.stop();
    assert.deepEqual(await further.catch(() => []), []);
  });

  it('gives all who wait a share', async (t) => {
    const { desk, world, order } = await open(t, 1, { inMs: 60_000 });
    const waiting = Array.from({ length: 4 }, (_, index) =>
      leasesFor(desk, index < 2 ? 'ben' : 'cleo', { waitMs: 20_000, machine: `m${index}` }),
    );
    // All four wait when they have been greeted: the desk serves none of them yet.
    await leasesFor(desk, 'ben');
    await world.runs(order, 12);
    const counts = (await Promise.all(waiting)).map(({ length }) => length);
    assert.equal(
      counts.reduce((sum, count) => sum + count),
      12,
    );
    for (const count of counts) assert.ok(count >= 1 && count <= 6, `${counts}`);
  });

  it('refuses strangers, tokens that may only read, and what does not fit', async (t) => {
    const { desk } = await open(t, 1);
    assert.equal((await desk.ask('stranger', 'claim', claimOf())).status, 401);
    assert.equal((await desk.ask('reader', 'claim', claimOf())).status, 403);
    assert.equal((await desk.ask('ben', 'claim', claimOf({ max: 0 }))).status, 400);
    assert.equal((await desk.ask('ben', 'complete', { machine: 'm1', answers: [page('no lease')] })).status, 400);
    const [lease = ''] = await leasesFor(desk, 'ben');
    const large = await desk.ask('ben', 'complete', { machine: 'm1', answers: [page(lease, 'x'.repeat(2 * 1_024 * 1_024 + 8))] });
    assert.equal(large.status, 413);
    assert.equal(large.json.reason.name, 'page-too-large');
    const huge = await desk.ask('ben', 'complete', { machine: 'm1', answers: [page(lease, 'x'.repeat(7 * 1_024 * 1_024))] });
    assert.equal(huge.status, 413);
    const foreign = await desk.ask('cleo', 'complete', { machine: 'm1', answers: [page(lease)] });
    assert.deepEqual(foreign.json, { outcomes: [{ outcome: 'refused', reason: 'foreign' }] });
  });

  /** As many as it may hold there. */
  async function claimAll(desk: TestDesk): Promise<readonly string[]> {
    const held: string[] = [];
    for (;;) {
      const { status, json } = await desk.ask('ben', 'claim', claimOf({ max: 100 }));
      if (status === 429) return held;
      held.push(...json.runs.map(({ lease }: { lease: string }) => lease));
    }
  }

  it('gives a machine no more than it may hold, and again when it has answered', async (t) => {
    const { desk } = await open(t, maxHeldPerMachine + 10);
    const held = await claimAll(desk);
    assert.equal(held.length, maxHeldPerMachine);
    assert.equal((await leasesFor(desk, 'ben', { machine: 'm2' })).length, 10);
    const released = await desk.ask('ben', 'release', { leases: held.slice(0, 5) });
    assert.deepEqual(released.json, { released: 5 });
    assert.equal((await leasesFor(desk, 'ben', { max: 100 })).length, 5);
  });

  it('counts what it handed out itself: at two desks a machine may hold twice as much, and no more', async (t) => {
    const { desk, openDesk } = await open(t, 2 * maxHeldPerMachine + 10);
    const other = await openDesk();
    for (const each of [desk, other]) assert.equal((await claimAll(each)).length, maxHeldPerMachine);
    for (const each of [desk, other, desk]) assert.equal((await each.ask('ben', 'claim', claimOf())).json.reason.name, 'holds-too-many');
  });

  it('gives what a miner hangs on to another desk and miner after 30 seconds, unless it says that it goes on', async (t) => {
    const { desk, openDesk, clock } = await open(t, 2);
    const [hung = '', slow = ''] = await leasesFor(desk, 'ben');
    await clock.advance(leaseMs - 10_000);
    assert.equal((await desk.ask('ben', 'extend', { leases: [slow] })).json.extended.length, 1);
    const other = await openDesk();
    const waiting = leasesFor(other, 'cleo', { waitMs: 20_000 });
    await clock.advance(10_000);
    const [again = ''] = await waiting;
    assert.equal(again.split('/').slice(0, 4).join(), hung.split('/').slice(0, 4).join());
    const late = await other.ask('ben', 'complete', { machine: 'm1', answers: [page(hung), page(slow)] });
    assert.deepEqual(
      late.json.outcomes.map(({ outcome }: { outcome: string }) => outcome),
      ['refused', 'accepted'],
    );
  });

  it('counts status 429 and 5xx as failed attempts, and leaves a host alone that asks for it', async (t) => {
    const { desk, world } = await open(t, 2);
    const [one = '', other = ''] = await leasesFor(desk, 'ben');
    const { json } = await desk.ask('ben', 'complete', {
      machine: 'm1',
      answers: [
        { lease: one, status: 429, retryAfterMs: 5_000 },
        { lease: other, failure: 'connect_failed' },
      ],
    });
    assert.deepEqual(json.outcomes, Array(2).fill({ outcome: 'noted', reason: null }));
    assert.equal(await world.waiting(), 2);
  });
});

describe('the socket of the desk', () => {
  async function dial(t: TestContext, desk: TestDesk, as: string) {
    const socket = new WebSocket(`${desk.url.replace('http', 'ws')}/api/errands/desk/socket`, {
      headers: { authorization: `Bearer kontor_pat_${as}` },
    });
    t.after(() => socket.terminate());
    await once(socket, 'open');
    const answers = new Map<number, PromiseWithResolvers<Record<string, unknown>>>();
    socket.on('message', (data) => {
      const message = JSON.parse(String(data));
      answers.get(message.id)?.resolve(message);
    });
    const ask = (id: number, what: string, body: unknown) => {
      const answer = Promise.withResolvers<Record<string, unknown>>();
      answers.set(id, answer);
      socket.send(JSON.stringify({ id, ask: what, body }));
      return answer.promise;
    };
    return { socket, ask };
  }

  it('takes the same messages, many at a time, and answers each by its number', async (t) => {
    const { desk, world, order } = await open(t, 1);
    const { ask } = await dial(t, desk, 'ben');
    const { answer } = (await ask(1, 'claim', claimOf())) as { answer: { runs: readonly { lease: string }[] } };
    const waiting = ask(2, 'claim', claimOf({ waitMs: 20_000 }));
    const done = await ask(3, 'complete', { machine: 'm1', answers: answer.runs.map(({ lease }) => page(lease)) });
    assert.deepEqual(done, { id: 3, answer: { outcomes: [{ outcome: 'accepted', reason: null }] } });
    await world.runs(order, 1);
    assert.equal(((await waiting) as { answer: { runs: unknown[] } }).answer.runs.length, 1);
  });

  it('says what is wrong with a message, and goes on', async (t) => {
    const { desk } = await open(t, 1);
    const { ask } = await dial(t, desk, 'ben');
    const wrong = await ask(1, 'claim', claimOf({ max: 0 }));
    const { code, detail } = wrong.problem as { code: string; detail: string };
    assert.equal(code, 'invalid_input');
    assert.match(detail, /max/);
    assert.ok('answer' in (await ask(2, 'claim', claimOf())));
  });

  it('closes for who may not mine', async (t) => {
    const { desk } = await open(t, 1);
    for (const as of ['stranger', 'reader']) {
      const { socket, ask } = await dial(t, desk, as);
      void ask(1, 'claim', claimOf());
      const [code] = await once(socket, 'close');
      assert.equal(code, 1008);
    }
  });
});

/** Sends so many bytes until it is answered, or the connection is cut; resolves what came of it. */
async function sendGigabytes({ url }: TestDesk, { bytes, length }: { bytes: number; length?: number }) {
  const headers: Record<string, string | number> = { authorization: 'Bearer kontor_pat_ben', 'content-type': 'application/json' };
  if (length !== undefined) headers['content-length'] = length;
  const sending = request(`${url}/api/errands/desk/complete`, { method: 'POST', headers, agent: false });
  const cut = new Promise<undefined>((resolve) => sending.on('error', () => resolve(undefined)));
  const answer = once(sending, 'response').catch(() => undefined);
  const piece = Buffer.alloc(1024 * 1024, 'x');
  let sent = 0;
  let over = false;
  void Promise.race([answer, cut]).then(() => {
    over = true;
  });
  while (!over && sent < bytes) {
    sent += piece.length;
    const isFlushed = new Promise<void>((resolve) => sending.write(piece, () => resolve()));
    await Promise.race([isFlushed, answer, cut]);
  }
  const [response] = ((await Promise.race([answer, cut])) ?? []) as [IncomingMessage?];
  sending.destroy();
  return { sent, status: response?.statusCode };
}

describe('a miner that sends a gigabyte', () => {
  for (const [what, length] of [
    ['with its length', 2 ** 30],
    ['in chunks', undefined],
  ] as const) {
    it(`is refused early, and costs no memory: ${what}`, async (t) => {
      const { desk } = await open(t, 1);
      const [lease = ''] = await leasesFor(desk, 'ben');
      const before = process.memoryUsage().rss;
      const bytes = 2 ** 30;
      const { sent, status } = await sendGigabytes(desk, length === undefined ? { bytes } : { bytes, length });
      assert.ok(sent < 64 * 1024 * 1024, `it could send ${sent} bytes`);
      assert.ok(status === 413 || status === undefined, `${status}`);
      const grown = process.memoryUsage().rss - before;
      assert.ok(grown < 200 * 1024 * 1024, `${Math.round(grown / 1024 / 1024)} MiB more`);
      const { json } = await desk.ask('ben', 'complete', { machine: 'm1', answers: [page(lease)] });
      assert.equal(json.outcomes[0].outcome, 'accepted', 'the desk goes on');
    });
  }
});
