/** When a cron expression is due next, in local time and in a time zone. */
import { type Cron, isFault, readCron } from './cron-expression.ts';
import { minuteMs } from './schedule.ts';
import { instantOf, latestLocalTime } from './zone-clock.ts';

const dayMinutes = 1_440;
/** A weekday on 29 February comes again after 40 years at the latest; what is not due in that time never is. */
export const horizonDays = 41 * 366;
/** Beyond them the memory starts again empty. */
const maxCrons = 1_000;

const crons = new Map<string, Cron>();

/** A checked expression, ready to be asked. */
function cronOf(expression: string): Cron {
  const known = crons.get(expression);
  if (known !== undefined) return known;
  const cron = readCron(expression);
  if (isFault(cron)) throw new Error(`a stored schedule has the cron expression ${expression}, which was never checked`);
  if (crons.size >= maxCrons) crons.clear();
  crons.set(expression, cron);
  return cron;
}

/** The first time after `at`; undefined for none within the horizon. */
export function nextCronTime(expression: string, zone: string, at: number): number | undefined {
  const minute = nextLocalMinute(cronOf(expression), Math.floor(latestLocalTime(zone, at) / minuteMs) + 1);
  return minute === undefined ? undefined : instantOf(zone, minute * minuteMs);
}

interface CalendarDay {
  readonly year: number;
  readonly month: number;
  readonly date: number;
}

/** The first local minute from this one on. Minutes are counted from 1970. */
function nextLocalMinute(cron: Cron, from: number): number | undefined {
  const firstDay = Math.floor(from / dayMinutes);
  for (let day = firstDay; day <= firstDay + horizonDays; ) {
    const on = calendarDay(day);
    const length = daysIn(on.year, on.month);
    if (!has(cron.months, on.month)) {
      day += length - on.date + 1;
      continue;
    }
    const minute = isDue(cron, day, on.date, length) ? (cron.nextOfDay[day === firstDay ? from - day * dayMinutes : 0] ?? -1) : -1;
    if (minute >= 0) return day * dayMinutes + minute;
    day++;
  }
  return undefined;
}

function isDue(cron: Cron, day: number, date: number, length: number): boolean {
  const weekday = (((day + 4) % 7) + 7) % 7;
  const byDate = has(cron.days, date) || (cron.lastDay && date === length);
  const byWeekday =
    has(cron.weekdays, weekday) ||
    (date + 7 > length && has(cron.lastWeekdays, weekday)) ||
    has(cron.placedWeekdays[Math.ceil(date / 7)] ?? 0, weekday);
  return cron.eitherDay ? byDate || byWeekday : byDate && byWeekday;
}

function has(set: number, member: number): boolean {
  return ((set >>> member) & 1) === 1;
}

/** Years are counted from March, so that the leap day is the last day of its year; 400 of them have 146,097 days. */
function calendarDay(day: number): CalendarDay {
  const sinceMarchOf0 = day + 719_468;
  const era = Math.floor(sinceMarchOf0 / 146_097);
  const dayOfEra = sinceMarchOf0 - era * 146_097;
  const leapDays = Math.floor(dayOfEra / 1_460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const date = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  return { year: era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, date };
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
