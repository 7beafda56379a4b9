/** Changing an order: a changed schedule begins a new generation, runs that lie ahead are taken back, and coins follow. */
import type { Queries } from '#core/ports/state.ts';
import { loadOf } from '../../domain/load.ts';
import { coinsToPayIn, portion } from '../../domain/making.ts';
import type { OrderTerms } from '../../domain/orders.ts';
import { nextGeneration } from '../../domain/schedule/next-generation.ts';
import type { Schedule } from '../../domain/schedule/schedule.ts';
import type { ScheduleRefusal } from '../../domain/schedule/schedule-refusals.ts';
import { openHosts } from '../hosts/hosts.ts';
import { lockWallets, moveCoins } from './books.ts';
import { type OrderRefusal, refusedTerms } from './create.ts';
import { lockInstruments } from './instruments.ts';
import { type MakingContext, makeRuns } from './make-runs.ts';
import { lockOrder, saveOrder, termsOf } from './own-order.ts';
import type { OneOrder } from './steps.ts';
import type { OrderRow } from './tables.ts';
import { findWithdrawal, type Withdrawal, withdraw } from './withdraw.ts';

export type OrderChange =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'ended'; readonly state: OrderRow['state'] }
  | { readonly outcome: 'schedule'; readonly refusal: ScheduleRefusal }
  | OrderRefusal;

/** The repetitions of the new terms count from the beginning of the order. */
export async function changeOrder(
  queries: Queries,
  { id, accountId, terms }: OneOrder & { readonly terms: OrderTerms },
  context: MakingContext,
): Promise<OrderChange> {
  const { now, hosts } = context;
  const order = await lockOrder(queries, id, accountId);
  if (order === undefined) return { outcome: 'unknown' };
  if (order.state === 'cancelled') return { outcome: 'ended', state: order.state };
  await openHosts(queries, [terms.host], hosts, now);
  await lockInstruments(queries, [terms]);
  const refused = await refusedTerms(queries, [terms], context, order);
  if (refused !== undefined) return refused;

  const before = termsOf(order);
  const newSlots =
    scheduleText(before.schedule) !== scheduleText(terms.schedule) || before.host !== terms.host || before.copies !== terms.copies;
  const withdrawal = newSlots ? await findWithdrawal(queries, id, 'not-due', now) : nothing;
  const position = newSlots ? positionAfter(order, terms.schedule, withdrawal, now) : positionNow(order);
  if ('refusal' in position) return { outcome: 'schedule', ...position };
  const coins = coinsAfter(order, terms, withdrawal, position);
  const available = (await lockWallets(queries, [accountId])).get(accountId) ?? 0;
  if (coins.funds > available) return { outcome: 'coins-short', needed: coins.funds, available };

  await withdraw(queries, id, withdrawal);
  const changed = {
    ...changedColumns(order, terms, now),
    ...position,
    ...coinColumns(order, withdrawal, coins),
    ...stateAfter(order, newSlots, now),
  };
  await saveOrder(queries, id, changed);
  const number = order.fundings + 1;
  if (coins.funds > 0) await moveCoins(queries, [{ orderId: id, accountId, direction: 'in', amount: coins.funds, number }], now);
  if (coins.returns > 0) await moveCoins(queries, [{ orderId: id, accountId, direction: 'back', amount: coins.returns, number }], now);
  if (changed.state === 'active') await makeRuns(queries, [{ ...order, ...changed }], context);
  return { outcome: 'done' };
}

const nothing: Withdrawal = { slots: 0, runs: 0, coins: 0, lastDueAt: undefined, rows: [] };

function scheduleText({ start, zone, repeat, repetitions, jitterMs, activeHours, catchUp, lateMs, overlap }: Schedule): string {
  return JSON.stringify([start, zone, repeat, repetitions, jitterMs, activeHours, catchUp, lateMs, overlap]);
}

type Position = Pick<OrderRow, 'generation' | 'schedule' | 'used_before' | 'slot' | 'slot_at'>;

function positionNow({ generation, schedule, used_before, slot, slot_at }: OrderRow): Position {
  return { generation, schedule, used_before, slot, slot_at };
}

function positionAfter(
  order: OrderRow,
  schedule: Schedule,
  { slots, lastDueAt }: Withdrawal,
  now: number,
): Position | { refusal: ScheduleRefusal } {
  const used = order.used_before + order.slot - slots;
  const next = nextGeneration(schedule, { generation: order.generation, used, lastAt: lastDueAt }, now);
  if ('field' in next) return { refusal: next };
  const { generation, schedule: left, after } = next;
  return { generation, schedule: JSON.stringify(left), used_before: used, slot: after.slot, slot_at: after.at };
}

interface Coins {
  readonly prepaid: number;
  readonly funds: number;
  readonly returns: number;
}

/** What is left to come is paid for: all of it with an end, at most a portion without one. */
function coinsAfter(order: OrderRow, { copies }: OrderTerms, { coins }: Withdrawal, { schedule, slot }: Position): Coins {
  const has = order.prepaid + coins;
  const { repetitions } = JSON.parse(schedule) as Schedule;
  const wanted = repetitions === null ? Math.min(has, portion * copies) : (repetitions - slot) * copies;
  // A rest that pays no repetition stays until the order ends.
  const kept = repetitions === null ? coinsToPayIn({ copies, prepaid: 0 }, wanted, has) : wanted;
  return { prepaid: kept, funds: Math.max(0, kept - has), returns: Math.max(0, has - kept) };
}

function coinColumns(order: OrderRow, { runs }: Withdrawal, { prepaid, funds, returns }: Coins) {
  return {
    prepaid,
    funded: order.funded + funds,
    returned: order.returned + returns,
    fundings: order.fundings + Number(funds > 0 || returns > 0),
    made: order.made - runs,
    open: order.open - runs,
  };
}

function changedColumns(order: OrderRow, terms: OrderTerms, now: number) {
  const { address, extraction } = terms;
  const samePage = order.address === address && order.extraction === extraction;
  return {
    title: terms.title,
    address,
    host: terms.host,
    method: terms.method,
    headers: JSON.stringify(terms.headers),
    extraction,
    only_changes: terms.onlyChanges ? 1 : 0,
    webhook: terms.webhook,
    mail: terms.mail ? 1 : 0,
    copies: terms.copies,
    instrument: terms.instrument,
    load: loadOf(terms.schedule, terms.copies),
    // The first result of another page, or of another part of it, is not compared with those before.
    last_key: samePage ? order.last_key : null,
    last_value: samePage ? order.last_value : null,
    changed_at: now,
  } as const;
}

/** A paused order stays paused. One that was done goes on with its new schedule. */
function stateAfter(order: OrderRow, newSlots: boolean, now: number): Pick<OrderRow, 'state' | 'state_at' | 'next_at' | 'look_at'> {
  const { state, state_at, next_at, look_at } = order;
  if (state === 'paused' || (state === 'done' && !newSlots)) return { state, state_at, next_at, look_at };
  return { state: 'active', state_at: state === 'active' ? state_at : now, next_at: null, look_at: now };
}
