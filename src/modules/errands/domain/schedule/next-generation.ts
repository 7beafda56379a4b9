/** What an edit does to the slots of an order: a new generation begins, whose slots are counted from 1 again. */
import { nextSlots } from './next-slots.ts';
import type { Cursor, Schedule } from './schedule.ts';
import type { ScheduleRefusal } from './schedule-refusals.ts';

interface GenerationSoFar {
  readonly generation: number;
  /** How many slots of all generations are used up, made or passed over; those that the edit withdraws are not. */
  readonly used: number;
  /** The time of the last slot that is used up. */
  readonly lastAt: number | undefined;
}

interface NextGeneration {
  readonly generation: number;
  /** Its repetitions are those that are left. */
  readonly schedule: Schedule;
  /** Where it begins: all its slots are later than now, and later than those that were made. */
  readonly after: Cursor;
}

/** `schedule` is the edited one; its repetitions count from the beginning of the order. */
export function nextGeneration(schedule: Schedule, before: GenerationSoFar, nowMs: number): NextGeneration | ScheduleRefusal {
  const { repetitions } = schedule;
  if (repetitions !== null && repetitions <= before.used)
    return { field: 'repetitions', name: 'schedule-repetitions-used', values: { used: before.used } };
  const after = { slot: 0, at: Math.max(nowMs, before.lastAt ?? nowMs) };
  const left: Schedule = { ...schedule, repetitions: repetitions === null ? null : repetitions - before.used };
  if (nextSlots(left, { after, limit: 1, untilMs: Number.POSITIVE_INFINITY, seed: '' }).length === 0)
    return { field: 'repeat', name: 'schedule-over', values: {} };
  return { generation: before.generation + 1, schedule: left, after };
}
