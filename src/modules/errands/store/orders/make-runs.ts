/** Orders become runs: hosts, runs, coins and the orders themselves in the caller's transaction, which has locked the orders. */
import { sql } from 'kysely';
import type { Mail } from '#core/ports/mail.ts';
import type { Queries } from '#core/ports/state.ts';
import { rowsFrom } from '#core/sql/rows.ts';
import { lockedAmong } from '#modules/people/who.ts';
import { type Made, makeRunsOf } from '../../domain/making.ts';
import type { Schedule } from '../../domain/schedule/schedule.ts';
import { type HostRules, type OpenHost, openHosts, saveStarts } from '../hosts/hosts.ts';
import { type DoomedRun, failAtOnce } from '../queue/fail-at-once.ts';
import { addRuns, type NewRun } from '../queue/make.ts';
import { type CoinMovement, lockWallets, moveCoins } from './books.ts';
import { tellOutOfCoins } from './letters.ts';
import type { OrderRow } from './tables.ts';

/** What making runs needs beside the orders. */
export interface MakingContext {
  readonly now: number;
  readonly hosts: HostRules;
  readonly mail: Pick<Mail, 'post'>;
}

/** The columns of an order that making its runs needs. */
export const makingColumns = [
  'id',
  'account_id',
  'title',
  'address',
  'host',
  'schedule',
  'copies',
  'state',
  'state_at',
  'generation',
  'slot',
  'slot_at',
  'fundings',
  'prepaid',
  'open',
] as const satisfies readonly (keyof OrderRow)[];

export type MakingRow = Pick<OrderRow, (typeof makingColumns)[number]>;

interface MadeOrder {
  readonly row: MakingRow;
  readonly made: Made;
}

/** Resolves how many runs were made. */
export async function makeRuns(queries: Queries, rows: readonly MakingRow[], { now, hosts, mail }: MakingContext): Promise<number> {
  const open = await openHosts(queries, [...new Set(rows.map(({ host }) => host))], hosts, now);
  const accountIds = [...new Set(rows.map(({ account_id }) => account_id))];
  const schedules = rows.map(({ schedule }) => JSON.parse(schedule) as Schedule);
  const spending = rows.filter((_, index) => schedules[index]?.repetitions === null);
  const [locked, wallets] = await Promise.all([
    lockedAmong(queries, accountIds),
    lockWallets(
      queries,
      spending.map(({ account_id }) => account_id),
    ),
  ]);
  const orders = rows.map((row, index): MadeOrder => {
    const available = wallets.get(row.account_id) ?? 0;
    const schedule = schedules[index] as Schedule;
    const made = makeRunsOf(orderOf(row, schedule), { now, locked: locked.has(row.account_id), available });
    wallets.set(row.account_id, available - made.funds + made.returns);
    return { row, made };
  });
  const { runs, doomed } = placeRuns(orders, open, now);
  const stopped = orders.filter(({ row, made }) => made.state === 'out-of-coins' && row.state !== 'out-of-coins');
  await Promise.all([
    addRuns(queries, runs).then(() => failAtOnce(queries, doomed)),
    saveStarts(queries, open, now),
    saveMade(queries, orders, now),
    moveCoins(queries, orders.flatMap(movementsOf), now),
  ]);
  await tellOutOfCoins(
    queries,
    mail,
    stopped.map(({ row: { id, account_id, title } }) => ({ id, accountId: account_id, title })),
  );
  return runs.length;
}

function orderOf(row: MakingRow, schedule: Schedule) {
  const { id, state, generation, slot, slot_at, copies, prepaid, open, state_at } = row;
  return { id, state, schedule, generation, slot, slotAt: slot_at, copies, prepaid, open, stateAt: state_at };
}

interface Placed {
  readonly runs: readonly NewRun[];
  readonly doomed: readonly DoomedRun[];
}

/** Gives each run its time at its host, the earliest first. */
function placeRuns(orders: readonly MadeOrder[], hosts: ReadonlyMap<string, OpenHost>, now: number): Placed {
  const unplaced = orders.flatMap(({ row, made }) => made.runs.map(({ slot, dueAt }) => ({ row, slot, dueAt })));
  unplaced.sort((one, other) => one.dueAt - other.dueAt);
  const doomed: DoomedRun[] = [];
  const runs = unplaced.map(({ row, slot, dueAt }): NewRun => {
    const { id: orderId, account_id: accountId, generation, copies } = row;
    const at = placeAt(hosts.get(row.host), row, dueAt, now);
    if (typeof at === 'string') doomed.push({ orderId, generation, slot, reason: at });
    return { orderId, generation, slot, accountId, copies, dueAt, visibleAt: typeof at === 'string' ? dueAt : at };
  });
  return { runs, doomed };
}

/** When a run can be claimed, or why it cannot be fetched. */
export function placeAt(
  host: OpenHost | undefined,
  { address, copies }: Pick<OrderRow, 'address' | 'copies'>,
  dueAt: number,
  now: number,
): number | 'robots' | 'host-busy' {
  if (host === undefined) return dueAt;
  if (!host.allows(address)) return 'robots';
  return host.starts.take(dueAt, copies, now) ?? 'host-busy';
}

function movementsOf({ row, made: { funds, returns } }: MadeOrder): readonly CoinMovement[] {
  const { id: orderId, account_id: accountId, fundings } = row;
  const moved: CoinMovement[] = [];
  if (funds > 0) moved.push({ orderId, accountId, direction: 'in', amount: funds, number: fundings + 1 });
  if (returns > 0) moved.push({ orderId, accountId, direction: 'back', amount: returns, number: fundings + moved.length + 1 });
  return moved;
}

const madeColumns = {
  id: 'text',
  state: 'text',
  state_at: 'bigint',
  slot: 'bigint',
  slot_at: 'bigint',
  next_at: 'bigint',
  look_at: 'bigint',
  made: 'bigint',
  movements: 'bigint',
  funds: 'bigint',
  returns: 'bigint',
  prepaid: 'bigint',
} as const;

async function saveMade(queries: Queries, orders: readonly MadeOrder[], now: number): Promise<void> {
  const rows = orders.map(({ row, made }) => ({
    id: row.id,
    state: made.state,
    state_at: made.state === row.state ? row.state_at : now,
    slot: made.slot,
    slot_at: made.slotAt,
    next_at: made.nextAt,
    look_at: made.lookAt,
    made: made.runs.length,
    movements: Number(made.funds > 0) + Number(made.returns > 0),
    funds: made.funds,
    returns: made.returns,
    prepaid: made.prepaid,
  }));
  await sql`update errands_order set state = saved.state, state_at = saved.state_at, slot = saved.slot, slot_at = saved.slot_at,
      next_at = saved.next_at, look_at = saved.look_at, made = errands_order.made + saved.made, open = errands_order.open + saved.made,
      fundings = errands_order.fundings + saved.movements, funded = errands_order.funded + saved.funds,
      returned = errands_order.returned + saved.returns, prepaid = saved.prepaid
    from (${rowsFrom(queries, madeColumns, rows)}) as saved where errands_order.id = saved.id`.execute(queries);
}
