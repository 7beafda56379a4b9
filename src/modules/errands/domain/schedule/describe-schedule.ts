/** Says in plain words when a schedule is due: “workdays at 09:00, Berlin”. */
import { dayMs } from '../days.ts';
import { type Cron, cronNames, isFault, readCron } from './cron-expression.ts';
import { type ActiveHours, minuteMs, type Repeat, type Schedule, timeText } from './schedule.ts';
import { englishSchedule } from './schedule-english.ts';
import { germanSchedule } from './schedule-german.ts';
import type { ScheduleWords } from './schedule-words.ts';
import { localTime } from './zone-clock.ts';

const words = { en: englishSchedule, de: germanSchedule } as const;
/** More times of a day are not listed. */
const mostTimes = 4;

export function describeSchedule(schedule: Schedule, language: 'en' | 'de'): string {
  const said = words[language];
  const { repeat, zone, repetitions, activeHours } = schedule;
  const parts = [rhythm(schedule, said), zone.slice(zone.lastIndexOf('/') + 1).replaceAll('_', ' ')];
  if (activeHours !== null) parts.push(said.onlyActive(weekdays(activeHours.days, said), timeRange(activeHours)));
  if (repetitions !== null && repeat.kind !== 'once') parts.push(said.times(repetitions));
  return parts.join(', ');
}

function timeRange({ fromMinute, toMinute }: ActiveHours): string {
  return `${timeText(fromMinute)}–${timeText(toMinute)}`;
}

function rhythm({ repeat, start, zone }: Schedule, said: ScheduleWords): string {
  const local = localTime(zone, start);
  const time = timeText(Math.floor((local % dayMs) / minuteMs));
  if (repeat.kind === 'once') return said.once(dateText(local, said), time);
  if (repeat.kind === 'interval') return `${intervalText(repeat.seconds, said)}, ${said.from(dateText(local, said), time)}`;
  return cronText(repeat, said);
}

function dateText(local: number, said: ScheduleWords): string {
  const date = Temporal.Instant.fromEpochMilliseconds(local).toZonedDateTimeISO('UTC');
  return said.date(date.day, date.month, date.year);
}

function intervalText(seconds: number, said: ScheduleWords): string {
  if (seconds % 86_400 === 0) return said.every('day', seconds / 86_400);
  if (seconds % 3_600 === 0) return said.every('hour', seconds / 3_600);
  if (seconds % 60 === 0) return said.every('minute', seconds / 60);
  return said.every('second', seconds);
}

function cronText({ expression }: Extract<Repeat, { kind: 'cron' }>, said: ScheduleWords): string {
  const cron = readCron(expression);
  if (isFault(cron)) return said.byCron(expression);
  const fields = (cronNames[expression.trim().toLowerCase()] ?? expression.trim()).split(/\s+/);
  const times = timesText(cron, fields, said);
  const days = daysText(cron, said);
  if (times === undefined || days === undefined) return said.byCron(expression);
  return days === said.everyDay && times.wholeDay ? times.text : said.daysAndTimes(days, times.text);
}

/** `wholeDay`: the times go through the whole day, so that “every day” need not be said. */
function timesText(cron: Cron, [minute = '', hour = '']: readonly string[], said: ScheduleWords) {
  const step = /^\*\/(\d+)$/.exec(minute)?.[1];
  const hourStep = /^\*\/(\d+)$/.exec(hour)?.[1];
  if (hour === '*') {
    if (minute === '*' || step === '1') return { text: said.every('minute', 1), wholeDay: true };
    if (step !== undefined && 60 % Number(step) === 0) return { text: said.every('minute', Number(step)), wholeDay: true };
    if (minute === '0') return { text: said.every('hour', 1), wholeDay: true };
    if (/^\d+$/.test(minute)) return { text: said.everyHourAt(Number(minute)), wholeDay: true };
  }
  if (hourStep !== undefined && 24 % Number(hourStep) === 0 && minute === '0')
    return { text: said.every('hour', Number(hourStep)), wholeDay: true };
  const minutes: number[] = [];
  for (let from = 0; from < 1_440 && minutes.length <= mostTimes; from++) {
    const next = cron.nextOfDay[from] ?? -1;
    if (next < 0) break;
    minutes.push(next);
    from = next;
  }
  return minutes.length > mostTimes ? undefined : { text: said.at(said.list(minutes.map(timeText))), wholeDay: false };
}

/** Undefined where it takes more than a few words. */
function daysText(cron: Cron, said: ScheduleWords): string | undefined {
  const dates = members(cron.days, 1, 31);
  const weekdaysFromMonday = members(cron.weekdays, 0, 6).map((day) => (day === 0 ? 7 : day));
  if (cron.eitherDay && (dates.length === 31 || weekdaysFromMonday.length === 7)) return inMonths(cron, said.everyDay, said);
  const byDate: string[] = dates.length === 31 ? [] : dates.map((date) => said.dayOfMonth(date));
  if (cron.lastDay && dates.length < 31) byDate.push(said.lastDay);
  const byWeekday: string[] =
    weekdaysFromMonday.length === 7 || weekdaysFromMonday.length === 0 ? [] : [weekdays(weekdaysFromMonday, said)];
  if (weekdaysFromMonday.length < 7) byWeekday.push(...placedText(cron, said));
  if (byDate.length > 7) return undefined;
  // Both a date and a weekday: only where either is enough can it be said in a few words.
  if (byDate.length > 0 && byWeekday.length > 0 && !cron.eitherDay) return undefined;
  const days = [...(byDate.length > 0 ? [said.onDates(said.list(byDate))] : []), ...byWeekday];
  return inMonths(cron, days.length === 0 ? said.everyDay : said.either(days), said);
}

function inMonths(cron: Cron, days: string, said: ScheduleWords): string {
  const months = members(cron.months, 1, 12);
  return months.length === 12 ? days : `${days} ${said.inMonths(said.list(months.map((month) => said.month(month))))}`;
}

function placedText(cron: Cron, said: ScheduleWords): string[] {
  const placed = cron.placedWeekdays.flatMap((set, place) =>
    members(set, 0, 6).map((day) => said.placedWeekday(place, day === 0 ? 7 : day)),
  );
  return [...placed, ...members(cron.lastWeekdays, 0, 6).map((day) => said.placedWeekday('last', day === 0 ? 7 : day))];
}

function weekdays(days: readonly number[], said: ScheduleWords): string {
  const sorted = [...days].sort((one, other) => one - other);
  if (sorted.join() === '1,2,3,4,5') return said.workdays;
  if (sorted.join() === '6,7') return said.weekends;
  return sorted.length === 7 ? said.everyDay : said.list(sorted.map((day) => said.weekday(day)));
}

function members(set: number, least: number, most: number): number[] {
  const found: number[] = [];
  for (let member = least; member <= most; member++) if (((set >>> member) & 1) === 1) found.push(member);
  return found;
}
