/** Orders and runs as they are answered. */
import { houseMiner } from '../../domain/leases.ts';
import { minerAlias } from '../../domain/miner-alias.ts';
import type { Cursor, Schedule } from '../../domain/schedule/schedule.ts';
import { termsOf } from '../../store/orders/own-order.ts';
import type { OrderRow } from '../../store/orders/tables.ts';
import type { RunRow } from '../../store/queue/tables.ts';
import type { Order } from './schemas.ts';
import { inputOf, nextTimes } from './terms.ts';

const maxTimes = 10;

/** `ahead` is when runs that are made already are due. */
export function viewOrder(row: OrderRow, ahead: readonly number[] = []): Order {
  const input = inputOf(termsOf(row));
  return {
    id: row.id,
    title: input.title,
    address: input.address,
    method: input.method,
    headers: input.headers,
    schedule: input.schedule,
    extraction: input.extraction,
    onlyChanges: input.onlyChanges,
    webhook: input.webhook,
    mail: input.mail,
    copies: input.copies,
    instrument: input.instrument,
    host: row.host,
    state: row.state,
    stateAt: row.state_at,
    nextTimes: [...ahead, ...(row.state === 'active' ? timesOf(row) : [])].slice(0, maxTimes),
    generation: row.generation,
    used: row.used_before + row.slot,
    coins: {
      funded: row.funded,
      prepaid: row.prepaid,
      returned: row.returned,
      earned: row.earned,
      refunded: row.refunded,
      outstanding: row.funded - row.prepaid - row.returned - row.earned - row.refunded,
    },
    runs: { made: row.made, open: row.open, results: row.results - row.notices, withdrawn: row.notices },
    lastValue: row.last_value,
    lastAt: row.last_at,
    createdAt: row.created_at,
    changedAt: row.changed_at,
  };
}

/** Of slots that are not made yet. */
function timesOf({ id, schedule, generation, slot, slot_at }: OrderRow): number[] {
  const after: Cursor | undefined = slot_at === null ? undefined : { slot, at: slot_at };
  return nextTimes(JSON.parse(schedule) as Schedule, after, `${id}/${generation}`);
}

export function viewRun(run: RunRow, now: number) {
  const state = run.claimed_at !== null && run.visible_at > now ? 'claimed' : run.due_at > now ? 'ahead' : 'waiting';
  return {
    generation: run.generation,
    slot: run.slot,
    copy: run.copy,
    state,
    dueAt: run.due_at,
    visibleAt: run.visible_at,
    failsAt: run.fails_at,
    attempts: run.attempts,
    claimedAt: run.claimed_at,
    miner: run.miner_id === houseMiner ? houseMiner : minerAlias(run.miner_id, run.order_id),
    failure: run.failure,
  } as const;
}
