/** Services (a flight number with its schedule and fares) and the flights that they make. */
export interface FlightService {
  /** Such as `KO1234`. */
  readonly number: string;
  readonly origin: string;
  readonly destination: string;
  /** Local minute of the day. */
  readonly departsMinute: number;
  readonly durationMinutes: number;
  /** Bit 0 is Monday. */
  readonly weekdays: number;
  readonly aircraft: string;
  readonly economyBase: number;
  /** Null where there is no business cabin. */
  readonly businessBase: number | null;
  /** Days are counted from 1970, and are those of the local departure. */
  readonly firstDay: number;
  /** Null: until further notice. */
  readonly lastDay: number | null;
}

/** Flights are in the timetable so many days ahead. */
export const timetableDays = 120;

/** Days of the week as bits, from 1 for Monday. */
export function weekdayBits(weekdays: readonly number[]): number {
  return weekdays.reduce((bits, weekday) => bits | (1 << (weekday - 1)), 0);
}

export function weekdaysIn(bits: number): readonly number[] {
  return [1, 2, 3, 4, 5, 6, 7].filter((weekday) => (bits & (1 << (weekday - 1))) !== 0);
}

/** In percent of the base fare of the service, by weekday from Monday: where the prices of a flight on that day start. */
const weekdayPercents = [100, 88, 86, 94, 114, 104, 118];

/** Where prices of a day start, in percent: dearer at the weekend, in midsummer and around the turn of the year. */
export function dayPercent(day: number, weekday: number): number {
  const dayOfYear = (((day % 365.2425) + 365.2425) % 365.2425) | 0;
  const fromNewYear = Math.min(dayOfYear, 365 - dayOfYear);
  const fromSummer = Math.abs(dayOfYear - 205);
  const season = Math.max(0, 16 - 2 * fromNewYear, Math.round(20 - fromSummer / 2));
  return (weekdayPercents[weekday - 1] ?? 100) + season;
}

export const lowestPercent = 50;
export const highestPercent = 300;
