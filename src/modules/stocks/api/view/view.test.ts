/** The market in memory against real results: what it shows, what changed since when, and how it fails and recovers. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { recordingLog, silentLog } from '#testkit/log.ts';
import { until } from '#testkit/until.ts';
import type { Results } from '../../ports/results.ts';
import { batchAt, openTape } from '../../testing/stocks-tape.ts';
import { MarketChannel } from '../live/market-channel.ts';
import { MarketView } from './view.ts';

const nobody = { readSimulated: async () => new Set<string>(), expected: [] };

async function openView(t: TestContext, { flowing = false } = {}) {
  const tape = await openTape(t, { flowing });
  const view = new MarketView({
    results: tape.results,
    clock: tape.clock,
    log: silentLog(),
    readSimulated: async () => new Set(['MSFT']),
    expected: ['TSLA'],
  });
  return { ...tape, view };
}

test('a summary tells the newest price, the newest batch and the last 24 hours', async (t) => {
  const { view, trade, clock } = await openView(t);
  await trade('MSFT', [...batchAt(100), ...batchAt(300), 150, 120]);
  await view.refresh();

  assert.deepEqual(view.summary('MSFT'), {
    company: 'MSFT',
    name: 'Microsoft',
    sector: 'Software',
    simulated: true,
    position: 22,
    lastPriceCents: 120,
    lastAt: clock.now(),
    referenceCents: 100,
    changeBasisPoints: 2_000,
    dayHighCents: 300,
    dayLowCents: 100,
    dayTrades: 22,
    dayVolume: 22,
    dayBuyVolume: 11,
    batches: 2,
    batchAverageCents: 300,
    openTrades: 2,
  });
  assert.equal(view.pos, 22);
});

test('a company from outside goes by its code, and one without a closed batch has no average', async (t) => {
  const { view, trade } = await openView(t);
  await trade('NEW', [5]);
  await view.refresh();
  const { name, simulated, batches, batchAverageCents } = view.summary('NEW') ?? assert.fail('NEW is not there');
  assert.deepEqual({ name, simulated, batches, batchAverageCents }, { name: 'NEW', simulated: false, batches: 0, batchAverageCents: null });
  assert.ok(view.knows('TSLA'), 'a company of the publisher is known before its first trade');
  assert.ok(!view.knows('NOBODY'));
});

test('a retired company is counted and can be read, but is not listed until it comes back', async (t) => {
  const tape = await openTape(t, { flowing: false });
  let retired: readonly string[] = [];
  const view = new MarketView({ ...tape, ...nobody, log: silentLog(), readRetired: async () => new Set(retired) });
  const listed = () => view.listed('', 10).map(({ company }) => company);
  for (const company of ['A', 'B', 'C']) await tape.trade(company, [100]);
  await view.refresh();
  assert.deepEqual(listed(), ['A', 'B', 'C']);
  const { revision } = view;
  const channel = new MarketChannel(view);
  let place = channel.next(undefined)?.place;

  for (const [gone, left] of [
    [['B'], ['A', 'C']],
    [[], ['A', 'B', 'C']],
  ] as const) {
    retired = gone;
    await tape.clock.advance(10_000);
    await view.refresh();
    assert.deepEqual([listed(), view.pos], [left, 3]);
    assert.equal(view.summary('B')?.position, 1);
    assert.ok(view.revision > revision, 'lists that clients keep are asked for again');
    const step = channel.next(place) ?? assert.fail('an open page hears nothing of it');
    assert.match(String(step.frame), /"type":"snap"/, 'changes alone would not tell that a company is gone');
    place = step.place;
  }
});

test('many companies that begin at once come into view a part at a time, in pages', async (t) => {
  const tape = await openTape(t, { flowing: false });
  const view = new MarketView({ ...tape, ...nobody, log: silentLog() });
  await tape.trade('A', [100]);
  await view.refresh();
  const codes = Array.from({ length: 100 }, (_, index) => `B${index}`).sort();
  for (const company of codes) await tape.trade(company, [100]);
  await view.refresh();
  const some = view.summaries().length;
  assert.ok(some > 1 && some < 101, `${some} companies after one refresh`);
  await view.refresh();
  assert.deepEqual(
    view.listed('A', 100).map(({ company }) => company),
    codes,
  );
  assert.deepEqual(
    view.listed('B50', 2).map(({ company }) => company),
    ['B51', 'B52'],
  );
});

test('a company that this process would simulate is from outside where its tape is made by others', async (t) => {
  const { view, trade } = await openView(t);
  await trade('TSLA', [5]);
  await view.refresh();
  const { name, sector, simulated } = view.summary('TSLA') ?? assert.fail('TSLA is not there');
  assert.deepEqual({ name, sector, simulated }, { name: 'TSLA', sector: '', simulated: false });
});

test('only companies that changed come after a revision, by company', async (t) => {
  const { view, trade } = await openView(t);
  for (const company of ['B', 'C', 'A']) await trade(company, [100]);
  await view.refresh();
  const { revision } = view;
  assert.deepEqual(
    view.summaries().map((summary) => summary.company),
    ['A', 'B', 'C'],
  );

  await view.refresh();
  assert.equal(view.revision, revision, 'nothing changed');

  await trade('C', [101]);
  await view.refresh();
  const changed = view.jsonChangedAfter(revision).map((json) => JSON.parse(json));
  assert.deepEqual(changed, [view.summary('C')]);
  assert.equal(view.summary('C')?.lastPriceCents, 101);
});

test('figures of the day move on with time, also without trades', async (t) => {
  const { view, trade, clock } = await openView(t);
  await trade('MSFT', [100, 500]);
  await clock.advance(3_600_000);
  await trade('MSFT', [200]);
  await view.refresh();
  assert.equal(view.summary('MSFT')?.dayHighCents, 500);

  await clock.advance(23.5 * 3_600_000);
  await view.refresh();
  const summary = view.summary('MSFT');
  assert.deepEqual([summary?.dayHighCents, summary?.referenceCents, summary?.dayTrades], [200, 200, 1]);

  await clock.advance(3_600_000);
  await view.refresh();
  const later = view.summary('MSFT');
  assert.deepEqual([later?.dayHighCents, later?.referenceCents, later?.changeBasisPoints, later?.dayTrades], [null, null, null, 0]);
  assert.equal(later?.lastPriceCents, 200);
});

test('a new high is never above the highest of the day, although the day is read less often', async (t) => {
  const { view, trade, clock } = await openView(t);
  await trade('MSFT', [100]);
  await view.refresh();
  await clock.advance(100);
  await trade('MSFT', [900]);
  await view.refresh();
  assert.equal(view.summary('MSFT')?.dayHighCents, 900);
  assert.equal(view.summary('MSFT')?.dayTrades, 1, 'the day was not read again yet');
  await clock.advance(1_000);
  await view.refresh();
  assert.equal(view.summary('MSFT')?.dayTrades, 2, 'the day catches up although nothing traded since');
});

test('a returning client is told what changed since its position, needs a snapshot, or waits', async (t) => {
  const tape = await openTape(t, { flowing: false });
  const view = new MarketView({ ...tape, log: silentLog(), ...nobody, maxMarks: 6 });
  const toldFrom = (pos: number) => {
    const revision = view.revisionAt(pos);
    return typeof revision !== 'number' ? revision : view.jsonChangedAfter(revision).map((json) => JSON.parse(json).company);
  };
  for (const company of ['A', 'B', 'C']) {
    await tape.trade(company, [1]);
    await view.refresh();
    await tape.clock.advance(10_000);
  }
  assert.deepEqual(toldFrom(0), ['A', 'B', 'C']);
  assert.deepEqual(toldFrom(2), ['A', 'B', 'C'], 'a margin before the position is told again');
  assert.deepEqual(toldFrom(3), ['B', 'C']);
  assert.equal(toldFrom(4), 'later');

  for (let price = 2; price < 6; price += 1) {
    await tape.trade('C', [price, price]);
    await view.refresh();
    await tape.clock.advance(10_000);
  }
  assert.deepEqual(toldFrom(10), ['C'], 'a position between two that were shown here');
  assert.equal(toldFrom(1), undefined, 'too long ago');
});

test('trades a second are those of the last seconds', async (t) => {
  const { view, trade, clock } = await openView(t);
  await trade('MSFT', [1]);
  await view.refresh();
  for (let second = 0; second < 8; second += 1) {
    await clock.advance(1_000);
    await trade('MSFT', batchAt(100));
    await view.refresh();
  }
  assert.equal(view.tradesPerSecond(), 10);
  for (let second = 0; second < 12; second += 1) {
    await clock.advance(1_000);
    await view.refresh();
  }
  assert.equal(view.tradesPerSecond(), 0);
});

test('another set of results makes the view start over', async (t) => {
  const { view: _, ...tape } = await openView(t);
  const other = await openTape(t, { flowing: false });
  let results: Results = tape.results;
  const switching = new Proxy({} as Results, { get: (_target, name: keyof Results) => (results[name] as () => unknown).bind(results) });
  const view = new MarketView({ results: switching, clock: tape.clock, log: silentLog(), ...nobody });
  await tape.trade('MSFT', batchAt(100));
  await view.refresh();
  const { epoch } = view;

  results = other.results;
  await other.trade('AAPL', [7]);
  await tape.clock.advance(10_000);
  await view.refresh();
  assert.notEqual(view.epoch, epoch);
  assert.deepEqual(
    view.summaries().map((summary) => summary.company),
    ['AAPL'],
  );
  assert.equal(view.pos, 1);
});

test('results that cannot be read are told, the last figures stay, and it tries again', async (t) => {
  const { view: _, results, clock, trade } = await openView(t, { flowing: true });
  await trade('MSFT', [100]);
  let broken = false;
  const sometimes: Results = Object.create(results, {
    cursors: { value: () => (broken ? Promise.reject(new Error('the disk is gone')) : results.cursors()) },
    onChange: { value: (listener: () => void) => results.onChange(listener) },
    epoch: { value: () => results.epoch() },
    bars: { value: (query: Parameters<Results['bars']>[0]) => results.bars(query) },
  });
  const log = recordingLog();
  const view = new MarketView({ results: sometimes, clock, log, ...nobody });
  view.start();
  t.after(() => view.stop());
  await until(() => view.summary('MSFT'), { describe: 'the first figures' });

  broken = true;
  await until(() => view.failure, { describe: 'the failure is told' });
  assert.equal(view.failure, 'the disk is gone');
  assert.equal(view.summary('MSFT')?.lastPriceCents, 100);
  assert.equal(log.entries.filter((entry) => entry.level === 'warn').length, 1);

  broken = false;
  await trade('MSFT', [101]);
  await until(() => view.summary('MSFT')?.lastPriceCents === 101, { describe: 'the view goes on' });
  assert.equal(view.failure, undefined);
});

test('a view with viewers follows a change within a moment', async (t) => {
  const { view, trade } = await openView(t, { flowing: true });
  view.start();
  t.after(() => view.stop());
  const tookMs: number[] = [];
  for (let price = 1; price <= 5; price += 1) {
    view.look();
    await trade('MSFT', [price]);
    const tradedAtMs = performance.now();
    await until(() => view.summary('MSFT')?.lastPriceCents === price, { describe: `price ${price}` });
    tookMs.push(performance.now() - tradedAtMs);
  }
  // The quickest, as a busy machine delays some.
  assert.ok(Math.min(...tookMs) < 1_000, `${tookMs} ms`);
});
