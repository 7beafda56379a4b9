/**
 * Folds trades into batches of exactly `batchSize` and into time bars. Pure, and the hot loop of the market.
 *
 * Sums are whole numbers and exact: within a batch at most 100,000 trades of at most 2^36 cents stay below 2^53. Bars can
 * outgrow that in an hour of extreme trading: then their sums stay at 2^53 − 1.
 */
import { invariant } from '#core/errors.ts';
import type { Frame } from '#core/ports/stream.ts';
import { type Bar, type BarInterval, type Batch, barIntervals, type Cursor, type OpenBatch, type Totals } from '../ports/results.ts';
import { buyBit, checkFrame, quantityMask, type TradeColumns, tradeColumns } from './trades.ts';

export interface Folded {
  readonly cursor: Cursor;
  readonly batches: readonly Batch[];
  /** What these trades add to each bar they touch. */
  readonly bars: readonly Bar[];
}

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };
type Run = Mutable<OpenBatch>;

const intervals = Object.entries(barIntervals) as [BarInterval, number][];

export function emptyCursor(company: string, batchSize: number): Cursor {
  return { company, position: 0, batches: 0, batchedTrades: 0, batchSize, open: undefined, lastPriceCents: 0, lastAt: 0 };
}

/** Frames must continue the cursor without a hole; what is at or below its position is skipped. */
export function fold(cursor: Cursor, frames: readonly Frame[]): Folded {
  const folding = new Folding(cursor);
  for (const frame of frames) folding.add(frame);
  return folding.result();
}

/** The first sequence number missing between the cursor and the frames; undefined when they join. */
export function holeBefore(cursor: Cursor, frames: readonly Frame[]): number | undefined {
  const first = frames[0]?.first ?? 0;
  return first > cursor.position + 1 ? cursor.position + 1 : undefined;
}

class Folding {
  readonly #company: string;
  readonly #batchSize: number;
  readonly #closed: Batch[] = [];
  /** Each interval apart: where times step back, bars built from finished seconds would not close with the last trade. */
  readonly #bars = intervals.map(([interval, lengthMs]) => ({ interval, lengthMs, runs: new Map<number, Run>() }));
  #position: number;
  #batches: number;
  #batchedTrades: number;
  #open: Run | undefined;
  #lastPriceCents: number;
  #lastAt: number;

  constructor(cursor: Cursor) {
    this.#company = cursor.company;
    this.#batchSize = cursor.batchSize;
    this.#position = cursor.position;
    this.#batches = cursor.batches;
    this.#batchedTrades = cursor.batchedTrades;
    this.#open = cursor.open && { ...cursor.open };
    this.#lastPriceCents = cursor.lastPriceCents;
    this.#lastAt = cursor.lastAt;
  }

  add(frame: Frame): void {
    checkFrame(frame);
    invariant(frame.first <= this.#position + 1, `trades ${this.#position + 1} to ${frame.first - 1} of ${this.#company} are missing`);
    const columns = tradeColumns(frame.body);
    let index = this.#position + 1 - frame.first;
    while (index < columns.count) index = this.#addRun(columns, index);
  }

  result(): Folded {
    return {
      cursor: {
        company: this.#company,
        position: this.#position,
        batches: this.#batches,
        batchedTrades: this.#batchedTrades,
        batchSize: this.#batchSize,
        open: this.#open,
        lastPriceCents: this.#lastPriceCents,
        lastAt: this.#lastAt,
      },
      batches: this.#closed,
      bars: this.#bars.flatMap(({ interval, runs }) =>
        Array.from(runs, ([startAt, run]) => ({ company: this.#company, interval, startAt, ...totalsOf(run) })),
      ),
    };
  }

  /** Adds trades from `index` on that share a batch and a second; returns the index after them. */
  #addRun(columns: TradeColumns, index: number): number {
    const room = this.#batchSize - (this.#open?.count ?? 0);
    const run = sumRun(columns, index, Math.min(columns.count, index + room));
    for (const { lengthMs, runs } of this.#bars) {
      const startAt = Math.floor(run.firstAt / lengthMs) * lengthMs;
      const bar = runs.get(startAt);
      if (bar) join(bar, run);
      else runs.set(startAt, { ...run });
    }
    if (this.#open) join(this.#open, run);
    else this.#open = run;
    this.#position += run.count;
    this.#lastPriceCents = run.closeCents;
    this.#lastAt = columns.doubles[2 * (index + run.count - 1)] as number;
    if (this.#open.count === this.#batchSize) this.#close(this.#open);
    return index + run.count;
  }

  #close(open: Run): void {
    this.#batches += 1;
    this.#batchedTrades += open.count;
    this.#closed.push({
      company: this.#company,
      number: this.#batches,
      firstSeq: this.#position - open.count + 1,
      lastSeq: this.#position,
      ...open,
    });
    this.#open = undefined;
  }
}

/** Sums trades from `index` up to `end`, or up to the first that lies in another second. */
function sumRun({ doubles, words }: TradeColumns, index: number, end: number): Run {
  let at = doubles[2 * index] as number;
  let atBefore = at;
  const secondStart = Math.floor(at / 1_000) * 1_000;
  const secondEnd = secondStart + 1_000;
  const openCents = words[4 * index + 2] as number;
  let [firstAt, lastAt, highCents, lowCents, closeCents] = [at, at, openCents, openCents, openCents];
  let [sumPriceCents, turnoverCents, volume, buys, buyVolume] = [0, 0, 0, 0, 0];
  let next = index;
  while (next < end) {
    at = doubles[2 * next] as number;
    if (at !== atBefore) {
      if (at < secondStart || at >= secondEnd) break;
      if (at < firstAt) firstAt = at;
      else if (at > lastAt) lastAt = at;
      atBefore = at;
    }
    const price = words[4 * next + 2] as number;
    const word = words[4 * next + 3] as number;
    const quantity = word & quantityMask;
    sumPriceCents += price;
    turnoverCents += price * quantity;
    volume += quantity;
    if (word >= buyBit) {
      buys += 1;
      buyVolume += quantity;
    }
    if (price > highCents) highCents = price;
    if (price < lowCents) lowCents = price;
    closeCents = price;
    next += 1;
  }
  return {
    count: next - index,
    sumPriceCents,
    turnoverCents,
    volume,
    buys,
    buyVolume,
    openCents,
    highCents,
    lowCents,
    closeCents,
    firstAt,
    lastAt,
  };
}

/** Adds a later run to an earlier one. */
function join(into: Run, later: Run): void {
  into.count += later.count;
  into.sumPriceCents = added(into.sumPriceCents, later.sumPriceCents);
  into.turnoverCents = added(into.turnoverCents, later.turnoverCents);
  into.volume = added(into.volume, later.volume);
  into.buys += later.buys;
  into.buyVolume = added(into.buyVolume, later.buyVolume);
  if (later.highCents > into.highCents) into.highCents = later.highCents;
  if (later.lowCents < into.lowCents) into.lowCents = later.lowCents;
  if (later.firstAt < into.firstAt) into.firstAt = later.firstAt;
  if (later.lastAt > into.lastAt) into.lastAt = later.lastAt;
  into.closeCents = later.closeCents;
}

function added(a: number, b: number): number {
  return Math.min(Number.MAX_SAFE_INTEGER, a + b);
}

function totalsOf({ firstAt: _first, lastAt: _last, ...totals }: OpenBatch): Totals {
  return totals;
}
