/** The hours of the week in which an order may be due. */
import { dayMs } from '../days.ts';
import { type ActiveHours, minuteMs, weekdayOf } from './schedule.ts';
import { stretchAt } from './zone-clock.ts';

const dayMinutes = 1_440;

/** The first instant from `at` on that lies in the active hours. Where the clock is set back, they last as long as the clock shows them. */
export function activeFrom(hours: ActiveHours, zone: string, at: number): number {
  for (let stretch = stretchAt(zone, at); ; stretch = stretchAt(zone, stretch.toMs)) {
    const active = nextActiveLocal(hours, Math.max(at, stretch.fromMs) + stretch.offsetMs) - stretch.offsetMs;
    if (active < stretch.toMs) return active;
  }
}

function nextActiveLocal({ days, fromMinute, toMinute }: ActiveHours, local: number): number {
  const minutes = toMinute > fromMinute ? toMinute - fromMinute : toMinute + dayMinutes - fromMinute;
  // The window of the day before may still be open; a weekday comes again after seven days.
  const yesterday = Math.floor(local / dayMs) - 1;
  for (let day = yesterday; day <= yesterday + 8; day++) {
    const opens = day * dayMs + fromMinute * minuteMs;
    if (local < opens + minutes * minuteMs && days.includes(weekdayOf(day))) return Math.max(local, opens);
  }
  throw new Error('active hours without a day of the week are refused when they are ordered');
}
