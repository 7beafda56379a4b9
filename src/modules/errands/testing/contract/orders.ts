/** The contract of orders, for both dialects: ordering, changing, coins, and runs that are made once each. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { State } from '#core/ports/state.ts';
import { post } from '#modules/coins/post.ts';
import { promiseMs } from '../../domain/orders.ts';
import { escrowAccount, revenueAccount } from '../../domain/settings.ts';
import { restHosts } from '../../store/hosts/rest.ts';
import { changeOrder } from '../../store/orders/change.ts';
import { saveOrder } from '../../store/orders/own-order.ts';
import { cancelOrder, pauseOrder, resumeOrder, runNow } from '../../store/orders/steps.ts';
import { queueTables, type RunRow } from '../../store/queue/tables.ts';
import { every, type OrdersWorld, openOrdersWorld, termsFrom } from '../orders-world.ts';

const minuteMs = 60_000;
const unlimited = { repetitions: null };

interface Engine {
  open(t: TestContext): Promise<State>;
}

export function ordersContract(name: string, engine: Engine): void {
  const open = async (t: TestContext) => openOrdersWorld(await engine.open(t));

  describe(`orders on ${name}`, () => {
    orderingTests(open);
    coinTests(open);
    makingTests(open);
    changeTests(open);
    lawTests(open);
  });
}

type Open = (t: TestContext) => Promise<OrdersWorld>;

const slotsOf = (runs: readonly RunRow[]) => runs.map(({ generation, slot }) => `${generation}/${slot}`);
const secondsOf = (runs: readonly RunRow[], since: number) => runs.map(({ due_at }) => (due_at - since) / 1_000);

function orderingTests(open: Open): void {
  it('takes the coins and makes the first runs at once', async (t) => {
    const world = await open(t);
    const anna = await world.customer('anna', 25);
    const id = await world.order(anna, { copies: 2 });
    assert.match(id, /^KE-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    const order = await world.row(id);
    assert.deepEqual(
      { state: order.state, funded: order.funded, prepaid: order.prepaid, open: order.open, made: order.made },
      { state: 'active', funded: 20, prepaid: 14, open: 3, made: 3 },
    );
    assert.deepEqual(secondsOf(await world.runs(id), world.clock.now()), [0, 0, 60, 60, 120, 120]);
    assert.equal(await world.coinsOf(anna), 5);
    assert.deepEqual(await world.violations(), []);
  });

  it('answers a request that is sent again as before, and refuses another one under its key', async (t) => {
    const world = await open(t);
    const anna = await world.customer('anna', 100);
    const terms = termsFrom(world.clock.now());
    const [first, again] = [await world.place(anna, [terms], 'key'), await world.place(anna, [terms], 'key')];
    assert.deepEqual(again, { ...first, repeated: true });
    assert.deepEqual(await world.place(anna, [{ ...terms, title: 'Others' }], 'key'), { outcome: 'conflict' });
    assert.equal(await world.coinsOf(anna), 90);
  });

  it('refuses what cannot be paid, taken instruments and hosts that have enough to do; then the key is free again', async (t) => {
    const world = await open(t);
    const anna = await world.customer('anna', 100);
    const now = world.clock.now();
    const dear = termsFrom(now, { schedule: every(60, now, { repetitions: 101 }) });
    assert.deepEqual(await world.place(anna, [dear], 'key'), { outcome: 'coins-short', needed: 101, available: 100 });
    assert.equal((await world.place(anna, [termsFrom(now, { instrument: 'ERRANDS.TEA' })], 'key')).outcome, 'ordered');
    assert.deepEqual(await world.place(anna, [termsFrom(now, { instrument: 'ERRANDS.TEA' })]), {
      outcome: 'instrument-taken',
      instrument: 'ERRANDS.TEA',
    });
    const often = termsFrom(now, { host: 'example.org', schedule: every(10, now, { repetitions: 2 }) });
    await world.state.write(async (queries) => {
      const row = {
        host: 'example.org',
        robots: null,
        robots_state: 'unknown',
        robots_at: 0,
        delay_ms: 15_000,
        starts: '[]',
        rests_until: 0,
        changed_at: 0,
      };
      await queries.withTables<{ errands_host: typeof row }>().insertInto('errands_host').values(row).execute();
    });
    assert.deepEqual(await world.place(anna, [often]), { outcome: 'host-loaded', host: 'example.org', perDay: 5_760, left: 5_760 });
    assert.deepEqual(await world.violations(), []);
  });

  it('places several orders or none', async (t) => {
    const world = await open(t);
    const anna = await world.customer('anna', 15);
    const terms = termsFrom(world.clock.now());
    assert.equal((await world.place(anna, [terms, terms])).outcome, 'coins-short');
    assert.equal(await world.coinsOf(anna), 15);
    const endless = termsFrom(world.clock.now(), { schedule: every(60, world.clock.now(), unlimited) });
    const placed = await world.place(anna, [endless, endless, terms].slice(0, 2));
    assert.equal(placed.outcome === 'ordered' && placed.orderIds.length, 2);
    assert.equal(await world.coinsOf(anna), 0, 'ten for the first and five for the second');
    assert.deepEqual(await world.violations(), []);
  });
}

function coinTests(open: Open): void {
  it('pays an order without an end in portions, stops it with a letter when the wallet is empty, and goes on when there are coins', async (t) => {
    const world = await open(t);
    const anna = await world.customer('anna', 12);
    const id = await world.order(anna, { schedule: every(60, world.clock.now(), unlimited) });
    assert.equal(await world.coinsOf(anna), 2);
    for (let minute = 0; minute < 15; minute += 1) {
      await world.clock.advance(minuteMs);
      await world.makeRuns();
    }
    const stopped = await world.row(id);
    assert.deepEqual([stopped.state, stopped.made, stopped.prepaid, await world.coinsOf(anna)], ['out-of-coins', 12, 0, 0]);
    assert.deepEqual(await world.letters(), ['anna@example.org: Your errands have stopped: too few coins']);
    await world.give(anna, 3);
    await world.clock.advance(minuteMs);
    await world.makeRuns();
    const going = await world.row(id);
    assert.deepEqual([going.state, await world.coinsOf(anna)], ['active', 0]);
    assert.ok(going.made > 12 && going.prepaid + going.made === 15, `${going.made} runs, ${going.prepaid} prepaid`);
    assert.deepEqual(new Set(slotsOf(await world.runs(id))).size, going.made, 'no slot twice');
    assert.deepEqual(await world.violations(), []);
  });

  it('stops the orders of a locked account with their coins, and goes on when it is unlocked', async (t) => {
    const world = await open(t);
    const anna = await world.customer('anna', 100);
    const id = await world.order(anna);
    await world.setLocked(anna, true);
    await world.clock.advance(2 * minuteMs);
    assert.equal(await world.makeRuns(), 0);
    const locked = await world.row(id);
    assert.deepEqual([locked.state, locked.prepaid], ['locked', 7]);
    await world.clock.advance(10 * minuteMs);
    assert.equal(await world.makeRuns(), 0);
    await world.setLocked(anna, false);
    await world.clock.advance(minuteMs);
    assert.equal(await world.makeRuns(), 2);
    assert.equal((await world.row(id)).state, 'active');
    assert.deepEqual(await world.violations(), []);
  });

  it('gives back what was passed over when the last repetition is over', async (t) => {
    const world = await open(t);
    const anna = await world.customer('anna', 100);
    const schedule = every(60, world.clock.now(), { catchUp: 'skip' });
    const id = await world.order(anna, { schedule });
    await world.clock.advance(20 * minuteMs);
    await world.makeRuns();
    const done = await world.row(id);
    assert.deepEqual([done.state, done.made, done.prepaid, done.returned], ['done', 3, 0, 7]);
    assert.equal(await world.coinsOf(anna), 97);
    assert.deepEqual(await world.violations(), []);
  });
}

function makingTests(open: Open): void {
  it('makes each slot once, ahead of its time, and ends with the last repetition', async (t) => {
    const world = await open(t);
    const anna = await world.customer('anna', 100);
    const start = world.clock.now();
    const id = await world.order(anna);
    for (let step = 0; step < 25; step += 1) {
      await world.clock.advance(minuteMs / 2);
      await world.makeRuns();
      const runs = await world.runs(id);
      const due = runs.filter(({ due_at }) => due_at <= world.clock.now());
      assert.equal(due.length, Math.min(10, Math.floor((world.clock.now() - start) / minuteMs) + 1), 'all that is due is made');
    }
    assert.deepEqual(
      secondsOf(await world.runs(id), start),
      Array.from({ length: 10 }, (_, slot) => slot * 60),
    );
    assert.equal((await world.row(id)).state, 'done');
    assert.deepEqual(await world.violations(), []);
  });

  it('makes up for what was missed as the order says', async (t) => {
    const world = await open(t);
    const anna = await world.customer('anna', 1_000);
    const ids = new Map<string, string>();
    for (const catchUp of ['skip', 'one', 'all'] as const) {
      ids.set(catchUp, await world.order(anna, { schedule: every(60, world.clock.now(), { catchUp, repetitions: 50 }) }));
    }
    await world.clock.advance(10.5 * minuteMs);
    await world.makeRuns();
    const made = async (catchUp: string) => (await world.row(ids.get(catchUp) ?? '')).made;
    // Three were made when they were ordered; slots of the next two minutes, and one that is half a minute late, are made anyway.
    assert.deepEqual([await made('skip'), await made('one'), await made('all')], [6, 7, 13]);
    const late = (await world.runs(ids.get('all') ?? '')).filter(({ slot }) => slot === 5);
    assert.deepEqual(
      late.map(({ due_at }) => due_at),
      [world.clock.now()],
      'the promise of a late run begins when it is made',
    );
    assert.deepEqual(await world.violations(), []);
  });

  it('passes over slots while a run is open, where runs may not overlap', async (t) => {
    const world = await open(t);
    const anna = await world.customer('anna', 100);
    const id = await world.order(anna, { schedule: every(60, world.clock.now(), { overlap: 'skip' }) });
    for (let step = 0; step < 4; step += 1) {
      await world.clock.advance(minuteMs);
      await world.makeRuns();
    }
    assert.deepEqual(slotsOf(await world.runs(id)), ['1/1']);
    await world.state.write(async (queries) => {
      await queueTables(queries).deleteFrom('errands_run').execute();
      await saveOrder(queries, id, { open: 0, results: 1, earned: 1 });
      const earned = { debit: escrowAccount, credit: revenueAccount, amount: 1, at: world.clock.now() };
      await post(queries, [{ scope: 'test', key: 'earned', kind: 'transfer', ...earned }]);
    });
    await world.clock.advance(minuteMs);
    await world.makeRuns();
    assert.deepEqual(slotsOf(await world.runs(id)), ['1/6']);
    assert.deepEqual(await world.violations(), []);
  });

  it('keeps fetches from one host apart, and fails those that would start too late', async (t) => {
    const world = await open(t);
    const anna = await world.customer('anna', 10_000);
    const now = world.clock.now();
    const once = every(60, now, { repeat: { kind: 'once' }, repetitions: 1 });
    const orders = Array.from({ length: 310 }, () => termsFrom(now, { host: 'example.org', schedule: once }));
    const placed = await world.place(anna, orders);
    assert.equal(placed.outcome, 'ordered');
    const rows = await world.state.read((queries) => queueTables(queries).selectFrom('errands_run').selectAll().execute());
    const busy = rows.filter(({ failure }) => failure === 'host-busy');
    const starts = rows.filter(({ failure }) => failure === null).map(({ visible_at }) => visible_at);
    starts.sort((one, other) => one - other);
    assert.deepEqual([starts.length, busy.length], [301, 9]);
    assert.ok(starts.every((at, index) => at === now + 200 * index));
    assert.ok(busy.every(({ fails_at, due_at }) => fails_at === due_at));
    assert.deepEqual(await world.violations(), []);
  });

  it('lets a host rest that asked for it, also with runs that were made before', async (t) => {
    const world = await open(t);
    const anna = await world.customer('anna', 100);
    const now = world.clock.now();
    const id = await world.order(anna, { host: 'example.org', address: 'http://example.org/' });
    await world.state.write((queries) => restHosts(queries, [{ orderId: id, ms: 50_000 }], now));
    const visible = async (order: string) => (await world.runs(order)).map(({ visible_at }) => (visible_at - now) / 1_000);
    assert.deepEqual(await visible(id), [50, 60, 120]);
    const other = await world.order(anna, { host: 'example.org', address: 'http://example.org/other' });
    assert.deepEqual(await visible(other), [50, 60.2, 120.2]);
  });

  it('lets several schedulers make each run once', async (t) => {
    const world = await open(t);
    const anna = await world.customer('anna', 100_000);
    const start = world.clock.now() + 600_000;
    await world.place(
      anna,
      Array.from({ length: 200 }, () => termsFrom(world.clock.now(), { schedule: every(60, start) })),
    );
    await world.clock.advance(595_000);
    await Promise.all([world.makeRuns(), world.makeRuns(), world.makeRuns(), world.makeRuns()]);
    const rows = await world.state.read((queries) => queueTables(queries).selectFrom('errands_run').selectAll().execute());
    assert.equal(rows.length, 400);
    assert.deepEqual(await world.violations(), []);
  });
}

function changeTests(open: Open): void {
  it('takes back runs that lie ahead when an order is paused, and makes them again when it goes on', async (t) => {
    const world = await open(t);
    const anna = await world.customer('anna', 100);
    const id = await world.order(anna);
    const order = { id, accountId: anna };
    await world.clock.advance(5_000);
    const step = (work: typeof pauseOrder) => world.state.write((queries) => work(queries, order, world.context()));
    assert.deepEqual(await step(pauseOrder), { outcome: 'done' });
    assert.deepEqual(slotsOf(await world.runs(id)), ['1/1']);
    const paused = await world.row(id);
    assert.deepEqual([paused.state, paused.prepaid, paused.made, paused.look_at], ['paused', 9, 1, null]);
    await world.clock.advance(30 * minuteMs);
    assert.equal(await world.makeRuns(), 0);
    assert.deepEqual(await step(resumeOrder), { outcome: 'done' });
    for (let minute = 0; minute < 10; minute += 1) {
      await world.makeRuns();
      await world.clock.advance(minuteMs);
    }
    await world.makeRuns();
    const done = await world.row(id);
    assert.deepEqual([done.state, done.made, done.prepaid], ['done', 10, 0]);
    assert.deepEqual(await world.violations(), []);
  });

  it('can be paused until its last slot has come, and is done then', async (t) => {
    const world = await open(t);
    const anna = await world.customer('anna', 100);
    const schedule = every(60, world.clock.now(), { repetitions: 2 });
    const [one, other] = [await world.order(anna, { schedule }), await world.order(anna, { schedule })];
    await world.clock.advance(5_000);
    await world.state.write((queries) => pauseOrder(queries, { id: one, accountId: anna }, world.context()));
    const paused = await world.row(one);
    assert.deepEqual([paused.state, paused.prepaid, paused.made], ['paused', 1, 1]);
    await world.clock.advance(minuteMs);
    await world.makeRuns();
    const done = await world.row(other);
    assert.deepEqual([done.state, done.prepaid, done.made], ['done', 0, 2]);
    assert.deepEqual(await world.violations(), []);
  });

  it('begins a new generation when the schedule changes, and coins follow the repetitions', async (t) => {
    const world = await open(t);
    const anna = await world.customer('anna', 100);
    const start = world.clock.now();
    const id = await world.order(anna);
    await world.clock.advance(5_000);
    const change = async (seconds: number, repetitions: number | null, copies = 1) => {
      const terms = termsFrom(start, { schedule: every(seconds, start, { repetitions }), copies });
      return world.state.write((queries) => changeOrder(queries, { id, accountId: anna, terms }, world.context()));
    };
    assert.deepEqual(await change(120, 5), { outcome: 'done' });
    assert.deepEqual(slotsOf(await world.runs(id)), ['1/1', '2/1']);
    assert.equal(await world.coinsOf(anna), 95);
    assert.deepEqual(await change(120, 20, 2), { outcome: 'done' });
    // One copy is at work; nineteen repetitions are to come.
    assert.equal(await world.coinsOf(anna), 100 - 1 - 38);
    assert.equal((await change(120, 1)).outcome, 'schedule', 'one is used already');
    assert.deepEqual(await change(120, null), { outcome: 'done' });
    assert.equal(await world.coinsOf(anna), 100 - 1 - 10);
    assert.deepEqual(await world.violations(), []);
  });

  it('gives coins back when an order is cancelled, but not those of runs that miners are at', async (t) => {
    const world = await open(t);
    const anna = await world.customer('anna', 100);
    const id = await world.order(anna);
    await world.state.write(async (queries) => {
      const claimed = { attempts: 1, lease: 'lease', miner_id: 'miner' };
      await queueTables(queries).updateTable('errands_run').set(claimed).where('order_id', '=', id).where('slot', '=', 1).execute();
    });
    const cancel = () => world.state.write((queries) => cancelOrder(queries, { id, accountId: anna }, world.context()));
    assert.deepEqual(await cancel(), { outcome: 'done' });
    assert.deepEqual(await cancel(), { outcome: 'done' });
    assert.equal(await world.coinsOf(anna), 99);
    assert.deepEqual(slotsOf(await world.runs(id)), ['1/1']);
    await world.clock.advance(minuteMs);
    assert.equal(await world.makeRuns(), 0);
    assert.deepEqual(await world.violations(), []);
  });

  it('runs an order now, for a coin of its own', async (t) => {
    const world = await open(t);
    const anna = await world.customer('anna', 13);
    const id = await world.order(anna, { schedule: every(60, world.clock.now() + 3_600_000) });
    const run = (key: string) => world.state.write((queries) => runNow(queries, { id, accountId: anna, key }, world.context()));
    assert.deepEqual(await run('one'), { outcome: 'made', slot: 1, repeated: false });
    assert.deepEqual(await run('one'), { outcome: 'made', slot: 1, repeated: true });
    assert.deepEqual(await run('two'), { outcome: 'made', slot: 2, repeated: false });
    assert.deepEqual(await run('three'), { outcome: 'made', slot: 3, repeated: false });
    assert.deepEqual(await run('four'), { outcome: 'coins-short', needed: 1, available: 0 });
    assert.deepEqual(slotsOf(await world.runs(id)), ['0/1', '0/2', '0/3']);
    assert.deepEqual(await world.violations(), []);
  });

  it('shows nobody the order of somebody else', async (t) => {
    const world = await open(t);
    const [anna, ben] = [await world.customer('anna', 100), await world.customer('ben', 100)];
    const id = await world.order(anna);
    for (const work of [pauseOrder, resumeOrder, cancelOrder])
      assert.deepEqual(await world.state.write((queries) => work(queries, { id, accountId: ben }, world.context())), {
        outcome: 'unknown',
      });
  });
}

function lawTests(open: Open): void {
  it('has laws that notice coins that vanish, runs that vanish, and runs that are late', async (t) => {
    const world = await open(t);
    const anna = await world.customer('anna', 100);
    const id = await world.order(anna);
    const broken = async (change: () => Promise<unknown>, undo: () => Promise<unknown>) => {
      await change();
      const found = await world.violations();
      await undo();
      assert.deepEqual(await world.violations(), []);
      return found.join('\n');
    };
    const set = (changes: Parameters<typeof saveOrder>[2]) => () => world.state.write((queries) => saveOrder(queries, id, changes));
    assert.match(await broken(set({ prepaid: 6 }), set({ prepaid: 7 })), /10 coins were paid in, but 6 are prepaid[\s\S]*escrow:errands/);
    assert.match(await broken(set({ funded: 11, prepaid: 8 }), set({ funded: 10, prepaid: 7 })), /and 10 and 0 by the ledger/);
    assert.match(await broken(set({ open: 2 }), set({ open: 3 })), /3 runs were made, but 2 are open/);
    for (let step = 0; step < 20; step += 1) {
      await world.beat();
      await world.clock.advance(promiseMs / 10);
    }
    assert.match((await world.violations()).join('\n'), /KE-\S+\/1\/1\/1 was due at \d+, and has neither a result nor a refund/);
  });
}
