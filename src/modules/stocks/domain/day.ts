/** The figures of the last 24 hours, from whole hours and the minutes of the hour that the window cuts. */
import { type Bar, barIntervals } from '../ports/results.ts';

const minuteMs = barIntervals['1m'];
const hourMs = barIntervals['1h'];
export const dayMs = 24 * hourMs;

/** Most bars a window needs: so memory is bounded at 85 bars a company, however much it trades. */
export const maxDayHours = 25;
export const maxDayMinutes = 60;

export interface DayWindow {
  /** First minute that lies wholly in the last 24 hours. */
  readonly from: number;
  /** First whole hour; minutes count from `from` to here. */
  readonly hoursFrom: number;
  /** End of the running hour; later bars (from a clock set back) do not count. */
  readonly to: number;
}

export function dayWindow(now: number): DayWindow {
  const from = Math.ceil((now - dayMs) / minuteMs) * minuteMs;
  return {
    from,
    hoursFrom: Math.ceil(from / hourMs) * hourMs,
    to: Math.floor(now / hourMs) * hourMs + hourMs,
  };
}

export interface DayFigures {
  readonly referenceCents: number | null;
  readonly highCents: number | null;
  readonly lowCents: number | null;
  readonly trades: number;
  readonly volume: number;
  readonly buyVolume: number;
}

/** Bars in order of time; those outside the window are left out, so that it may move on between two reads. */
export function dayFigures(minutes: readonly Bar[], hours: readonly Bar[], window: DayWindow): DayFigures {
  let referenceCents: number | null = null;
  let highCents: number | null = null;
  let lowCents: number | null = null;
  let trades = 0;
  let volume = 0;
  let buyVolume = 0;
  const add = (bar: Bar): void => {
    referenceCents ??= bar.openCents;
    highCents = highCents === null ? bar.highCents : Math.max(highCents, bar.highCents);
    lowCents = lowCents === null ? bar.lowCents : Math.min(lowCents, bar.lowCents);
    trades += bar.count;
    volume += bar.volume;
    buyVolume += bar.buyVolume;
  };
  for (const bar of minutes) if (bar.startAt >= window.from && bar.startAt < window.hoursFrom) add(bar);
  for (const bar of hours) if (bar.startAt >= window.hoursFrom && bar.startAt < window.to) add(bar);
  return { referenceCents, highCents, lowCents, trades, volume, buyVolume };
}
