/** Letters about results: one an hour for an order at most, with what came since the last one. */
import { sql } from 'kysely';
import type { Mail } from '#core/ports/mail.ts';
import type { Queries } from '#core/ports/state.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import { accountById } from '#modules/people/who.ts';
import type { ItemRow } from '../../domain/result-items.ts';
import { isSent } from '../../domain/result-items.ts';
import { orderTables } from '../orders/tables.ts';
import { itemColumnNames } from '../results/feed.ts';
import { resultTables } from '../results/tables.ts';
import { type DeliveryRow, deliveryTables } from './tables.ts';

/** Results listed in a letter; of more, their number is told. */
const maxListed = 30;
const maxValue = 200;

export interface LetterTerms {
  readonly mail: Pick<Mail, 'post'>;
  readonly now: number;
  readonly limit: number;
  /** What links begin with, where the house knows it. */
  readonly origin: string | undefined;
}

/** Writes letters that are due. Resolves to how many orders were looked at. */
export async function writeLetters(queries: Queries, { mail, now, limit, origin }: LetterTerms): Promise<number> {
  const lock = dialectOf(queries) === 'postgres' ? sql`for no key update skip locked` : sql``;
  const { rows: due } = await sql<Pick<DeliveryRow, 'order_id' | 'account_id' | 'mail_from'>>`
    select order_id, account_id, mail_from from errands_delivery where mail_at <= ${now} order by mail_at limit ${limit} ${lock}`.execute(
    queries,
  );
  for (const { order_id, account_id, mail_from } of due) {
    await deliveryTables(queries)
      .updateTable('errands_delivery')
      .set({ mail_from: null, mail_at: null, mailed_at: now })
      .where('order_id', '=', order_id)
      .execute();
    const account = await accountById(queries, account_id);
    const order = await orderTables(queries)
      .selectFrom('errands_order')
      .select(['title', 'only_changes', 'results'])
      .where('id', '=', order_id)
      .executeTakeFirst();
    if (account === undefined || order === undefined || mail_from === null) continue;
    const newest = await newestResults(queries, order_id, mail_from);
    const listed = newest.filter((row) => isSent(row, order));
    const before = Math.max(0, order.results - mail_from + 1 - newest.length);
    const lines = listed.map(lineOf);
    const text = [
      `Hello ${account.name},`,
      '',
      `new results of your errand "${order.title}" (${order_id}), newest first:`,
      '',
      ...lines,
      ...(before > 0 ? [`  and ${before} before these`] : []),
      '',
      origin === undefined ? 'They are on the page of the order.' : `${origin}/errands/orders/${order_id}`,
      '',
      'Kontor',
    ].join('\n');
    await mail.post(queries, { to: account.email, subject: `Results of your errand: ${order.title}`, text });
  }
  return due.length;
}

async function newestResults(queries: Queries, orderId: string, from: number): Promise<readonly ItemRow[]> {
  return resultTables(queries)
    .selectFrom('errands_result')
    .select(itemColumnNames)
    .where('order_id', '=', orderId)
    .where('number', '>=', from)
    .orderBy('number', 'desc')
    .limit(maxListed)
    .execute();
}

function lineOf({ number, due_at, outcome, withdraws, reason, status, value, changed }: ItemRow): string {
  const due = Temporal.Instant.fromEpochMilliseconds(due_at).toString({ smallestUnit: 'second' });
  if (withdraws > 0) return `  ${number}  ${due}  number ${withdraws} is withdrawn: ${reason ?? 'unknown'}`;
  if (outcome !== 'delivered') return `  ${number}  ${due}  ${outcome}: ${reason ?? 'unknown'}`;
  const what = value === null ? `status ${status}` : value.replaceAll(/\s+/g, ' ').slice(0, maxValue);
  return `  ${number}  ${due}  ${what}${changed === 1 ? '' : ' (as before)'}`;
}
