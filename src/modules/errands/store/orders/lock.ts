/** Orders are locked first in every transaction that counts for them: by id, so that no two transactions wait for each other. */
import { sql } from 'kysely';
import { invariant } from '#core/errors.ts';
import type { Queries } from '#core/ports/state.ts';
import { isAmong } from '#core/sql/among.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import type { OrderRow } from './tables.ts';

const lockedColumns = [
  'id',
  'account_id',
  'title',
  'only_changes',
  'webhook',
  'mail',
  'copies',
  'instrument',
  'state',
  'results',
  'last_key',
] as const satisfies readonly (keyof OrderRow)[];

/** What a transaction that adds results needs of an order. */
export type LockedOrder = Pick<OrderRow, (typeof lockedColumns)[number]>;

const columnNames = sql.join(lockedColumns.map((name) => sql.ref(name)));

/** By their ids. */
export async function lockOrders(queries: Queries, ids: readonly string[]): Promise<ReadonlyMap<string, LockedOrder>> {
  const locks = dialectOf(queries) === 'postgres' ? sql`for no key update` : sql``;
  const { rows } = await sql<LockedOrder>`select ${columnNames} from errands_order
    where ${isAmong(queries, 'id', [...new Set(ids)])} order by id ${locks}`.execute(queries);
  return new Map(rows.map((row) => [row.id, row]));
}

export function lockedOrder(orders: ReadonlyMap<string, LockedOrder>, id: string): LockedOrder {
  const order = orders.get(id);
  invariant(order, `a run of the order ${id} is stored, and the order is not`);
  return order;
}
