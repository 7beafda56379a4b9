/** When an order is due, as it is stored with the order: plain data, checked by read-schedule.ts. */

export type Repeat =
  | { readonly kind: 'once' }
  | { readonly kind: 'interval'; readonly seconds: number }
  | { readonly kind: 'cron'; readonly expression: string };

/** Local times; a window whose end is not after its beginning goes over midnight, and belongs to the day on which it begins. */
export interface ActiveHours {
  /** 1 for Monday to 7 for Sunday. */
  readonly days: readonly number[];
  readonly fromMinute: number;
  /** Up to 1,440, which is midnight at the end of the day; this minute is not in the window any more. */
  readonly toMinute: number;
}

/** What becomes of slots that nobody made in time: none of them is made, only the newest one, or all. */
export type CatchUpRule = 'skip' | 'one' | 'all';
/** Whether a slot is made while a run of the order is still open. */
export type OverlapRule = 'allow' | 'skip';

export interface Schedule {
  /** No slot is earlier. Intervals count from here. */
  readonly start: number;
  readonly zone: string;
  readonly repeat: Repeat;
  /** How many slots there are; null until the order is cancelled. */
  readonly repetitions: number | null;
  /** A run is due up to this much after the time of its slot. */
  readonly jitterMs: number;
  readonly activeHours: ActiveHours | null;
  readonly catchUp: CatchUpRule;
  /** A slot that is later than this counts as missed. */
  readonly lateMs: number;
  readonly overlap: OverlapRule;
}

/** Where a generation of a schedule has got to. */
export interface Cursor {
  /** Slots are numbered from 1 in each generation; 0 before the first one. */
  readonly slot: number;
  readonly at: number;
}

export interface Slot extends Cursor {
  /** `at` and the jitter. */
  readonly dueAt: number;
}

export const minuteMs = 60_000;

/** 1 for Monday, 7 for Sunday, of a day that is counted from 1970. */
export function weekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/** Such as `09:00`. */
export function timeText(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}
