/** Dates and times at an airport, as the API writes them: `2026-12-01` and `2026-12-01T06:40`. No time zone is needed to show them. */
import type { Language } from '#web/language/formats.ts';

const dayMs = 86_400_000;

/** `06:40` */
export function clockOf(local: string): string {
  return local.slice(11, 16);
}

export function dateOf(local: string): string {
  return local.slice(0, 10);
}

export function monthOf(date: string): string {
  return date.slice(0, 7);
}

/** Whether the text is a day of the calendar: 30 February is not. */
export function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && textOf(Date.parse(text)) === text;
}

export function addDays(date: string, days: number): string {
  return textOf(Date.parse(date) + days * dayMs);
}

export function addMonths(month: string, months: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return textOf(Date.UTC(year, number - 1 + months, 1)).slice(0, 7);
}

/** The days of a month in weeks from Monday to Sunday; undefined before the first and after the last. */
export function weeksOf(month: string): readonly (readonly (string | undefined)[])[] {
  const first = `${month}-01`;
  const start = addDays(first, 1 - weekdayOf(first));
  return Array.from({ length: 6 }, (_, week) =>
    Array.from({ length: 7 }, (_day, day) => addDays(start, week * 7 + day)).map((date) => (monthOf(date) === month ? date : undefined)),
  ).filter((week) => week.some((date) => date !== undefined));
}

/** 1 for Monday. */
export function weekdayOf(date: string): number {
  return ((new Date(Date.parse(date)).getUTCDay() + 6) % 7) + 1;
}

/** The date on the reader's clock. */
export function todayAt(epochMs: number): string {
  const at = new Date(epochMs);
  return textOf(Date.UTC(at.getFullYear(), at.getMonth(), at.getDate()));
}

/** `2 h 35 min` in both languages. */
export function durationText(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [hours > 0 ? `${hours} h` : '', rest > 0 || hours === 0 ? `${rest} min` : ''].filter((part) => part !== '').join(' ');
}

export interface DayTexts {
  /** `Tue 1 Dec` */
  short(date: string): string;
  /** `Tuesday, 1 December 2026` */
  long(date: string): string;
  /** `December 2026` */
  month(month: string): string;
  /** `Mon` for 1. */
  weekday(number: number): string;
}

export function dayTextsFor(language: Language): DayTexts {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language === 'de' ? 'de-DE' : 'en-GB', { timeZone: 'UTC', ...options });
  const short = format({ weekday: 'short', day: 'numeric', month: 'short' });
  const long = format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
  const month = format({ month: 'long', year: 'numeric' });
  const weekday = format({ weekday: 'short' });
  return {
    short: (date) => short.format(Date.parse(date)).replaceAll(',', ''),
    long: (date) => long.format(Date.parse(date)),
    month: (text) => month.format(Date.parse(`${text}-01`)),
    // 2 January 2023 was a Monday.
    weekday: (number) => weekday.format(Date.UTC(2023, 0, 1 + number)),
  };
}

function textOf(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}
