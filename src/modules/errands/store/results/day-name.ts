/** The name of a day, in tables and in the lake. */
import { dayMs } from '../../domain/days.ts';

/** Of days since 1970 in UTC, such as `2026-12-01`. */
export function dayName(day: number): string {
  return Temporal.Instant.fromEpochMilliseconds(day * dayMs)
    .toString()
    .slice(0, 10);
}
