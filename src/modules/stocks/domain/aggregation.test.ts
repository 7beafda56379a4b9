/** Counting in one pass equals counting one by one, whatever way the tape is cut, repeated or out of order in time. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fastCheck from 'fast-check';
import { BrokenInvariant } from '#core/errors.ts';
import type { Frame } from '#core/ports/stream.ts';
import { type Bar, type BarInterval, barIntervals, type Cursor } from '../ports/results.ts';
import { applicationFor, mergeTotals, type TradeRecord } from '../testing/results-model.ts';
import { emptyCursor, type Folded, fold, holeBefore } from './aggregation.ts';
import { buyBit, encodeTrades, recordBytes, type Side, type Trade, tradeColumns } from './trades.ts';

const company = 'MSFT';
/** The last moment of an hour, so that few trades cross the borders of all intervals. */
const border = 1_772_496_000_000;

const anyTrade = fastCheck.record<Trade>(
  {
    side: fastCheck.constantFrom<Side>('buy', 'sell'),
    priceCents: fastCheck.integer({ min: 1, max: 2 ** 18 }),
    quantity: fastCheck.integer({ min: 1, max: 2 ** 18 }),
    at: fastCheck.integer({ min: border - 2_500, max: border + 2_500 }),
  },
  { noNullPrototype: true },
);

interface Tape {
  readonly trades: readonly Trade[];
  readonly batchSize: number;
  /** How the tape is cut: into frames of so many trades, each beginning so many too early, and a delivery ends here or not. */
  readonly cuts: readonly { readonly count: number; readonly overlap: number; readonly ends: boolean }[];
}

const anyTape = fastCheck.record<Tape>({
  trades: fastCheck.array(anyTrade, { maxLength: 60 }),
  batchSize: fastCheck.oneof(fastCheck.integer({ min: 1, max: 12 }), fastCheck.constant(1_000)),
  cuts: fastCheck.array(
    fastCheck.record({ count: fastCheck.integer({ min: 1, max: 9 }), overlap: fastCheck.nat({ max: 12 }), ends: fastCheck.boolean() }),
    { maxLength: 30 },
  ),
});

function frameOf(trades: readonly Trade[], from: number, to: number): Frame {
  return { first: from + 1, count: to - from, body: encodeTrades(trades.slice(from, to)) };
}

/** The tape in deliveries as its cuts say; what is left after the last cut is one more frame. */
function deliveries({ trades, cuts }: Tape): readonly (readonly Frame[])[] {
  const all: Frame[][] = [];
  let frames: Frame[] = [];
  let done = 0;
  for (const { count, overlap, ends } of [...cuts, { count: trades.length, overlap: 0, ends: true }]) {
    const to = Math.min(trades.length, done + count);
    const from = Math.max(0, done - overlap);
    if (to > from) frames.push(frameOf(trades, from, to));
    done = to;
    if (ends) {
      all.push(frames);
      frames = [];
    }
  }
  return all;
}

/** Folds delivery after delivery, each from the cursor that the one before left, as a JSON document that was stored meanwhile. */
function foldAll(tape: Tape): Folded {
  let cursor: Cursor = emptyCursor(company, tape.batchSize);
  const batches = [];
  const bars = new Map<string, Bar>();
  for (const frames of deliveries(tape)) {
    const folded = fold(cursor, frames);
    cursor = { ...folded.cursor, open: folded.cursor.open && JSON.parse(JSON.stringify(folded.cursor.open)) };
    batches.push(...folded.batches);
    for (const bar of folded.bars) {
      const key = `${bar.interval} ${bar.startAt}`;
      const earlier = bars.get(key);
      bars.set(key, earlier ? { ...bar, ...mergeTotals(earlier, bar) } : bar);
    }
  }
  return { cursor, batches, bars: [...bars.values()] };
}

function countedOneByOne({ trades, batchSize }: Tape): Folded {
  const records = trades.map((trade, index): TradeRecord => ({ ...trade, seq: index + 1 }));
  const { cursor, batches, bars } = applicationFor(company, emptyCursor(company, batchSize), records, { batchSize });
  return { cursor, batches, bars };
}

function inOrder({ cursor, batches, bars }: Folded): Folded {
  const key = ({ interval, startAt }: Bar) => `${interval} ${startAt}`;
  return { cursor, batches, bars: bars.toSorted((one, other) => key(one).localeCompare(key(other))) };
}

describe('fold', () => {
  it('equals a count trade by trade, however the tape is cut, repeated or out of order in time', () => {
    fastCheck.assert(
      fastCheck.property(anyTape, (tape) => {
        assert.deepEqual(inOrder(foldAll(tape)), inOrder(countedOneByOne(tape)));
      }),
      { numRuns: 500 },
    );
  });

  it('leaves every trade in exactly one batch or the open one, and in one bar of each interval', () => {
    fastCheck.assert(
      fastCheck.property(anyTape, (tape) => {
        const { cursor, batches, bars } = foldAll(tape);
        assert.equal(cursor.position, tape.trades.length);
        assert.equal(cursor.batches, Math.floor(tape.trades.length / tape.batchSize));
        assert.equal(cursor.batchedTrades + (cursor.open?.count ?? 0), cursor.position);
        batches.forEach((batch, index) => {
          assert.equal(batch.number, index + 1);
          assert.equal(batch.firstSeq, index * tape.batchSize + 1);
          assert.equal(batch.lastSeq, (index + 1) * tape.batchSize);
          assert.equal(batch.count, tape.batchSize);
          assert.ok(batch.lowCents <= Math.min(batch.openCents, batch.closeCents));
          assert.ok(batch.highCents >= Math.max(batch.openCents, batch.closeCents));
          assert.ok(batch.firstAt <= batch.lastAt && batch.buys <= batch.count && batch.buyVolume <= batch.volume);
        });
        for (const [interval, lengthMs] of Object.entries(barIntervals)) {
          const own = bars.filter((bar) => bar.interval === interval);
          assert.equal(
            own.reduce((sum, { count }) => sum + count, 0),
            tape.trades.length,
          );
          assert.ok(own.every(({ startAt, count }) => startAt % lengthMs === 0 && count > 0));
        }
      }),
    );
  });

  it('closes a bar with the last trade by sequence number, though its time lies before others', () => {
    const trades = [
      { at: border + 100, priceCents: 1 },
      { at: border + 1_100, priceCents: 2 },
      { at: border + 200, priceCents: 3 },
    ].map((trade): Trade => ({ side: 'buy', quantity: 1, ...trade }));
    const { bars, cursor } = fold(emptyCursor(company, 1_000), [frameOf(trades, 0, 3)]);
    const closing = (interval: BarInterval) => bars.filter((bar) => bar.interval === interval).map(({ closeCents }) => closeCents);
    assert.deepEqual([closing('1s'), closing('1m'), closing('1h')], [[3, 2], [3], [3]]);
    assert.deepEqual([cursor.lastPriceCents, cursor.lastAt], [3, border + 200]);
  });

  it('adds nothing when everything was counted before', () => {
    const trades = [1, 2, 3].map((priceCents): Trade => ({ side: 'sell', priceCents, quantity: 1, at: border }));
    const { cursor } = fold(emptyCursor(company, 2), [frameOf(trades, 0, 3)]);
    assert.deepEqual(fold(cursor, [frameOf(trades, 0, 2), frameOf(trades, 0, 3)]), { cursor, batches: [], bars: [] });
  });

  it('refuses frames that leave a hole, or are not what they say', () => {
    const trades = [1, 2, 3].map((priceCents): Trade => ({ side: 'sell', priceCents, quantity: 1, at: border }));
    const hole = [frameOf(trades, 0, 1), frameOf(trades, 2, 3)];
    assert.throws(() => fold(emptyCursor(company, 2), hole), /trades 2 to 2 of MSFT are missing/);
    assert.throws(() => fold(emptyCursor(company, 2), [{ ...frameOf(trades, 0, 3), count: 2 }]), BrokenInvariant);
  });

  it('keeps the sums of a batch exact at every limit, and those of a bar at 2^53 − 1 when they outgrow it', () => {
    const count = 2 ** 17 + 1;
    const body = new Uint8Array(count * recordBytes);
    const { doubles, words } = tradeColumns(body);
    for (let index = 0; index < count; index += 1) {
      doubles[2 * index] = border;
      words[4 * index + 2] = 2 ** 20;
      words[4 * index + 3] = 2 ** 16 + buyBit;
    }
    const { batches, bars } = fold(emptyCursor(company, 100_000), [{ first: 1, count, body }]);
    assert.equal(batches.length, 1);
    assert.equal(batches[0]?.turnoverCents, 100_000 * 2 ** 36);
    assert.equal(batches[0]?.sumPriceCents, 100_000 * 2 ** 20);
    assert.equal(bars.length, 3);
    for (const bar of bars) {
      assert.equal(bar.turnoverCents, Number.MAX_SAFE_INTEGER, bar.interval);
      assert.equal(bar.volume, count * 2 ** 16);
    }
  });
});

describe('holeBefore', () => {
  const cursor = { ...emptyCursor(company, 10), position: 7 };
  const frames = (first: number): Frame[] => [{ first, count: 1, body: new Uint8Array(recordBytes) }];

  it('is the first sequence number that is missing', () => {
    assert.equal(holeBefore(cursor, frames(9)), 8);
    assert.equal(holeBefore(emptyCursor(company, 10), frames(5)), 1);
  });

  it('is nothing where the frames continue or repeat the position', () => {
    for (const first of [1, 7, 8]) assert.equal(holeBefore(cursor, frames(first)), undefined);
    assert.equal(holeBefore(cursor, []), undefined);
  });
});
