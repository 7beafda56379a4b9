/** One order of an account, read or locked for a change. */
import type { Queries } from '#core/ports/state.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import type { OrderTerms } from '../../domain/orders.ts';
import type { Schedule } from '../../domain/schedule/schedule.ts';
import { type OrderRow, orderTables } from './tables.ts';

/** Undefined when there is none, and when it is somebody else's. */
export async function findOrder(queries: Queries, id: string, accountId: string): Promise<OrderRow | undefined> {
  const row = await orderTables(queries).selectFrom('errands_order').selectAll().where('id', '=', id).executeTakeFirst();
  return row?.account_id === accountId ? row : undefined;
}

export async function lockOrder(queries: Queries, id: string, accountId: string): Promise<OrderRow | undefined> {
  const row = await orderTables(queries)
    .selectFrom('errands_order')
    .selectAll()
    .where('id', '=', id)
    .$if(dialectOf(queries) === 'postgres', (query) => query.forNoKeyUpdate())
    .executeTakeFirst();
  return row?.account_id === accountId ? row : undefined;
}

export async function saveOrder(queries: Queries, id: string, changes: Partial<OrderRow>): Promise<void> {
  await orderTables(queries).updateTable('errands_order').set(changes).where('id', '=', id).execute();
}

/** What the customer chose, with the repetitions of all generations together. */
export function termsOf(order: OrderRow): OrderTerms {
  const schedule = JSON.parse(order.schedule) as Schedule;
  const { repetitions } = schedule;
  return {
    title: order.title,
    address: order.address,
    host: order.host,
    method: order.method,
    headers: JSON.parse(order.headers) as Record<string, string>,
    schedule: { ...schedule, repetitions: repetitions === null ? null : repetitions + order.used_before },
    extraction: order.extraction,
    onlyChanges: order.only_changes === 1,
    webhook: order.webhook,
    mail: order.mail === 1,
    copies: order.copies,
    instrument: order.instrument,
  };
}
