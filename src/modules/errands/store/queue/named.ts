/** Rows of runs and answers by their names. */
import { type RawBuilder, sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import { rowsFrom } from '#core/sql/rows.ts';
import { byCopy } from '../../domain/leases.ts';
import type { CopyName } from '../../domain/orders.ts';

export const copyColumns = { order_id: 'text', generation: 'bigint', slot: 'bigint', copy: 'bigint' } as const;

export const leaseColumns = { ...copyColumns, lease: 'text' } as const;

/** In the order in which everybody locks them. */
export function copyRows(copies: readonly CopyName[]) {
  return copies.toSorted(byCopy).map(({ orderId, generation, slot, copy }) => ({ order_id: orderId, generation, slot, copy }));
}

/**
 * The rows of a table with these names as `found`, for the `from` of a select: one by one in its index, because a join might read the
 * whole table. Locked one after another where that is asked for.
 */
export function copiesFound(
  queries: Queries,
  table: 'errands_run' | 'errands_answer',
  copies: readonly CopyName[],
  { locked }: { readonly locked: boolean },
): RawBuilder<unknown> {
  const named = sql`(${rowsFrom(queries, copyColumns, copyRows(copies))}) as named`;
  const isNamed = sql`found.order_id = named.order_id and found.generation = named.generation and found.slot = named.slot and found.copy = named.copy`;
  if (dialectOf(queries) === 'sqlite') return sql`${named} cross join ${sql.table(table)} found on ${isNamed}`;
  const rest = locked ? sql`for no key update` : sql`offset 0`;
  return sql`${named} cross join lateral (select * from ${sql.table(table)} found where ${isNamed} ${rest}) as found`;
}
