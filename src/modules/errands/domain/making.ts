/** Which runs of an order are made now, and what they leave of it. Pure: the store reads, and writes what is decided here. */
import { aheadMs, type OrderState } from './orders.ts';
import { catchUp } from './schedule/catch-up.ts';
import type { Cursor, Schedule, Slot } from './schedule/schedule.ts';

/** An order is looked at again so long before a run is due: then all that comes until `aheadMs` is made at once. */
const leadMs = aheadMs / 2;
/** Runs of one order that are made at a time. */
const maxRunsAtATime = 20;
/** Repetitions that an order without an end is paid ahead for. */
export const portion = 10;
/** A run that is made later than this after its time is due when it is made: the promise begins again. */
const lateMs = 30_000;
/** How often a locked account is looked at. */
const lockedLookMs = 30_000;
/** How often an order without coins looks into the wallet: rarely when it has waited for long. */
const coinsLookMs = { least: 5_000, most: 600_000, share: 0.1 };

export interface OrderToMake {
  readonly id: string;
  readonly state: OrderState;
  readonly schedule: Schedule;
  readonly generation: number;
  readonly slot: number;
  readonly slotAt: number | null;
  readonly copies: number;
  readonly prepaid: number;
  /** Runs that are neither delivered nor failed. */
  readonly open: number;
  /** When it came into its state. */
  readonly stateAt: number;
}

export interface Surroundings {
  readonly now: number;
  readonly locked: boolean;
  /** Coins in the customer's wallet. */
  readonly available: number;
}

interface MadeRun {
  readonly slot: number;
  readonly dueAt: number;
}

export interface Made {
  readonly state: OrderState;
  readonly slot: number;
  readonly slotAt: number | null;
  readonly nextAt: number | null;
  readonly lookAt: number | null;
  readonly runs: readonly MadeRun[];
  /** Coins that are paid in, and that come back. */
  readonly funds: number;
  readonly returns: number;
  readonly prepaid: number;
}

export function makeRunsOf(order: OrderToMake, { now, locked, available }: Surroundings): Made {
  const { state, schedule, copies } = order;
  const stays = { slot: order.slot, slotAt: order.slotAt, nextAt: null, runs: [], funds: 0, returns: 0, prepaid: order.prepaid };
  if (locked) return { ...stays, state: 'locked', lookAt: now + lockedLookMs };
  if (state === 'out-of-coins' && order.prepaid + available < copies)
    return { ...stays, state, lookAt: now + coinsPauseMs(now - order.stateAt) };
  const after = cursorOf(order, now);
  const seed = `${order.id}/${order.generation}`;
  const asked = { after, nowMs: now, untilMs: now + aheadMs, limit: maxRunsAtATime, seed, openRun: order.open > 0 };
  const { make, after: decided, next, more } = catchUp(schedule, asked);

  const funds = fundsFor(order, make.length * copies, available);
  const affordable = Math.min(make.length, Math.floor((order.prepaid + funds) / copies));
  const runs = make.slice(0, affordable).map(({ slot, dueAt }) => ({ slot, dueAt: dueAt < now - lateMs ? now : dueAt }));
  const prepaid = order.prepaid + funds - runs.length * copies;
  if (affordable < make.length) {
    const { slot, at } = cursorBefore(make, affordable) ?? after ?? { slot: order.slot, at: order.slotAt };
    return { state: 'out-of-coins', slot, slotAt: at, nextAt: null, lookAt: now + coinsLookMs.least, runs, funds, returns: 0, prepaid };
  }
  const cursor = { slot: decided?.slot ?? order.slot, slotAt: decided?.at ?? order.slotAt };
  if (next === undefined) {
    // Until its last slot has come, an order can still be paused or changed.
    const last = { ...cursor, nextAt: null, runs, funds };
    if (cursor.slotAt !== null && cursor.slotAt > now) return { ...last, state: 'active', lookAt: cursor.slotAt, returns: 0, prepaid };
    return { ...last, state: 'done', lookAt: null, returns: prepaid, prepaid: 0 };
  }
  const waits = schedule.overlap === 'skip' && (order.open > 0 || runs.length > 0);
  const lookAt = more ? now : waits ? next.at : next.at - leadMs;
  return { state: 'active', ...cursor, nextAt: next.at, lookAt, runs, funds, returns: 0, prepaid };
}

/** What went by while an order waited for coins or for its account is not made up for. */
function cursorOf({ state, slot, slotAt }: OrderToMake, now: number): Cursor | undefined {
  if (state === 'active') return slotAt === null ? undefined : { slot, at: slotAt };
  return { slot, at: Math.max(now, slotAt ?? now) };
}

function cursorBefore(slots: readonly Slot[], index: number): Cursor | undefined {
  const last = slots[index - 1];
  return last && { slot: last.slot, at: last.at };
}

/** An order with an end was paid for when it was ordered; one without is paid for in portions. */
function fundsFor({ schedule, copies, prepaid }: OrderToMake, needed: number, available: number): number {
  if (needed <= prepaid || schedule.repetitions !== null) return 0;
  return coinsToPayIn({ copies, prepaid }, Math.max(portion * copies, needed - prepaid), available);
}

/** As many coins as are wanted and there; none that pay no whole repetition. */
export function coinsToPayIn({ copies, prepaid }: Pick<OrderToMake, 'copies' | 'prepaid'>, wanted: number, available: number): number {
  const coins = Math.min(wanted, Math.max(0, available));
  return Math.max(0, coins - ((prepaid + coins) % copies));
}

function coinsPauseMs(waitedMs: number): number {
  return Math.min(coinsLookMs.most, Math.max(coinsLookMs.least, Math.round(waitedMs * coinsLookMs.share)));
}
