/** The slots of a schedule, one after the other. Every instance computes the same ones. */
import { dayMs } from '../days.ts';
import { activeFrom } from './active-hours.ts';
import { horizonDays, nextCronTime } from './cron-times.ts';
import { jitterHash } from './jitter.ts';
import type { Cursor, Schedule, Slot } from './schedule.ts';

/** So many times outside of the active hours are looked at for one slot, within the horizon; a schedule that needs more is over. */
const maxOutside = 2_000;

interface SlotsAsked {
  /** The slot before the first one that is asked for; undefined at the beginning. */
  readonly after: Cursor | undefined;
  readonly limit: number;
  /** No slot after this time. */
  readonly untilMs: number;
  /** Names the order and its generation: the jitter follows from it and the slot. */
  readonly seed: string;
}

export function nextSlots(schedule: Schedule, { after, limit, untilMs, seed }: SlotsAsked): readonly Slot[] {
  const slots: Slot[] = [];
  const last = schedule.repetitions ?? Number.POSITIVE_INFINITY;
  let at = nextTime(schedule, after?.at ?? schedule.start - 1);
  for (let slot = (after?.slot ?? 0) + 1; slots.length < limit && slot <= last; slot++) {
    if (at === undefined || at > untilMs) break;
    const following = slots.length + 1 < limit || needsFollowing(schedule) ? nextTime(schedule, at) : undefined;
    slots.push({ slot, at, dueAt: at + jitterOf(schedule, seed, slot, (following ?? Number.POSITIVE_INFINITY) - at) });
    at = following;
  }
  return slots;
}

/** The first time after `after` at which the schedule is due; undefined when it is over. */
export function nextTime(schedule: Schedule, after: number): number | undefined {
  const { activeHours, zone } = schedule;
  let at = nextTimeOfDay(schedule, after);
  for (let outside = 0; at !== undefined && outside < maxOutside; outside++) {
    if (activeHours === null) return at;
    const active = activeFrom(activeHours, zone, at);
    if (active === at) return at;
    if (active > after + horizonDays * dayMs) return undefined;
    at = nextTimeOfDay(schedule, active - 1);
  }
  return undefined;
}

/** The same, at all hours. */
function nextTimeOfDay({ repeat, start, zone }: Schedule, after: number): number | undefined {
  if (after < start && repeat.kind !== 'cron') return start;
  switch (repeat.kind) {
    case 'once':
      return undefined;
    case 'interval':
      return start + (Math.floor((after - start) / (repeat.seconds * 1_000)) + 1) * repeat.seconds * 1_000;
    case 'cron':
      return nextCronTime(repeat.expression, zone, Math.max(after, start - 1));
  }
}

/** The jitter of an interval is shorter than the interval; that of a cron expression is cut off before the next time. */
function needsFollowing({ repeat, jitterMs }: Schedule): boolean {
  return jitterMs > 0 && repeat.kind === 'cron';
}

function jitterOf({ jitterMs }: Schedule, seed: string, slot: number, roomMs: number): number {
  return jitterMs === 0 ? 0 : jitterHash(seed, slot) % Math.min(jitterMs + 1, roomMs);
}
