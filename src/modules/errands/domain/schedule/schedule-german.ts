/** Schedules in German. */
import { listWith, type ScheduleWords } from './schedule-words.ts';

const months = 'Januar Februar März April Mai Juni Juli August September Oktober November Dezember'.split(' ');
const days = 'Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag'.split(' ');
const places = ['', 'ersten', 'zweiten', 'dritten', 'vierten', 'fünften'];
const one = { second: 'jede Sekunde', minute: 'jede Minute', hour: 'jede Stunde', day: 'jeden Tag' };
const many = { second: 'Sekunden', minute: 'Minuten', hour: 'Stunden', day: 'Tage' };

export const germanSchedule: ScheduleWords = {
  workdays: 'montags bis freitags',
  weekends: 'am Wochenende',
  everyDay: 'jeden Tag',
  lastDay: 'letzten',
  once: (date, time) => `einmal, am ${date} um ${time} Uhr`,
  every: (unit, count) => (count === 1 ? one[unit] : `alle ${count} ${many[unit]}`),
  everyHourAt: (minute) => `jede Stunde zur Minute ${minute}`,
  from: (date, time) => `ab dem ${date}, ${time} Uhr`,
  at: (times) => `um ${times} Uhr`,
  daysAndTimes: (on, times) => `${on} ${times}`,
  onlyActive: (on, hours) => `nur ${on} ${hours} Uhr`,
  times: (count) => (count === 1 ? 'einmal' : `${count.toLocaleString('de')}-mal`),
  byCron: (expression) => `nach dem Cron-Ausdruck ${expression}`,
  date: (day, month, year) => `${day}. ${months[month - 1]} ${year}`,
  month: (month) => months[month - 1] ?? '',
  weekday: (day) => `${days[day - 1]}s`.toLowerCase(),
  dayOfMonth: (date) => `${date}.`,
  onDates: (dates) => `am ${dates} des Monats`,
  inMonths: (named) => `im ${named}`,
  placedWeekday: (place, day) => `jeden ${place === 'last' ? 'letzten' : places[place]} ${days[day - 1]} des Monats`,
  list: (parts) => listWith('und', parts),
  either: (parts) => listWith('oder', parts),
};
