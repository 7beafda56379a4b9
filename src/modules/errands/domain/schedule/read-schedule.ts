/** Checks a schedule that somebody wishes, and says which of its fields cannot be. */
import { dayMs } from '../days.ts';
import { type CronFault, cronNames, isFault, readCron } from './cron-expression.ts';
import { nextCronTime } from './cron-times.ts';
import { nextTime } from './next-slots.ts';
import { type ActiveHours, type CatchUpRule, type OverlapRule, type Repeat, type Schedule, timeText } from './schedule.ts';
import type { ScheduleRefusal } from './schedule-refusals.ts';
import { instantOf, localTime, zoneNamed } from './zone-clock.ts';

export const scheduleLimits = {
  leastIntervalSeconds: 10,
  mostIntervalSeconds: 366 * 86_400,
  mostRepetitions: 1_000_000,
  mostJitterSeconds: 86_400,
  leastLateSeconds: 1,
  mostLateSeconds: 366 * 86_400,
  /** A start that is over by less is taken: forms are filled in slowly. */
  startToleranceMs: 5 * 60_000,
  mostStartAheadDays: 5 * 366,
  mostCronCharacters: 200,
} as const;

export interface ScheduleWish {
  /** Local date and time, such as `2027-03-28T09:00` or with seconds. */
  readonly start: string;
  readonly zone: string;
  readonly repeat: Repeat;
  readonly repetitions: number | null;
  readonly jitterSeconds: number;
  /** Times such as `09:00`; an end may be `24:00`, or lie on the next day. */
  readonly activeHours: { readonly days: readonly number[]; readonly from: string; readonly to: string } | null;
  readonly catchUp: CatchUpRule;
  readonly lateSeconds: number;
  readonly overlap: OverlapRule;
}

type ScheduleRead = { readonly schedule: Schedule } | { readonly refusals: readonly ScheduleRefusal[] };

/** `mayBePast`: the start of an order that runs already may be over. */
export function readSchedule(wish: ScheduleWish, nowMs: number, mayBePast = false): ScheduleRead {
  const refusals: ScheduleRefusal[] = [];
  const zone = zoneNamed(wish.zone);
  if (zone === undefined) refusals.push({ field: 'zone', name: 'schedule-zone', values: { zone: wish.zone.slice(0, 100) } });
  const start = readStart(wish.start, zone ?? 'UTC', nowMs, mayBePast, refusals);
  checkRepeat(wish.repeat, refusals);
  checkNumbers(wish, refusals);
  const activeHours = wish.activeHours === null ? null : readActiveHours(wish.activeHours, refusals);
  if (refusals.length > 0 || zone === undefined || start === undefined || activeHours === undefined) return { refusals };
  const schedule: Schedule = {
    start,
    zone,
    repeat: wish.repeat.kind === 'cron' ? { kind: 'cron', expression: wish.repeat.expression.trim() } : wish.repeat,
    repetitions: wish.repeat.kind === 'once' ? 1 : wish.repetitions,
    jitterMs: wish.jitterSeconds * 1_000,
    activeHours,
    catchUp: wish.catchUp,
    lateMs: wish.lateSeconds * 1_000,
    overlap: wish.overlap,
  };
  const never = neverDue(schedule);
  return never === undefined ? { schedule } : { refusals: [never] };
}

/** The wish that gives this schedule again. */
export function wishOf({ start, zone, repeat, repetitions, jitterMs, activeHours, catchUp, lateMs, overlap }: Schedule): ScheduleWish {
  return {
    start: Temporal.Instant.fromEpochMilliseconds(localTime(zone, start))
      .toString()
      .replace(/(:00)?Z$/, ''),
    zone,
    repeat,
    repetitions,
    jitterSeconds: jitterMs / 1_000,
    activeHours:
      activeHours === null ? null : { days: activeHours.days, from: timeText(activeHours.fromMinute), to: timeText(activeHours.toMinute) },
    catchUp,
    lateSeconds: lateMs / 1_000,
    overlap,
  };
}

function readStart(text: string, zone: string, nowMs: number, mayBePast: boolean, refusals: ScheduleRefusal[]): number | undefined {
  const local = localOf(text);
  if (local === undefined) {
    refusals.push({ field: 'start', name: 'schedule-start-form', values: { start: text.slice(0, 100) } });
    return undefined;
  }
  const start = instantOf(zone, local);
  if (start < nowMs - scheduleLimits.startToleranceMs && !mayBePast)
    refusals.push({ field: 'start', name: 'schedule-start-past', values: { start: text } });
  if (start > nowMs + scheduleLimits.mostStartAheadDays * dayMs)
    refusals.push({ field: 'start', name: 'schedule-start-far', values: { days: scheduleLimits.mostStartAheadDays } });
  return start;
}

function localOf(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:[0-5]\d)?$/.test(text)) return undefined;
  try {
    return Temporal.Instant.from(`${text}Z`).epochMilliseconds;
  } catch {
    return undefined;
  }
}

function checkRepeat(repeat: Repeat, refusals: ScheduleRefusal[]): void {
  if (repeat.kind === 'interval') {
    const { leastIntervalSeconds: least, mostIntervalSeconds: most } = scheduleLimits;
    if (!isWhole(repeat.seconds, least, most))
      refusals.push({ field: 'repeat.seconds', name: 'schedule-interval', values: { least, most } });
  }
  if (repeat.kind !== 'cron') return;
  const field = 'repeat.expression';
  const { mostCronCharacters: most } = scheduleLimits;
  const { expression } = repeat;
  if (expression.length > most) {
    refusals.push({ field, name: 'schedule-cron-long', values: { most } });
    return;
  }
  const cron = readCron(expression);
  if (isFault(cron)) refusals.push(cronRefusal(field, cron));
  else if (nextCronTime(expression, 'UTC', 0) === undefined) refusals.push({ field, name: 'schedule-cron-never', values: { expression } });
}

function cronRefusal(field: string, fault: CronFault): ScheduleRefusal {
  const { position } = fault;
  switch (fault.fault) {
    case 'fields':
      return { field, name: 'schedule-cron-fields', values: { position, count: fault.count } };
    case 'name':
      return { field, name: 'schedule-cron-name', values: { position, part: fault.part, known: Object.keys(cronNames).join(', ') } };
    case 'part':
      return { field, name: 'schedule-cron-part', values: { position, part: fault.part, cronField: fault.field } };
    case 'value': {
      const { part, least, most } = fault;
      return { field, name: 'schedule-cron-value', values: { position, part, cronField: fault.field, least, most } };
    }
    case 'range':
      return { field, name: 'schedule-cron-range', values: { position, part: fault.part, cronField: fault.field, instead: fault.instead } };
    case 'step':
      return { field, name: 'schedule-cron-step', values: { position, part: fault.part, cronField: fault.field, most: fault.most } };
  }
}

function checkNumbers({ repeat, repetitions, jitterSeconds, lateSeconds }: ScheduleWish, refusals: ScheduleRefusal[]): void {
  const { mostRepetitions, leastLateSeconds: least, mostLateSeconds: most } = scheduleLimits;
  if (repetitions !== null && !isWhole(repetitions, 1, mostRepetitions))
    refusals.push({ field: 'repetitions', name: 'schedule-repetitions', values: { most: mostRepetitions } });
  const shorterThanInterval = repeat.kind === 'interval' ? Math.max(0, repeat.seconds - 1) : Number.POSITIVE_INFINITY;
  const mostJitter = Math.min(scheduleLimits.mostJitterSeconds, shorterThanInterval);
  if (!isWhole(jitterSeconds, 0, mostJitter))
    refusals.push({ field: 'jitterSeconds', name: 'schedule-jitter', values: { most: mostJitter } });
  if (!isWhole(lateSeconds, least, most)) refusals.push({ field: 'lateSeconds', name: 'schedule-late', values: { least, most } });
}

function readActiveHours(wish: NonNullable<ScheduleWish['activeHours']>, refusals: ScheduleRefusal[]): ActiveHours | undefined {
  const days = [...new Set(wish.days)].sort((one, other) => one - other);
  const rightDays = days.length > 0 && days.every((day) => isWhole(day, 1, 7));
  if (!rightDays) refusals.push({ field: 'activeHours.days', name: 'schedule-active-days', values: {} });
  const fromMinute = minuteOf(wish.from, 1_439);
  const toMinute = minuteOf(wish.to, 1_440);
  const time = (field: string, text: string) =>
    refusals.push({ field, name: 'schedule-active-time', values: { time: text.slice(0, 100) } });
  if (fromMinute === undefined) time('activeHours.from', wish.from);
  if (toMinute === undefined) time('activeHours.to', wish.to);
  if (fromMinute === undefined || toMinute === undefined || !rightDays) return undefined;
  if (fromMinute === toMinute) refusals.push({ field: 'activeHours.to', name: 'schedule-active-empty', values: {} });
  return { days, fromMinute, toMinute };
}

function minuteOf(text: string, most: number): number | undefined {
  const { hour, minute } = /^(?<hour>\d\d):(?<minute>[0-5]\d)$/.exec(text)?.groups ?? {};
  const minutes = Number(hour) * 60 + Number(minute);
  return minutes <= most ? minutes : undefined;
}

function neverDue(schedule: Schedule): ScheduleRefusal | undefined {
  if (nextTime(schedule, schedule.start - 1) !== undefined) return undefined;
  return { field: 'activeHours', name: 'schedule-active-never', values: {} };
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
