/** What follows from results, in their transaction: events for other systems, webhooks, letters, and prices on the tape. */
import { sql } from 'kysely';
import { BrokenInvariant } from '#core/errors.ts';
import { appendToOutbox, maxEntryBytes, type OutboxEntry } from '#core/outbox.ts';
import type { Queries } from '#core/ports/state.ts';
import { isAmong } from '#core/sql/among.ts';
import { rowsFrom } from '#core/sql/rows.ts';
import { recordSales, type Sale } from '#modules/stocks/tape.ts';
import { type ItemRow, isSent, itemOf } from '../../domain/result-items.ts';
import { resultsTopic } from '../../domain/settings.ts';
import type { OrderRow } from '../orders/tables.ts';
import { deliveryTables } from './tables.ts';

/** A result as it was stored, and its order. */
export interface HandedOver {
  readonly row: ItemRow & { readonly account_id: string };
  readonly order: Pick<OrderRow, 'id' | 'only_changes' | 'webhook' | 'mail' | 'instrument'>;
}

/** All results of an account are in one partition of the topic, in the order of their feed numbers. */
const resultPartitions = 4;
/** How long a receiver may be down. */
const webhookKeepMs = 3 * 24 * 3_600_000;
/** Between two letters about one order. */
const letterEveryMs = 3_600_000;

const maxPriceCents = 134_217_727;
/** Characters: an event fits into an entry of the outbox, however it is written in JSON. */
const maxEventValue = 8_000;

/** The caller has locked the orders of these results. */
export async function afterResults(queries: Queries, results: readonly HandedOver[], now: number): Promise<void> {
  const sent = results.filter(({ row, order }) => isSent(row, order));
  const events = entriesOf(results);
  await Promise.all([
    events.length === 0 ? undefined : appendToOutbox(queries, events, now),
    recordPrices(queries, results, now),
    planSending(queries, sent, now),
  ]);
}

const encoder = new TextEncoder();

/** A line of JSON for each result that was delivered, and for each that is taken back: see docs/errands-results.md. */
function entriesOf(results: readonly HandedOver[]): readonly OutboxEntry[] {
  const delivered = results.map(({ row }) => row).filter(({ outcome, withdraws }) => outcome === 'delivered' || withdraws > 0);
  const byPartition = Map.groupBy(delivered, ({ account_id }) => partitionOf(account_id));
  return [...byPartition].flatMap(([partition, rows]) => {
    const inOrder = rows.toSorted((one, other) => one.feed - other.feed);
    return packed(inOrder.map(eventOf)).map(({ count, body }) => ({ topic: resultsTopic, partition, count, body }));
  });
}

function partitionOf(accountId: string): string {
  let hash = 0;
  for (const byte of encoder.encode(accountId)) hash = (hash * 31 + byte) % 1_000_003;
  return `p${hash % resultPartitions}`;
}

function eventOf(row: HandedOver['row']): Uint8Array {
  const item = itemOf(row);
  const value = item.value === null ? null : item.value.slice(0, maxEventValue);
  return encoder.encode(`${JSON.stringify({ account: row.account_id, ...item, value })}\n`);
}

/** As few entries as the limit of their size allows. */
function packed(records: readonly Uint8Array[]): readonly { readonly count: number; readonly body: Uint8Array }[] {
  const entries: { count: number; body: Uint8Array }[] = [];
  let run: Uint8Array[] = [];
  let bytes = 0;
  const close = () => {
    if (run.length > 0) entries.push({ count: run.length, body: Buffer.concat(run) });
    run = [];
    bytes = 0;
  };
  for (const record of records) {
    if (bytes + record.length > maxEntryBytes) close();
    run.push(record);
    bytes += record.length;
  }
  close();
  return entries;
}

/** Numbers of orders that are published as an instrument are trades of it. */
async function recordPrices(queries: Queries, results: readonly HandedOver[], now: number): Promise<void> {
  const sales = results.flatMap(({ row, order }): readonly Sale[] => {
    const priceCents = Math.round((row.micros ?? 0) / 10_000);
    if (order.instrument === null || row.outcome !== 'delivered' || priceCents < 1 || priceCents > maxPriceCents) return [];
    return [{ instrument: order.instrument, priceCents, quantity: 1, at: row.delivered_at }];
  });
  if (sales.length > 0) await recordSales(queries, sales, now);
}

const webhookColumns = { order_id: 'text', number: 'bigint', address: 'text', gives_up_at: 'bigint' } as const;

/** Returns the orders that have something to send. */
async function addWebhooks(queries: Queries, sent: readonly HandedOver[], now: number): Promise<ReadonlySet<string>> {
  const wanted = sent.filter(({ order }) => order.webhook !== null);
  if (wanted.length === 0) return new Set();
  const ids = [...new Set(wanted.map(({ order }) => order.id))];
  const given = await deliveryTables(queries)
    .selectFrom('errands_delivery')
    .select(['order_id', 'gave_up_on'])
    .where(isAmong(queries, 'order_id', ids))
    .where('gave_up_on', 'is not', null)
    .execute();
  const gaveUpOn = new Map(given.map(({ order_id, gave_up_on }) => [order_id, gave_up_on]));
  const rows = wanted
    .filter(({ order }) => gaveUpOn.get(order.id) !== order.webhook)
    .map(({ row, order }) => ({ order_id: order.id, number: row.number, address: order.webhook, gives_up_at: now + webhookKeepMs }));
  if (rows.length > 0)
    await sql`insert into errands_webhook (order_id, number, address, gives_up_at) ${rowsFrom(queries, webhookColumns, rows)}`.execute(
      queries,
    );
  return new Set(rows.map(({ order_id }) => order_id));
}

const planColumns = { order_id: 'text', account_id: 'text', webhook_at: 'bigint', mail_from: 'bigint', mail_at: 'bigint' } as const;

/** Says that there is something to send. Results are collected for letters, so that an order sends one an hour at most. */
async function planSending(queries: Queries, sent: readonly HandedOver[], now: number): Promise<void> {
  const withWebhook = await addWebhooks(queries, sent, now);
  const rows = [...Map.groupBy(sent, ({ order }) => order.id).values()]
    .flatMap((its) => {
      const [{ order, row } = missing()] = its;
      const mails = order.mail === 1;
      if (!mails && !withWebhook.has(order.id)) return [];
      const first = Math.min(...its.map(({ row: { number } }) => number));
      const mail = mails ? { mail_from: first, mail_at: now } : { mail_from: null, mail_at: null };
      return [{ order_id: order.id, account_id: row.account_id, webhook_at: withWebhook.has(order.id) ? now : null, ...mail }];
    })
    // In one order, so that no two transactions wait for each other.
    .sort((one, other) => (one.order_id < other.order_id ? -1 : 1));
  if (rows.length === 0) return;
  await sql`insert into errands_delivery (order_id, account_id, webhook_at, mail_from, mail_at) ${rowsFrom(queries, planColumns, rows)}
    on conflict (order_id) do update set
      webhook_at = coalesce(errands_delivery.webhook_at, excluded.webhook_at),
      mail_from = coalesce(errands_delivery.mail_from, excluded.mail_from),
      mail_at = coalesce(errands_delivery.mail_at, case
        when excluded.mail_at is null then null
        when errands_delivery.mailed_at > excluded.mail_at - ${letterEveryMs} then errands_delivery.mailed_at + ${letterEveryMs}
        else excluded.mail_at end)`.execute(queries);
}

function missing(): never {
  throw new BrokenInvariant('a group of results is empty');
}
