/**
 * The model that turns demand into a price. It counts in integers below 2^53 alone, so that it gives the same price to the last
 * coin on every machine, for ever: a change of any number here is a new version with a new name.
 *
 * The most that attention can do: D is between −1 and 1, so views alone move the target by at most exp(0.18), 20 %. Views count
 * against those of comparable flights and 40 visitors more. One network adds 4 visitors an hour: in one hour at most
 * D = 4/44, 1.7 % of the target, which is below the least change; over three days without end at most D = 0.63, 12 %.
 */
import { invariant } from '#core/errors.ts';
import type { PriceInputs } from '../api/prices/contracts.ts';

export const modelName = 'model-1';

const million = 1_000_000;
const dayMs = 86_400_000;
/** One visitor. */
export const viewUnit = 65_536;
/** Added to all views, so that a few visitors of a flight that nobody knows say little. */
const quietViews = 40 * viewUnit;
/** More counts as this: 65,536 visitors. */
const maxViews = 65_536 * viewUnit;
/** Percent of exp's argument for D and S. */
const demandPercent = 18;
const salesPercent = 45;
const runPercent = 5;
const dayPercent = 15;
const leastPercent = 2;

/** Of the seats, how many are usually sold so many days before departure, in millionths. */
const usualSales: readonly (readonly [daysOut: number, share: number])[] = [
  [0, 800_000],
  [3, 600_000],
  [7, 450_000],
  [14, 250_000],
  [30, 100_000],
  [60, 30_000],
  [120, 0],
];

/** What a fare is at the moment of a run. */
export interface FareNow {
  readonly base: number;
  readonly floor: number;
  readonly ceiling: number;
  readonly seats: number;
  readonly sold: number;
  readonly departsAt: number;
  /** The price. */
  readonly before: number;
  /** The lowest and the highest price of the last 24 hours, with this one. */
  readonly dayLow: number;
  readonly dayHigh: number;
}

export interface Attention {
  readonly views: number;
  readonly usualViews: number;
}

export type Priced = Omit<PriceInputs, 'runId' | 'model'>;

export function priceOf(fare: FareNow, { views, usualViews }: Attention, asOf: number): Priced {
  const { base, floor, ceiling, seats, sold, before, dayLow, dayHigh } = fare;
  const days = Math.max(0, daysOut(fare.departsAt, asOf));
  const { expectedSold, sales } = salesOf(sold, seats, days);
  const demand = demandOf(views, usualViews);
  const wish = rounded(base * exponential(demandPercent * demand + salesPercent * sales), one);
  const target = clamp(wish, floor, ceiling);
  const inDay = clamp(target, dayHigh - truncated(dayHigh * dayPercent, 100), dayLow + truncated(dayLow * dayPercent, 100));
  const step = truncated(before * runPercent, 100);
  // The clerks may have moved the bounds since the last change: they count more than the pace.
  const inRun = clamp(clamp(inDay, before - step, before + step), floor, ceiling);
  const small = Math.abs(inRun - before) * 100 < before * leastPercent;
  return {
    asOf,
    base,
    floor,
    ceiling,
    views,
    usualViews,
    demand,
    seats,
    sold,
    expectedSold,
    daysOut: days,
    sales,
    target,
    before,
    dayLow,
    dayHigh,
    price: small ? before : inRun,
    limitedBy: inRun !== inDay ? 'run' : inDay !== target ? 'day' : target < wish ? 'ceiling' : target > wish ? 'floor' : 'nothing',
  };
}

export function daysOut(departsAt: number, asOf: number): number {
  return Math.floor((departsAt - asOf) / dayMs);
}

/** What a price starts at while nothing is sold and nobody looks, so many days before departure: this part of the base, in 1/2^26. */
export function startOf(seats: number, days: number): number {
  return exponential(salesPercent * salesOf(0, seats, days).sales);
}

/** S, in millionths. */
function salesOf(sold: number, seats: number, days: number): { readonly expectedSold: number; readonly sales: number } {
  const expectedSold = rounded(seats * usualShare(days), million);
  return { expectedSold, sales: clamp(truncated((sold - expectedSold) * million, Math.max(1, seats)), -million, million) };
}

/** D, in millionths. */
export function demandOf(views: number, usualViews: number): number {
  const [own, usual] = [Math.min(views, maxViews), Math.min(usualViews, maxViews)];
  return truncated((own - usual) * million, own + usual + quietViews);
}

function usualShare(days: number): number {
  const after = usualSales.findIndex(([day]) => day > days);
  const [fromDay, fromShare] = usualSales[after - 1] ?? [0, 0];
  const [toDay, toShare] = usualSales[after] ?? [0, 0];
  if (after < 0) return 0;
  return fromShare - truncated((fromShare - toShare) * (days - fromDay), toDay - fromDay);
}

/** The factors of `exponential`: 2^26. Products of two stay below 2^53. */
export const one = 2 ** 26;

/** exp of an argument in 1/100,000,000, in 1/2^26, by its series. */
export function exponential(argument: number): number {
  const x = truncated(argument * one, 100_000_000);
  let term = one;
  let sum = one;
  for (let n = 1; term !== 0; n += 1) {
    term = truncated(term * x, n * one);
    sum += term;
  }
  return sum;
}

function rounded(dividend: number, divisor: number): number {
  return truncated(dividend + truncated(divisor, 2), divisor);
}

/**
 * The whole part of the quotient, exact for integers below 2^53: a quotient that is not whole is at least 1/divisor away from the
 * next whole number, which is more than the rounding of a double. Never −0.
 */
export function truncated(dividend: number, divisor: number): number {
  invariant(Number.isSafeInteger(dividend), 'a number of the model is beyond 2^53');
  return Math.trunc(dividend / divisor) + 0;
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
