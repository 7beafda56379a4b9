/** Lines drawn over the candles: each value follows from the last `count` candles, and is undefined where there are fewer. */
import type { Candle } from './bars.ts';

type Indicator = (candles: readonly Candle[], count: number) => readonly (number | undefined)[];

/** Of the closing prices, in cents. */
export const averages: Indicator = (candles, count) => overLast(candles, count, (some) => sumOf(some, 'closeCents') / count);

/** Weighted by quantity, in cents; undefined also where nothing was traded. */
export const vwaps: Indicator = (candles, count) =>
  overLast(candles, count, (some) => {
    const volume = sumOf(some, 'volume');
    return volume === 0 ? undefined : sumOf(some, 'turnoverCents') / volume;
  });

export const indicators = { average: averages, vwap: vwaps } as const satisfies Record<string, Indicator>;
export type IndicatorName = keyof typeof indicators;
export const indicatorNames = ['average', 'vwap'] as const satisfies readonly IndicatorName[];
export const indicatorCandles = 20;

/** Of the candle that starts at `startAt`, in cents. */
export function indicatorAt(name: IndicatorName, candles: readonly Candle[], startAt: number): number | null {
  const index = candles.findLastIndex((candle) => candle.startAt === startAt);
  const some = candles.slice(Math.max(0, index + 1 - indicatorCandles), index + 1);
  return indicators[name](some, indicatorCandles).at(-1) ?? null;
}

function overLast(
  candles: readonly Candle[],
  count: number,
  valueOver: (some: readonly Candle[]) => number | undefined,
): readonly (number | undefined)[] {
  return candles.map((_, index) => (index < count - 1 ? undefined : valueOver(candles.slice(index + 1 - count, index + 1))));
}

function sumOf(candles: readonly Candle[], figure: 'closeCents' | 'volume' | 'turnoverCents'): number {
  return candles.reduce((sum, candle) => sum + candle[figure], 0);
}
