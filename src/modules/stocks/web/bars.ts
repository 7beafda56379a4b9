/** Candles from bars: how long each span reaches, coarser bars from finer ones, and a live price on the last of them. */
import type { BarView } from '#modules/stocks/api/schemas.ts';

/** What a candle shows of a bar. */
export interface Candle {
  readonly startAt: number;
  readonly openCents: number;
  readonly highCents: number;
  readonly lowCents: number;
  readonly closeCents: number;
  readonly volume: number;
  /** Prices times quantities. */
  readonly turnoverCents: number;
}

export const spanNames = ['5m', '1h', '1d', 'all'] as const;
export type SpanName = (typeof spanNames)[number];

export interface Span {
  /** The bars the server keeps that this span is made of. */
  readonly interval: '1s' | '1m' | '1h';
  readonly intervalMs: number;
  /** A candle's width in time, a multiple of the interval. */
  readonly candleMs: number;
  /** Candles in view at first. */
  readonly candles: number;
  /** How often the newest bars are asked for again; between, the live price moves the last candle. */
  readonly refreshMs: number;
}

export const spans: Readonly<Record<SpanName, Span>> = {
  '5m': { interval: '1s', intervalMs: 1_000, candleMs: 2_000, candles: 150, refreshMs: 2_000 },
  '1h': { interval: '1m', intervalMs: 60_000, candleMs: 60_000, candles: 60, refreshMs: 4_000 },
  '1d': { interval: '1m', intervalMs: 60_000, candleMs: 600_000, candles: 144, refreshMs: 10_000 },
  all: { interval: '1h', intervalMs: 3_600_000, candleMs: 3_600_000, candles: 168, refreshMs: 20_000 },
};

/** Bars in order of time become candles of `candleMs`; spans of time without trades have none. */
export function candlesFrom(bars: readonly BarView[], candleMs: number): readonly Candle[] {
  const candles: Candle[] = [];
  for (const bar of bars) {
    const startAt = Math.floor(bar.startAt / candleMs) * candleMs;
    const last = candles.at(-1);
    if (last?.startAt === startAt) candles[candles.length - 1] = joined(last, bar);
    else candles.push({ ...candleOf(bar), startAt });
  }
  return candles;
}

/** The newest candle after a trade at this price: moved, or a new one when its time is over. Older trades change nothing. */
export function withPrice(last: Candle | undefined, priceCents: number, at: number, candleMs: number): Candle | undefined {
  const startAt = Math.floor(at / candleMs) * candleMs;
  if (last === undefined || startAt > last.startAt) {
    return {
      startAt,
      openCents: priceCents,
      highCents: priceCents,
      lowCents: priceCents,
      closeCents: priceCents,
      volume: 0,
      turnoverCents: 0,
    };
  }
  if (startAt < last.startAt) return undefined;
  return {
    ...last,
    highCents: Math.max(last.highCents, priceCents),
    lowCents: Math.min(last.lowCents, priceCents),
    closeCents: priceCents,
  };
}

function candleOf({ startAt, openCents, highCents, lowCents, closeCents, volume, vwapCents }: BarView): Candle {
  return { startAt, openCents, highCents, lowCents, closeCents, volume, turnoverCents: vwapCents * volume };
}

function joined(candle: Candle, bar: BarView): Candle {
  return {
    ...candle,
    highCents: Math.max(candle.highCents, bar.highCents),
    lowCents: Math.min(candle.lowCents, bar.lowCents),
    closeCents: bar.closeCents,
    volume: candle.volume + bar.volume,
    turnoverCents: candle.turnoverCents + bar.vwapCents * bar.volume,
  };
}
