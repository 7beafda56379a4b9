/** Webhooks that wait: one instance at a time sends those of an order, in their order, each until its receiver took it. */
import { sql } from 'kysely';
import { backoffMs } from '#core/backoff.ts';
import type { Mail } from '#core/ports/mail.ts';
import type { Random } from '#core/ports/random.ts';
import type { Queries } from '#core/ports/state.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import { accountById } from '#modules/people/who.ts';
import type { ItemRow } from '../../domain/result-items.ts';
import { itemColumnNames } from '../results/feed.ts';
import { resultTables } from '../results/tables.ts';
import { type DeliveryRow, deliveryTables } from './tables.ts';

/** An order whose webhooks an instance sends until the lease ends. */
export interface SendingOrder {
  readonly orderId: string;
  readonly accountId: string;
  readonly lease: string;
  readonly failures: number;
}

export interface WaitingWebhook {
  readonly number: number;
  readonly address: string;
  readonly givesUpAt: number;
  /** Undefined when the result is not kept any more. */
  readonly result: ItemRow | undefined;
}

/** Longer than a receiver may take; renewed with each that is taken. */
const leaseMs = 20_000;
const retryLimits = { firstMs: 5_000, maxMs: 3_600_000 };
/** Characters of a failure that is kept. */
const maxFailure = 300;

/** Asked before a claim, because reading costs less. */
export async function isAnyDue(queries: Queries, now: number): Promise<boolean> {
  const due = await deliveryTables(queries)
    .selectFrom('errands_delivery')
    .select('order_id')
    .where('webhook_at', '<=', now)
    .limit(1)
    .execute();
  return due.length > 0;
}

export async function claimSending(
  queries: Queries,
  { limit, now, random }: { readonly limit: number; readonly now: number; readonly random: Random },
): Promise<readonly SendingOrder[]> {
  const lock = dialectOf(queries) === 'postgres' ? sql`for no key update skip locked` : sql``;
  const lease = random.id();
  const { rows } = await sql<Pick<DeliveryRow, 'order_id' | 'account_id' | 'failures'>>`with due as (
      select order_id from errands_delivery where webhook_at <= ${now} order by webhook_at limit ${limit} ${lock}
    )
    update errands_delivery set webhook_at = ${now + leaseMs}, webhook_lease = ${lease}
      where order_id in (select order_id from due)
      returning order_id, account_id, failures`.execute(queries);
  return rows.map(({ order_id, account_id, failures }) => ({ orderId: order_id, accountId: account_id, lease, failures }));
}

/** The next ones of the order, with their results. */
export async function waitingWebhooks(queries: Queries, orderId: string, limit: number): Promise<readonly WaitingWebhook[]> {
  const rows = await deliveryTables(queries)
    .selectFrom('errands_webhook')
    .select(['number', 'address', 'gives_up_at'])
    .where('order_id', '=', orderId)
    .orderBy('number')
    .limit(limit)
    .execute();
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) return [];
  const results = await resultTables(queries)
    .selectFrom('errands_result')
    .select(itemColumnNames)
    .where('order_id', '=', orderId)
    .where('number', '>=', first.number)
    .where('number', '<=', last.number)
    .execute();
  const byNumber = new Map(results.map((result) => [result.number, result]));
  return rows.map(({ number, address, gives_up_at }) => ({ number, address, givesUpAt: gives_up_at, result: byNumber.get(number) }));
}

/** False when another instance has taken the order over. */
export async function webhookTaken(queries: Queries, order: SendingOrder, number: number, now: number): Promise<boolean> {
  const changes = { webhook_at: now + leaseMs, failures: 0, failure: null, taken_at: now, taken_number: number };
  if (!(await changeHeld(queries, order, changes))) return false;
  await removeWebhook(queries, order.orderId, number);
  return true;
}

/** Of a result that is not kept any more. */
export async function removeWebhook(queries: Queries, orderId: string, number: number): Promise<void> {
  await deliveryTables(queries).deleteFrom('errands_webhook').where('order_id', '=', orderId).where('number', '=', number).execute();
}

/** Ends the lease: when more waits, it is due at once. */
export async function sendingEnded(queries: Queries, order: SendingOrder, now: number): Promise<void> {
  // The row is locked before it is looked whether more waits: who adds one changes this row afterwards.
  if (!(await changeHeld(queries, order, { webhook_at: now }))) return;
  const more = await deliveryTables(queries)
    .selectFrom('errands_webhook')
    .select('number')
    .where('order_id', '=', order.orderId)
    .limit(1)
    .execute();
  await changeHeld(queries, order, { webhook_at: more.length > 0 ? now : null, webhook_lease: null });
}

/** It is sent again after a pause, which grows. */
export async function webhookFailed(queries: Queries, order: SendingOrder, failure: string, now: number, random: Random): Promise<void> {
  const failures = order.failures + 1;
  const webhook_at = now + Math.ceil(backoffMs(failures, retryLimits, random));
  const changes = { webhook_at, webhook_lease: null, failures, failure: failure.slice(0, maxFailure), failed_at: now };
  await changeHeld(queries, order, changes);
}

/** Nothing more is sent to this address, and the customer gets a letter. */
export async function giveUp(
  queries: Queries,
  mail: Pick<Mail, 'post'>,
  order: SendingOrder,
  { address, failure, now }: { readonly address: string; readonly failure: string; readonly now: number },
): Promise<void> {
  const changes = { gave_up_on: address, gave_up_at: now, failures: 0, failure: failure.slice(0, maxFailure), failed_at: now };
  if (!(await changeHeld(queries, order, changes))) return;
  await deliveryTables(queries)
    .deleteFrom('errands_webhook')
    .where('order_id', '=', order.orderId)
    .where('address', '=', address)
    .execute();
  await sendingEnded(queries, order, now);
  const account = await accountById(queries, order.accountId);
  if (account === undefined) return;
  const text = [
    `Hello ${account.name},`,
    '',
    `the receiver of your errand ${order.orderId} has not taken a result for three days:`,
    '',
    `  ${address}`,
    `  ${failure.slice(0, maxFailure)}`,
    '',
    'Nothing is sent there any more. Your results are kept, and can be read or fetched as before. When the receiver works again,',
    'begin to send on the page of the order, or give it another address.',
    '',
    'Kontor',
  ].join('\n');
  await mail.post(queries, { to: account.email, subject: `Your errand ${order.orderId}: its webhook was stopped`, text });
}

async function changeHeld(queries: Queries, { orderId, lease }: SendingOrder, changes: Partial<DeliveryRow>): Promise<boolean> {
  const { numUpdatedRows } = await deliveryTables(queries)
    .updateTable('errands_delivery')
    .set(changes)
    .where('order_id', '=', orderId)
    .where('webhook_lease', '=', lease)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export interface WebhookState {
  readonly row: DeliveryRow | undefined;
  /** Counted up to a limit. */
  readonly waiting: number;
}

const maxCountedWebhooks = 1_000;

export async function webhookState(queries: Queries, orderId: string): Promise<WebhookState> {
  const tables = deliveryTables(queries);
  const row = await tables.selectFrom('errands_delivery').selectAll().where('order_id', '=', orderId).executeTakeFirst();
  const few = await tables
    .selectFrom('errands_webhook')
    .select('number')
    .where('order_id', '=', orderId)
    .limit(maxCountedWebhooks)
    .execute();
  return { row, waiting: few.length };
}

/** Sends to the address again, from the next result on. */
export async function resumeWebhook(queries: Queries, orderId: string): Promise<void> {
  await deliveryTables(queries)
    .updateTable('errands_delivery')
    .set({ gave_up_on: null, gave_up_at: null, failure: null })
    .where('order_id', '=', orderId)
    .execute();
}
