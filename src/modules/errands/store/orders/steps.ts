/** What a customer does with an order beside changing it: pause, resume, cancel, and run it now. */
import { invariant } from '#core/errors.ts';
import type { Queries } from '#core/ports/state.ts';
import { manualGeneration, maxManualRuns } from '../../domain/orders.ts';
import type { Schedule } from '../../domain/schedule/schedule.ts';
import { openHosts, saveStarts } from '../hosts/hosts.ts';
import { addRuns } from '../queue/make.ts';
import { queueTables } from '../queue/tables.ts';
import { lockWallets, moveCoins } from './books.ts';
import { type OrderRefusal, refusedTerms } from './create.ts';
import { type MakingContext, makeRuns, placeAt } from './make-runs.ts';
import { lockOrder, saveOrder, termsOf } from './own-order.ts';
import { type OrderRow, orderKeys } from './tables.ts';
import { findWithdrawal, type Withdrawal, withdraw } from './withdraw.ts';

export interface OneOrder {
  readonly id: string;
  readonly accountId: string;
}

export type Step =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'unknown' }
  /** The state does not allow it. */
  | { readonly outcome: 'ended'; readonly state: OrderRow['state'] }
  | OrderRefusal;

/** Runs that lie ahead are taken back. What is due already is still fetched. */
export async function pauseOrder(queries: Queries, { id, accountId }: OneOrder, { now }: MakingContext): Promise<Step> {
  const order = await lockOrder(queries, id, accountId);
  if (order === undefined) return { outcome: 'unknown' };
  if (order.state === 'paused') return { outcome: 'done' };
  if (hasEnded(order)) return { outcome: 'ended', state: order.state };
  const withdrawal = await findWithdrawal(queries, id, 'not-due', now);
  await withdraw(queries, id, withdrawal);
  await saveOrder(queries, id, {
    ...withoutRuns(order, withdrawal),
    ...leftSchedule(order, withdrawal),
    state: 'paused',
    state_at: now,
    next_at: null,
    look_at: null,
    changed_at: now,
  });
  return { outcome: 'done' };
}

/** It goes on with the next slot from now on. */
export async function resumeOrder(queries: Queries, { id, accountId }: OneOrder, context: MakingContext): Promise<Step> {
  const order = await lockOrder(queries, id, accountId);
  if (order === undefined) return { outcome: 'unknown' };
  if (order.state === 'active') return { outcome: 'done' };
  if (hasEnded(order)) return { outcome: 'ended', state: order.state };
  const refused = await refusedTerms(queries, [termsOf(order)], context, order);
  if (refused !== undefined) return refused;
  const { now } = context;
  const resumed = { state: 'active', state_at: now, slot_at: Math.max(now, order.slot_at ?? now), look_at: now, changed_at: now } as const;
  await saveOrder(queries, id, resumed);
  await makeRuns(queries, [{ ...order, ...resumed }], context);
  return { outcome: 'done' };
}

/** Coins of what no miner has begun come back at once. Runs that miners are at go on, and are paid or refunded as always. */
export async function cancelOrder(queries: Queries, { id, accountId }: OneOrder, { now }: MakingContext): Promise<Step> {
  const order = await lockOrder(queries, id, accountId);
  if (order === undefined) return { outcome: 'unknown' };
  if (order.state === 'cancelled') return { outcome: 'done' };
  const withdrawal = await findWithdrawal(queries, id, 'not-begun', now);
  await withdraw(queries, id, withdrawal);
  const { prepaid, ...counts } = withoutRuns(order, withdrawal);
  await saveOrder(queries, id, {
    ...counts,
    prepaid: 0,
    returned: order.returned + prepaid,
    fundings: order.fundings + Number(prepaid > 0),
    state: 'cancelled',
    state_at: now,
    next_at: null,
    look_at: null,
    instrument: null,
    changed_at: now,
  });
  if (prepaid > 0) {
    await moveCoins(queries, [{ orderId: id, accountId, direction: 'back', amount: prepaid, number: order.fundings + 1 }], now);
  }
  return { outcome: 'done' };
}

export type RunNow =
  | { readonly outcome: 'made'; readonly slot: number; readonly repeated: boolean }
  | { readonly outcome: 'conflict' }
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'ended'; readonly state: OrderRow['state'] }
  | { readonly outcome: 'runs-open'; readonly most: number }
  | { readonly outcome: 'host-busy' | 'robots'; readonly host: string }
  | { readonly outcome: 'coins-short'; readonly needed: number; readonly available: number };

/** A run beside the schedule, which costs coins of its own. */
export async function runNow(
  queries: Queries,
  { id, accountId, key }: OneOrder & { readonly key: string },
  context: MakingContext,
): Promise<RunNow> {
  const order = await lockOrder(queries, id, accountId);
  if (order === undefined) return { outcome: 'unknown' };
  const slot = order.manual + 1;
  const [claim] = await orderKeys.claim(queries, [{ scope: accountId, key, bodyHash: `run ${id}`, answer: String(slot) }], context.now);
  invariant(claim, 'the request was claimed');
  if (claim.outcome === 'conflict') return claim;
  if (claim.outcome === 'repeated') return { outcome: 'made', slot: Number(claim.answer), repeated: true };
  const refused = await makeManualRun(queries, order, slot, context);
  if (refused === undefined) return { outcome: 'made', slot, repeated: false };
  await orderKeys.forget(queries, [{ scope: accountId, key }]);
  return refused;
}

async function makeManualRun(queries: Queries, order: OrderRow, slot: number, { now, hosts }: MakingContext): Promise<RunNow | undefined> {
  const { id: orderId, account_id: accountId, copies, host } = order;
  if (order.state === 'cancelled') return { outcome: 'ended', state: order.state };
  if ((await openManualRuns(queries, orderId)) >= maxManualRuns) return { outcome: 'runs-open', most: maxManualRuns };
  const starts = await openHosts(queries, [host], hosts, now);
  const visibleAt = placeAt(starts.get(host), order, now, now);
  if (typeof visibleAt === 'string') return { outcome: visibleAt, host };
  const available = (await lockWallets(queries, [accountId])).get(accountId) ?? 0;
  if (available < copies) return { outcome: 'coins-short', needed: copies, available };
  await saveStarts(queries, starts, now);
  await addRuns(queries, [{ orderId, generation: manualGeneration, slot, accountId, copies, dueAt: now, visibleAt }]);
  await saveOrder(queries, orderId, {
    manual: slot,
    made: order.made + 1,
    open: order.open + 1,
    funded: order.funded + copies,
    fundings: order.fundings + 1,
  });
  await moveCoins(queries, [{ orderId, accountId, direction: 'in', amount: copies, number: order.fundings + 1 }], now);
  return undefined;
}

async function openManualRuns(queries: Queries, orderId: string): Promise<number> {
  const { count } = await queueTables(queries)
    .selectFrom('errands_run')
    .select((row) => row.fn.count<number>('slot').distinct().as('count'))
    .where('order_id', '=', orderId)
    .where('generation', '=', manualGeneration)
    .executeTakeFirstOrThrow();
  return Number(count);
}

function hasEnded({ state }: OrderRow): boolean {
  return state === 'done' || state === 'cancelled';
}

/** Of an order whose runs were taken back. */
function withoutRuns(order: OrderRow, { runs, coins }: Withdrawal) {
  return { made: order.made - runs, open: order.open - runs, prepaid: order.prepaid + coins };
}

/** Slots that were taken back are to come again: as slots of a new generation, because a slot is never used twice. */
function leftSchedule(order: OrderRow, { slots, lastDueAt }: Withdrawal) {
  if (slots === 0) return {};
  const schedule = JSON.parse(order.schedule) as Schedule;
  const used = order.slot - slots;
  const { repetitions } = schedule;
  return {
    generation: order.generation + 1,
    used_before: order.used_before + used,
    schedule: JSON.stringify({ ...schedule, repetitions: repetitions === null ? null : repetitions - used }),
    slot: 0,
    slot_at: lastDueAt ?? null,
  };
}
