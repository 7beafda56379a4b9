/**
 * Reads cron expressions: five fields with lists, ranges, steps and names; `L` for the last day, `5L` for the last Friday, `5#2` for the
 * second one; and names such as `@daily`. What is wrong is told with its position.
 */

export type CronField = 'minute' | 'hour' | 'day' | 'month' | 'weekday';

export interface Cron {
  /** The next minute of a day that is due, from each minute on; -1 for none. */
  readonly nextOfDay: Int16Array;
  /** Sets, a bit for each member: days of the month from 1, months from 1, weekdays from 0 for Sunday. */
  readonly days: number;
  readonly months: number;
  readonly weekdays: number;
  readonly lastDay: boolean;
  readonly lastWeekdays: number;
  /** By the place in the month, from 1: the weekdays that are due at this place. */
  readonly placedWeekdays: readonly number[];
  /** The day of the month and the weekday are both limited: then either is enough. */
  readonly eitherDay: boolean;
}

/** `position` counts characters from 1. */
export type CronFault = { readonly position: number } & (
  | { readonly fault: 'fields'; readonly count: number }
  | { readonly fault: 'name'; readonly part: string }
  | { readonly fault: 'part'; readonly part: string; readonly field: CronField }
  | { readonly fault: 'value'; readonly part: string; readonly field: CronField; readonly least: number; readonly most: number }
  | { readonly fault: 'range'; readonly part: string; readonly field: CronField; readonly instead: string }
  | { readonly fault: 'step'; readonly part: string; readonly field: CronField; readonly most: number }
);

interface FieldRule {
  readonly field: CronField;
  readonly least: number;
  readonly most: number;
  /** What `*` and an open range reach; Sunday is 0 and 7. */
  readonly top: number;
  readonly names: readonly string[];
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const minuteRule: FieldRule = { field: 'minute', least: 0, most: 59, top: 59, names: [] };
const hourRule: FieldRule = { field: 'hour', least: 0, most: 23, top: 23, names: [] };
const dayRule: FieldRule = { field: 'day', least: 1, most: 31, top: 31, names: [] };
const monthRule: FieldRule = { field: 'month', least: 1, most: 12, top: 12, names: months };
const weekdayRule: FieldRule = { field: 'weekday', least: 0, most: 7, top: 6, names: weekdays };

export const cronNames: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/** What a field says, piece by piece. */
interface FieldSet {
  readonly values: Set<number>;
  readonly starred: boolean;
  last: boolean;
  readonly lastWeekdays: Set<number>;
  readonly placed: { readonly weekday: number; readonly place: number }[];
}

class Wrong {
  readonly fault: CronFault;
  constructor(fault: CronFault) {
    this.fault = fault;
  }
}

export function readCron(expression: string): Cron | CronFault {
  const text = expression.trim();
  const lead = expression.indexOf(text);
  const named = text.startsWith('@') ? cronNames[text.toLowerCase()] : text;
  if (named === undefined) return { fault: 'name', position: lead + 1, part: text };
  const parts = [...named.matchAll(/\S+/g)];
  if (parts.length !== 5) {
    const position = parts.length > 5 ? lead + (parts[5]?.index ?? 0) + 1 : expression.length + 1;
    return { fault: 'fields', position, count: parts.length };
  }
  const read = (index: number, rule: FieldRule) => readField(parts[index]?.[0] ?? '', lead + (parts[index]?.index ?? 0) + 1, rule);
  const [minute, hour] = [read(0, minuteRule), read(1, hourRule)];
  const [day, month, weekday] = [read(2, dayRule), read(3, monthRule), read(4, weekdayRule)];
  if (minute instanceof Wrong) return minute.fault;
  if (hour instanceof Wrong) return hour.fault;
  if (day instanceof Wrong) return day.fault;
  if (month instanceof Wrong) return month.fault;
  if (weekday instanceof Wrong) return weekday.fault;
  return {
    nextOfDay: nextOfDay(minute.values, hour.values),
    days: bits(day.values),
    months: bits(month.values),
    weekdays: bits(weekday.values),
    lastDay: day.last,
    lastWeekdays: bits(weekday.lastWeekdays),
    placedWeekdays: Array.from({ length: 6 }, (_, place) =>
      bits(weekday.placed.filter((placed) => placed.place === place).map((placed) => placed.weekday)),
    ),
    eitherDay: !day.starred && !weekday.starred,
  };
}

export function isFault(cron: Cron | CronFault): cron is CronFault {
  return 'fault' in cron;
}

function bits(values: Iterable<number>): number {
  let set = 0;
  for (const value of values) set |= 1 << value;
  return set;
}

function nextOfDay(minutes: ReadonlySet<number>, hours: ReadonlySet<number>): Int16Array {
  const next = new Int16Array(1_440);
  let later = -1;
  for (let minute = 1_439; minute >= 0; minute--) {
    if (minutes.has(minute % 60) && hours.has(Math.floor(minute / 60))) later = minute;
    next[minute] = later;
  }
  return next;
}

function readField(text: string, position: number, rule: FieldRule): FieldSet | Wrong {
  const set: FieldSet = { values: new Set(), starred: text.startsWith('*'), last: false, lastWeekdays: new Set(), placed: [] };
  let from = position;
  for (const part of text.split(',')) {
    const wrong = addPart(set, part, from, rule);
    if (wrong !== undefined) return wrong;
    from += part.length + 1;
  }
  return set;
}

function addPart(set: FieldSet, part: string, position: number, rule: FieldRule): Wrong | undefined {
  if (rule.field === 'day' && /^l$/i.test(part)) {
    set.last = true;
    return undefined;
  }
  if (rule.field === 'weekday' && /^(\w+)l$|#/i.test(part)) return addWeekday(set, part, position, rule);
  const { first, last, step } = /^(?:\*|(?<first>\w+)(?:-(?<last>\w+))?)(?:\/(?<step>\d+))?$/.exec(part)?.groups ?? { step: 'none' };
  if (step === 'none') return new Wrong({ fault: 'part', position, part, field: rule.field });
  const low = first === undefined ? rule.least : memberOf(first, position, part, rule);
  if (low instanceof Wrong) return low;
  const openEnd = first === undefined || step !== undefined ? rule.top : low;
  let high = last === undefined ? openEnd : memberOf(last, position, part, rule);
  if (high instanceof Wrong) return high;
  // A range such as sat-sun ends with the Sunday after it.
  if (rule.field === 'weekday' && last !== undefined && high === 0 && low > 0) high = 7;
  if (high < low) {
    const instead = `${low}-${rule.top},${rule.least}-${high}`;
    return new Wrong({ fault: 'range', position, part, field: rule.field, instead });
  }
  const by = step === undefined ? 1 : Number(step);
  const most = rule.top - rule.least;
  if (by < 1 || by > most) return new Wrong({ fault: 'step', position, part, field: rule.field, most });
  for (let value = low; value <= high; value += by) set.values.add(rule.field === 'weekday' ? value % 7 : value);
  return undefined;
}

/** `5L` and `5#2`. */
function addWeekday(set: FieldSet, part: string, position: number, rule: FieldRule): Wrong | undefined {
  const { name = '', place } = /^(?<name>\w+?)(?:l|#(?<place>\d+))$/i.exec(part)?.groups ?? {};
  if (name === '') return new Wrong({ fault: 'part', position, part, field: rule.field });
  const weekday = memberOf(name, position, part, rule);
  if (weekday instanceof Wrong) return weekday;
  if (place === undefined) {
    set.lastWeekdays.add(weekday % 7);
    return undefined;
  }
  if (Number(place) < 1 || Number(place) > 5) return new Wrong({ fault: 'part', position, part, field: rule.field });
  set.placed.push({ weekday: weekday % 7, place: Number(place) });
  return undefined;
}

function memberOf(text: string, position: number, part: string, { field, least, most, names }: FieldRule): number | Wrong {
  const name = names.indexOf(text.toLowerCase());
  if (name >= 0) return name + (field === 'month' ? 1 : 0);
  if (!/^\d+$/.test(text)) return new Wrong({ fault: 'part', position, part, field });
  const value = Number(text);
  return value >= least && value <= most ? value : new Wrong({ fault: 'value', position, part, field, least, most });
}
