/** Schedules in English. */
import { listWith, type ScheduleWords } from './schedule-words.ts';

const months = 'January February March April May June July August September October November December'.split(' ');
const days = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');
const places = ['', 'first', 'second', 'third', 'fourth', 'fifth'];

function ordinal(number: number): string {
  const teen = number >= 11 && number <= 13;
  return `${number}${(teen ? undefined : ['', 'st', 'nd', 'rd'][number % 10]) || 'th'}`;
}

export const englishSchedule: ScheduleWords = {
  workdays: 'workdays',
  weekends: 'weekends',
  everyDay: 'every day',
  lastDay: 'last day',
  once: (date, time) => `once, on ${date} at ${time}`,
  every: (unit, count) => (count === 1 ? `every ${unit}` : `every ${count} ${unit}s`),
  everyHourAt: (minute) => `every hour at minute ${minute}`,
  from: (date, time) => `from ${date}, ${time}`,
  at: (times) => `at ${times}`,
  daysAndTimes: (on, times) => `${on} ${times}`,
  onlyActive: (on, hours) => `only ${on} ${hours}`,
  times: (count) => (count === 1 ? 'one time' : `${count.toLocaleString('en')} times`),
  byCron: (expression) => `by cron ${expression}`,
  date: (day, month, year) => `${day} ${months[month - 1]} ${year}`,
  month: (month) => months[month - 1] ?? '',
  weekday: (day) => `${days[day - 1]}s`,
  dayOfMonth: (date) => ordinal(date),
  onDates: (dates) => `on the ${dates} of the month`,
  inMonths: (named) => `in ${named}`,
  placedWeekday: (place, day) => `every ${place === 'last' ? place : places[place]} ${days[day - 1]} of the month`,
  list: (parts) => listWith('and', parts),
  either: (parts) => listWith('or', parts),
};
