/** Which slots are made now, however late we are. */
import { nextSlots } from './next-slots.ts';
import type { Cursor, Schedule, Slot } from './schedule.ts';

/** So many slots are looked at in one call. */
const maxLooked = 5_000;

export interface CatchUpAsked {
  /** The last slot that was made or passed over. */
  readonly after: Cursor | undefined;
  readonly nowMs: number;
  /** Slots are made ahead up to this time. */
  readonly untilMs: number;
  /** Most slots to make. */
  readonly limit: number;
  readonly seed: string;
  /** Whether a run of the order is open; it matters to orders whose runs may not overlap. */
  readonly openRun: boolean;
}

export interface CatchUp {
  readonly make: readonly Slot[];
  /** How many slots before them are passed over. */
  readonly passedOver: number;
  /** The cursor to store, and to ask with the next time. */
  readonly after: Cursor | undefined;
  /** The first slot that is not decided yet; undefined when the schedule is over. */
  readonly next: Slot | undefined;
  /** Ask again at once: there is more to decide. */
  readonly more: boolean;
}

/**
 * Where runs may not overlap, one slot is made at a time; while its run is open, those that come due are passed over.
 * A slot that lies ahead then waits until its time has come, or the run is closed.
 */
export function catchUp(schedule: Schedule, asked: CatchUpAsked): CatchUp {
  const { after, seed } = asked;
  const waits = schedule.overlap === 'skip' && asked.openRun;
  const lookAt = schedule.catchUp === 'all' && !waits ? asked.limit : maxLooked;
  const looked = nextSlots(schedule, { after, limit: lookAt, untilMs: asked.untilMs, seed });
  const passedOver = waits ? looked.filter(({ at }) => at <= asked.nowMs).length : missedToPass(schedule, looked, asked.nowMs);
  const allLookedMissed = looked.length === maxLooked && passedOver >= maxLooked - 1;
  const makeMost = waits || allLookedMissed ? 0 : schedule.overlap === 'skip' ? 1 : asked.limit;
  const make = looked.slice(passedOver, passedOver + makeMost);
  const decided = passedOver + make.length;
  const last = looked[decided - 1] ?? after;
  const cursor = last === undefined ? undefined : { slot: last.slot, at: last.at };
  const next = looked[decided] ?? nextSlots(schedule, { after: cursor, limit: 1, untilMs: Number.POSITIVE_INFINITY, seed })[0];
  const waitsForRun = schedule.overlap === 'skip' && (asked.openRun || make.length > 0);
  const more = next !== undefined && next.at <= (waitsForRun ? asked.nowMs : asked.untilMs);
  return { make, passedOver, after: cursor, next, more };
}

/** How many of the first slots were missed and are not made up for. */
function missedToPass({ catchUp: rule, lateMs }: Schedule, slots: readonly Slot[], nowMs: number): number {
  if (rule === 'all') return 0;
  const missed = slots.filter(({ at }) => at < nowMs - lateMs).length;
  return rule === 'skip' ? missed : Math.max(0, missed - 1);
}
