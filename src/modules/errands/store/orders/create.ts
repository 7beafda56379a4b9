/** Ordering: the order, its coins and its first runs in one transaction. */
import { sql } from 'kysely';
import { invariant } from '#core/errors.ts';
import type { Random } from '#core/ports/random.ts';
import type { Queries } from '#core/ports/state.ts';
import { readableId } from '#core/readable-id.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import { rowsFrom } from '#core/sql/rows.ts';
import { fetchesPerDay } from '../../domain/host-starts.ts';
import { loadOf as loadOfSchedule } from '../../domain/load.ts';
import { coinsToPayIn, portion } from '../../domain/making.ts';
import { maxOrders, type OrderTerms } from '../../domain/orders.ts';
import { delayOf, findHosts, loadOf, openHosts } from '../hosts/hosts.ts';
import { lockWallets, moveCoins } from './books.ts';
import { lockInstruments, type TakenInstrument, takenInstrument } from './instruments.ts';
import { type MakingContext, makeRuns } from './make-runs.ts';
import { newOrderRow } from './new-order.ts';
import { type OrderRow, orderColumns, orderKeys, orderTables } from './tables.ts';

export interface OrderingContext extends MakingContext {
  readonly random: Pick<Random, 'id'>;
}

/** One or several orders, all of them or none. */
export interface OrderingRequest {
  readonly accountId: string;
  readonly key: string;
  readonly bodyHash: string;
  readonly orders: readonly OrderTerms[];
}

export type Ordering =
  | { readonly outcome: 'ordered'; readonly orderIds: readonly string[]; readonly repeated: boolean }
  /** The key was used before, for something else. */
  | { readonly outcome: 'conflict' }
  | OrderRefusal;

export type OrderRefusal =
  | { readonly outcome: 'too-many'; readonly most: number }
  | { readonly outcome: 'coins-short'; readonly needed: number; readonly available: number }
  | { readonly outcome: 'host-loaded'; readonly host: string; readonly perDay: number; readonly left: number }
  | TakenInstrument;

/** What is refused changes nothing, and its key may be used again. */
export async function placeOrders(queries: Queries, request: OrderingRequest, context: OrderingContext): Promise<Ordering> {
  const { accountId: scope, key, bodyHash, orders } = request;
  const ids = orders.map(() => readableId('KE', context.random.id()));
  const [claim] = await orderKeys.claim(queries, [{ scope, key, bodyHash, answer: JSON.stringify(ids) }], context.now);
  invariant(claim, 'the request was claimed');
  if (claim.outcome === 'conflict') return claim;
  if (claim.outcome === 'repeated') return { outcome: 'ordered', orderIds: JSON.parse(claim.answer) as string[], repeated: true };
  const refused = await write(queries, request, ids, context);
  if (refused === undefined) return { outcome: 'ordered', orderIds: ids, repeated: false };
  await orderKeys.forget(queries, [{ scope, key }]);
  return refused;
}

async function write(
  queries: Queries,
  { accountId, orders }: OrderingRequest,
  ids: readonly string[],
  context: OrderingContext,
): Promise<OrderRefusal | undefined> {
  const { now, hosts } = context;
  // In the order in which everybody locks: hosts, instruments, the customer, his wallet.
  await openHosts(queries, [...new Set(orders.map(({ host }) => host))], hosts, now);
  await lockInstruments(queries, orders);
  await lockCustomer(queries, accountId);
  const refused = (await tooMany(queries, accountId, orders.length)) ?? (await refusedTerms(queries, orders, context));
  if (refused !== undefined) return refused;
  const available = (await lockWallets(queries, [accountId])).get(accountId) ?? 0;
  const needed = coinsToBegin(orders);
  if (needed > available) return { outcome: 'coins-short', needed, available };
  let spare = available - needed;
  const rows = orders.map((terms, index) => {
    // An order without an end is paid ahead for as far as the wallet reaches.
    const begin = coinsToBegin([terms]);
    const funds = coinsAtFirst(terms, begin + spare);
    spare -= funds - begin;
    return newOrderRow(ids[index] ?? '', { accountId, terms, funds, now });
  });
  await insertOrders(queries, rows);
  const movements = rows.map(({ id: orderId, funded: amount }) => ({ orderId, accountId, direction: 'in', amount, number: 1 }) as const);
  await moveCoins(queries, movements, now);
  await makeRuns(queries, rows, context);
  return undefined;
}

/** Coins without which these orders cannot be placed. */
function coinsToBegin(orders: readonly OrderTerms[]): number {
  return orders.reduce((sum, { schedule: { repetitions }, copies }) => sum + (repetitions ?? 1) * copies, 0);
}

/** What an order takes from a wallet when it is placed. */
export function coinsAtFirst(terms: OrderTerms, available: number): number {
  const { copies, schedule } = terms;
  const begin = coinsToBegin([terms]);
  return schedule.repetitions === null ? begin + coinsToPayIn({ copies, prepaid: 0 }, (portion - 1) * copies, available - begin) : begin;
}

async function lockCustomer(queries: Queries, accountId: string): Promise<void> {
  const tables = orderTables(queries);
  await tables
    .insertInto('errands_customer')
    .values({ account_id: accountId, feed: 0, webhook_secret: '' })
    .onConflict((conflict) => conflict.column('account_id').doNothing())
    .execute();
  await tables
    .selectFrom('errands_customer')
    .select('account_id')
    .where('account_id', '=', accountId)
    .$if(dialectOf(queries) === 'postgres', (query) => query.forNoKeyUpdate())
    .execute();
}

async function tooMany(queries: Queries, accountId: string, more: number): Promise<OrderRefusal | undefined> {
  const { count } = await orderTables(queries)
    .selectFrom('errands_order')
    .select((row) => row.fn.countAll<number>().as('count'))
    .where('account_id', '=', accountId)
    .where('state', 'not in', [sql.lit('done' as const), sql.lit('cancelled' as const)])
    .executeTakeFirstOrThrow();
  return Number(count) + more > maxOrders ? { outcome: 'too-many', most: maxOrders } : undefined;
}

/** What only the books know of terms: whether their hosts take more, and whether their instruments are free. */
export async function refusedTerms(
  queries: Queries,
  orders: readonly OrderTerms[],
  { hosts }: Pick<OrderingContext, 'hosts'>,
  /** An order that is changed: what it asks for now does not count. */
  besides?: Pick<OrderRow, 'id' | 'host' | 'load' | 'state'>,
): Promise<OrderRefusal | undefined> {
  for (const [host, ordered] of Map.groupBy(orders, (terms) => terms.host)) {
    const perDay = fetchesPerDay(delayOf(host, (await findHosts(queries, [host])).get(host), hosts));
    if (perDay === undefined) continue;
    const own = besides?.host === host && besides.state === 'active' ? besides.load : 0;
    const left = Math.max(0, perDay - (await loadOf(queries, host)) + own);
    const wanted = ordered.reduce((sum, { schedule, copies }) => sum + loadOfSchedule(schedule, copies), 0);
    if (wanted > left) return { outcome: 'host-loaded', host, perDay, left };
  }
  return takenInstrument(queries, orders, besides?.id);
}

const columnNames = sql.join(Object.keys(orderColumns).map((column) => sql.ref(column)));

async function insertOrders(queries: Queries, rows: readonly OrderRow[]): Promise<void> {
  await sql`insert into errands_order (${columnNames}) ${rowsFrom(queries, orderColumns, rows)}`.execute(queries);
}
