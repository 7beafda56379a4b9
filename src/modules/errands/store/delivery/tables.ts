/** What waits to be sent to customers, as types and as a migration. */
import { sql } from 'kysely';
import type { Migration, Queries } from '#core/ports/state.ts';

export type DeliveryTables = {
  /** A result on its way to a webhook. It is removed when the receiver took it, or gave no answer for days. */
  errands_webhook: {
    order_id: string;
    /** The number of the result in its order. */
    number: number;
    address: string;
    gives_up_at: number;
  };
  /** How the results of an order are sent: a row for each order that had something to send. */
  errands_delivery: {
    order_id: string;
    account_id: string;
    /** When its webhooks can be sent, in the order of their numbers: at once, after a pause, or when the lease ends; null when none waits. */
    webhook_at: number | null;
    /** Of the instance that is sending. */
    webhook_lease: string | null;
    /** Failed ones in a row. */
    failures: number;
    /** Why the last attempt failed; null after one that succeeded. */
    failure: string | null;
    failed_at: number | null;
    /** When a receiver last took a result, and which. */
    taken_at: number | null;
    taken_number: number | null;
    /** A receiver that did not answer for days: nothing is sent to this address any more. */
    gave_up_on: string | null;
    gave_up_at: number | null;
    /** The first result that no letter has told of; null when there is none. */
    mail_from: number | null;
    /** When the next letter is due. */
    mail_at: number | null;
    mailed_at: number | null;
  };
};

export function deliveryTables(queries: Queries) {
  return queries.withTables<DeliveryTables>();
}

export type DeliveryRow = DeliveryTables['errands_delivery'];

export const deliveryMigrations: readonly Migration[] = [{ id: 'errands-050-webhooks', up: createTables }];

async function createTables(queries: Queries): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(queries);
  await run(`create table errands_webhook (
    order_id text not null, number bigint not null, address text not null, gives_up_at bigint not null, primary key (order_id, number))`);
  await run(`create table errands_delivery (
    order_id text primary key, account_id text not null, webhook_at bigint, webhook_lease text, failures bigint not null default 0,
    failure text, failed_at bigint, taken_at bigint, taken_number bigint, gave_up_on text, gave_up_at bigint,
    mail_from bigint, mail_at bigint, mailed_at bigint,
    check ((mail_from is null) = (mail_at is null)), check (webhook_lease is null or webhook_at is not null), check (failures >= 0))`);
  await run('create index errands_delivery_by_webhook on errands_delivery (webhook_at) where webhook_at is not null');
  await run('create index errands_delivery_by_mail on errands_delivery (mail_at) where mail_at is not null');
}
