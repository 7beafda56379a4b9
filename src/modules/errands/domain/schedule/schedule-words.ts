/** The words that a language needs to say when a schedule is due. */
export interface ScheduleWords {
  readonly workdays: string;
  readonly weekends: string;
  readonly everyDay: string;
  readonly lastDay: string;
  once(date: string, time: string): string;
  every(unit: 'second' | 'minute' | 'hour' | 'day', count: number): string;
  everyHourAt(minute: number): string;
  from(date: string, time: string): string;
  at(times: string): string;
  daysAndTimes(days: string, times: string): string;
  onlyActive(days: string, hours: string): string;
  times(count: number): string;
  byCron(expression: string): string;
  date(day: number, month: number, year: number): string;
  /** Months from 1, weekdays from 1 for Monday. */
  month(month: number): string;
  weekday(day: number): string;
  dayOfMonth(date: number): string;
  onDates(dates: string): string;
  inMonths(months: string): string;
  placedWeekday(place: number | 'last', day: number): string;
  list(parts: readonly string[]): string;
  either(parts: readonly string[]): string;
}

/** “a, b and c”, with the word that the language has for “and”. */
export function listWith(word: string, parts: readonly string[]): string {
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} ${word} ${parts.at(-1)}`;
}
