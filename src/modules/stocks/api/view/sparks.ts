/** Sparklines: a company's recent prices, evenly spaced, out of its bars. */

import { type Bar, type BarInterval, barIntervals } from '../../ports/results.ts';
import type { Spark } from '../schemas.ts';

/** About as many points as a sparkline has pixels. */
const maxPoints = 120;
/** Up to this many minutes, bars of seconds are used: bars of minutes would give too few points. */
const maxMinutesOfSeconds = 10;

export interface SparkPlan {
  readonly interval: BarInterval;
  readonly stepMs: number;
  readonly points: number;
  /** Time of the last point: the end of the step that is running. */
  readonly endAt: number;
  /** This many of the newest bars hold every point, and the price before the first. */
  readonly maxBars: number;
}

export function sparkPlan(minutes: number, now: number): SparkPlan {
  const interval = minutes <= maxMinutesOfSeconds ? '1s' : '1m';
  const barMs = barIntervals[interval];
  const rangeMs = minutes * barIntervals['1m'];
  const barsPerStep = Math.ceil(rangeMs / barMs / maxPoints);
  const stepMs = barsPerStep * barMs;
  const points = Math.ceil(rangeMs / stepMs);
  return { interval, stepMs, points, endAt: Math.floor(now / stepMs) * stepMs + stepMs, maxBars: points * barsPerStep + 1 };
}

/** The price at each point: of the last bar that began before it. */
export function sparkOf(company: string, bars: readonly Bar[], { stepMs, points, endAt }: SparkPlan): Spark {
  const closesCents: (number | null)[] = [];
  let next = 0;
  let close: number | null = null;
  for (let point = 0; point < points; point += 1) {
    const at = endAt - (points - 1 - point) * stepMs;
    for (let bar = bars[next]; bar !== undefined && bar.startAt < at; bar = bars[next]) {
      close = bar.closeCents;
      next += 1;
    }
    closesCents.push(close);
  }
  return { company, stepMs, endAt, closesCents };
}
