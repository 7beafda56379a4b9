/** How many fetches a day an order asks of its host. */

import { dayMs } from './days.ts';
import { nextSlots } from './schedule/next-slots.ts';
import type { Schedule } from './schedule/schedule.ts';

/** Slots that the rate is measured by. */
const looked = 20;

/** 0 for a single run. */
export function loadOf(schedule: Schedule, copies: number): number {
  const slots = nextSlots(schedule, { after: undefined, limit: looked, untilMs: Number.POSITIVE_INFINITY, seed: '' });
  const [first, last] = [slots[0], slots.at(-1)];
  if (first === undefined || last === undefined || last.at === first.at) return 0;
  return Math.ceil((dayMs * copies * (slots.length - 1)) / (last.at - first.at));
}
