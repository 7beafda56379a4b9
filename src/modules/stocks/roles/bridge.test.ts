/** The bridge: every message is taken in once, at whatever moment the broker, the books or the bridge itself break down. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import { KontorError } from '#core/errors.ts';
import { leaseMigrations } from '#core/lease.ts';
import { outboxMigrations, removeFrame, takeFrame } from '#core/outbox.ts';
import type { State } from '#core/ports/state.ts';
import type { Service } from '#core/role.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { openSqliteState } from '#engines/state/sqlite.ts';
import { manualClock } from '#testkit/clock.ts';
import { processHolder } from '#testkit/holder.ts';
import { recordingLog } from '#testkit/log.ts';
import { silentMetrics } from '#testkit/metrics.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { until } from '#testkit/until.ts';
import { noteOf } from '../domain/bridge-note.ts';
import { companiesNamed } from '../domain/companies.ts';
import { tradesTopic } from '../domain/settings.ts';
import { decodeTrade } from '../domain/trades.ts';
import type { StocksPorts } from '../ports/ports.ts';
import { beginSession, storeBatch } from '../store/bridge.ts';
import { rememberSimulation } from '../store/settings.ts';
import { stocksMigrations } from '../store/tables.ts';
import { breakdowns, MemoryInbox } from '../testing/inbox.ts';
import { bridgeRole } from './bridge.ts';

const company = 'MSFT';
const trade = (cents: number) => JSON.stringify({ company, eventType: 'buy', price: cents / 100 });

interface World {
  readonly inbox: MemoryInbox;
  readonly state: State;
  readonly failures: unknown[];
  /** The next so many writes fail: at once, or after they were stored. */
  breakWrites(count: number, afterwards: boolean): void;
  start(): Promise<Service>;
  /** Prices on the tape so far, in cents, taken away from the outbox. */
  tape(): Promise<number[]>;
}

async function openWorld(t: TestContext): Promise<World> {
  const clock = manualClock({ flowing: true });
  const log = recordingLog();
  const stored = await openSqliteState({ path: join(temporaryFolder(t), 'kontor.db'), clock, log });
  t.after(() => stored.close());
  await stored.migrate([...leaseMigrations, ...outboxMigrations, ...stocksMigrations]);
  let broken = { count: 0, afterwards: false };
  const state: State = {
    ...stored,
    can: stored.can,
    read: (work) => stored.read(work),
    async write(work) {
      const fails = broken.count > 0;
      if (fails) broken = { ...broken, count: broken.count - 1 };
      if (!fails || broken.afterwards) {
        const result = await stored.write(work);
        if (!fails) return result;
      }
      throw new KontorError('unavailable', 'the State is away');
    },
  };
  const inbox = new MemoryInbox();
  const failures: unknown[] = [];
  const running: Service[] = [];
  t.after(async () => {
    for (const service of running) await service.stop();
  });
  return {
    inbox,
    state: stored,
    failures,
    breakWrites(count, afterwards) {
      broken = { count, afterwards };
    },
    async start() {
      // The bridge uses no other ports.
      const ports = {
        state,
        inbox,
        clock,
        random: seededRandom(1 + running.length),
        holder: processHolder(`bridge-${running.length}`),
        log,
        metrics: silentMetrics(),
      } as Partial<StocksPorts> as StocksPorts;
      const role = bridgeRole({ bridgedCompanies: [company] });
      const service = await role.start({ ports, fail: (error) => failures.push(error) });
      running.push(service);
      return service;
    },
    async tape() {
      const prices: number[] = [];
      for (;;) {
        const partition = { topic: tradesTopic, partition: company };
        const frame = await stored.write((queries) =>
          takeFrame(queries, partition, undefined, { maxFrameBytes: 1_000_000, maxFrameEntries: 1_000 }),
        );
        if (!frame) return prices;
        for (let index = 0; index < frame.count; index += 1) prices.push(decodeTrade(frame.body, index).priceCents);
        await stored.write((queries) => removeFrame(queries, partition, frame.first));
      }
    },
  };
}

async function allTakenIn({ inbox }: World): Promise<void> {
  await until(() => inbox.left(company) === 0, { describe: () => `the last ${inbox.left(company)} messages to be acknowledged` });
}

describe('the bridge', () => {
  it('takes messages in, in their order', async (t) => {
    const world = await openWorld(t);
    world.inbox.send(company, trade(12_345), trade(7), trade(100));
    const service = await world.start();
    await allTakenIn(world);
    assert.deepEqual(await world.tape(), [12_345, 7, 100]);
    await until(() => service.status().says === 'took in 3 trades from 1 queues', { describe: () => service.status().says });
  });

  it('puts bad messages aside with the reason and goes on', async (t) => {
    const world = await openWorld(t);
    world.inbox.send(company, trade(1), '{}', trade(2));
    const service = await world.start();
    await allTakenIn(world);
    assert.deepEqual(await world.tape(), [1, 2]);
    assert.deepEqual(
      world.inbox.deadLetters.map(({ message, reason }) => [Buffer.from(message.body).toString(), reason.slice(0, 20)]),
      [['{}', 'company must be MSFT']],
    );
    await until(() => service.status().says.includes('1 messages put aside, such as: company must be'), {
      describe: () => service.status().says,
    });
  });

  it('takes each message in once, wherever the connection breaks down', async (t) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...breakdowns), { maxLength: 12 }),
        fc.integer({ min: 1, max: 30 }),
        async (moments, mostTaken) => {
          const world = await openWorld(t);
          const cents = Array.from({ length: 40 }, (_, index) => index + 1);
          // Each of its own content, but for some bad ones, so that what comes twice shows.
          world.inbox.send(company, ...cents.flatMap((cent) => (cent % 9 === 0 ? [trade(cent), `bad ${cent}`] : [trade(cent)])));
          world.inbox.breakdowns.push(...moments);
          world.inbox.mostTaken = mostTaken;
          const service = await world.start();
          await allTakenIn(world);
          assert.deepEqual(await world.tape(), cents);
          assert.equal(new Set(world.inbox.deadLetters.map(({ message }) => Buffer.from(message.body).toString())).size, 4);
          assert.deepEqual(world.failures, []);
          await service.stop();
        },
      ),
      { numRuns: 25 },
    );
  });

  for (const afterwards of [false, true]) {
    it(`holds on while the State fails ${afterwards ? 'after' : 'before'} it stored`, async (t) => {
      const world = await openWorld(t);
      const service = await world.start();
      await until(() => service.status().says.startsWith('took in 0'), { describe: 'the bridge to be active' });
      world.breakWrites(3, afterwards);
      world.inbox.send(company, trade(1), trade(2));
      await allTakenIn(world);
      assert.deepEqual(await world.tape(), [1, 2]);
    });
  }

  it('stops while the State is away', async (t) => {
    const world = await openWorld(t);
    const service = await world.start();
    await until(() => service.status().says.startsWith('took in 0'), { describe: 'the bridge to be active' });
    world.breakWrites(Number.POSITIVE_INFINITY, false);
    world.inbox.send(company, trade(1));
    await until(() => service.status().says === 'MSFT: the State is away', { describe: () => service.status().says });
    await until(service.stop(), { describe: 'the bridge to stop' });
    assert.equal(world.inbox.left(company), 1);
  });

  it('stores nothing in a session that another has ended', async (t) => {
    const { state } = await openWorld(t);
    const old = { company, id: 'old' };
    const batch = {
      id: 'batch',
      note: noteOf([]),
      trades: [{ company, side: 'buy', priceCents: 1, quantity: 1, at: Date.now() }],
    } as const;
    await state.write((queries) => beginSession(queries, old));
    await state.write((queries) => beginSession(queries, { company, id: 'new' }));
    await assert.rejects(
      state.write((queries) => storeBatch(queries, old, batch, 0)),
      /another bridge serves the queue MSFT by now/,
    );
  });

  it('refuses companies that a publisher simulates, and a publisher those of the bridge', async (t) => {
    const world = await openWorld(t);
    const [simulated] = companiesNamed([company]);
    assert.ok(simulated);
    const temper = { seed: 'seed', company: simulated, historyTrades: 0 };
    await world.state.write((queries) => rememberSimulation(queries, temper, true, 0));
    await assert.rejects(world.start(), /^KontorError: MSFT is simulated by a publisher here: leave it out of STOCK/);
    const other = await openWorld(t);
    await other.start();
    await assert.rejects(
      other.state.write((queries) => rememberSimulation(queries, temper, true, 0)),
      /STOCK names MSFT, but its tape already holds trades that came in from outside/,
    );
  });

  it('says what to set when there is no broker', async (t) => {
    const world = await openWorld(t);
    const role = bridgeRole({ bridgedCompanies: [company] });
    const ports = { state: world.state } as StocksPorts;
    await assert.rejects(role.start({ ports, fail() {} }), { code: 'invalid_option', message: /^RABBITMQ_URL is not set/ });
  });
});
