/** The tables of orders, as types and as a migration. What no row may say is refused by the database itself. */
import { sql } from 'kysely';
import type { SealedColumn } from '#core/ports/secrets.ts';
import type { Migration, Queries } from '#core/ports/state.ts';
import { createRequestTable, requestKeys } from '#core/request-keys.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import type { ColumnType } from '#core/sql/rows.ts';
import type { Method, OrderState } from '../../domain/orders.ts';

/** 1 for true: one type for both dialects. */
export type Flag = 0 | 1;

export type OrderTables = {
  /**
   * An order is its own cursor: `generation` and `slot` name the last slot that was made or passed over.
   * Coins: `funded` = `prepaid` + `returned` + `earned` + `refunded` + one for each copy that is open or not judged (law errands-1).
   */
  errands_order: {
    id: string;
    /** The customer: everything of one customer can be kept on one shard. */
    account_id: string;
    title: string;
    address: string;
    /** Of the address, with the port where it is not the usual one. */
    host: string;
    method: Method;
    /** JSON: names and values. */
    headers: string;
    /** JSON: the schedule of this generation, see domain/schedule. */
    schedule: string;
    /** Slots of earlier generations, which count among the repetitions. */
    used_before: number;
    /** JSON, or null for the whole page. */
    extraction: string | null;
    only_changes: Flag;
    webhook: string | null;
    mail: Flag;
    /** Miners that fetch each run; a repetition costs as many coins. */
    copies: number;
    /** Such as ERRANDS.TEA: numbers that are extracted are put on the tape as its prices. */
    instrument: string | null;
    state: OrderState;
    /** When it came into this state. */
    state_at: number;
    generation: number;
    slot: number;
    /** The time of `slot`; null before the first. */
    slot_at: number | null;
    /** The time of the next slot; null when no run is to be made. */
    next_at: number | null;
    /** When a scheduler looks at it: before the next slot, or to see whether there are coins again; null when it need not. */
    look_at: number | null;
    /** Fetches a day. */
    load: number;
    /** Runs asked for by hand. */
    manual: number;
    funded: number;
    /** How often coins were paid in or came back: a part of the ledger's keys. */
    fundings: number;
    prepaid: number;
    returned: number;
    /** One for each copy whose answer is accepted: it is paid when it is settled, or taken back when a lie is found. */
    earned: number;
    refunded: number;
    /** Runs made, and those of them that are neither delivered nor failed yet. */
    made: number;
    open: number;
    /** Numbers that were given, without holes: to results, and to notices of results that were withdrawn. */
    results: number;
    /** Those that are notices. */
    notices: number;
    /** Of the last result that was delivered. */
    last_key: string | null;
    last_value: string | null;
    last_at: number | null;
    created_at: number;
    changed_at: number;
  };
  /** `feed` numbers all results of a customer without holes. `webhook_secret` signs what is sent to his receivers; empty until it is asked for. */
  errands_customer: { account_id: string; feed: number; webhook_secret: string };
  /** Names of instruments that orders ever asked for: who takes one locks its row. */
  errands_instrument: { name: string };
  /** One row: since when schedulers have run without a pause, and when one ran last. The promise counts while they run. */
  errands_beat: { id: number; since: number; at: number };
};

export const webhookSecrets: SealedColumn = { table: 'errands_customer', key: 'account_id', column: 'webhook_secret' };

export function orderTables(queries: Queries) {
  return queries.withTables<OrderTables>();
}

export type OrderRow = OrderTables['errands_order'];

/** The answer to a request is the id of its order, or several of them in JSON. */
export const orderKeys = requestKeys({ table: 'errands_request' });

const text = 'text';
const whole = 'bigint';

/** For many rows in one statement. */
export const orderColumns = {
  id: text,
  account_id: text,
  title: text,
  address: text,
  host: text,
  method: text,
  headers: text,
  schedule: text,
  used_before: whole,
  extraction: text,
  only_changes: whole,
  webhook: text,
  mail: whole,
  copies: whole,
  instrument: text,
  state: text,
  state_at: whole,
  generation: whole,
  slot: whole,
  slot_at: whole,
  next_at: whole,
  look_at: whole,
  load: whole,
  manual: whole,
  funded: whole,
  fundings: whole,
  prepaid: whole,
  returned: whole,
  earned: whole,
  refunded: whole,
  made: whole,
  open: whole,
  results: whole,
  notices: whole,
  last_key: text,
  last_value: text,
  last_at: whole,
  created_at: whole,
  changed_at: whole,
} as const satisfies Readonly<Record<keyof OrderRow, ColumnType>>;

export const orderMigrations: readonly Migration[] = [{ id: 'errands-001-orders', up: createTables }];

async function createTables(queries: Queries): Promise<void> {
  // Room on each page for the new versions of its rows: counts change with each result, and then need no new index entries.
  const withRoom = dialectOf(queries) === 'postgres' ? 'with (fillfactor = 60)' : '';
  const run = (statement: string) => sql.raw(statement).execute(queries);
  await createRequestTable(queries, 'errands_request');
  await run(`create table errands_order (
    id text primary key, account_id text not null, title text not null, address text not null, host text not null,
    method text not null, headers text not null, schedule text not null, used_before bigint not null, extraction text,
    only_changes bigint not null, webhook text, mail bigint not null, copies bigint not null, instrument text,
    state text not null, state_at bigint not null, generation bigint not null, slot bigint not null, slot_at bigint,
    next_at bigint, look_at bigint, load bigint not null, manual bigint not null, funded bigint not null, fundings bigint not null,
    prepaid bigint not null, returned bigint not null, earned bigint not null, refunded bigint not null, made bigint not null,
    open bigint not null, results bigint not null, notices bigint not null default 0, last_key text, last_value text, last_at bigint, created_at bigint not null,
    changed_at bigint not null,
    check (method in ('GET', 'HEAD')), check (state in ('active', 'paused', 'out-of-coins', 'locked', 'done', 'cancelled')),
    check (copies between 1 and 3), check (generation > 0), check (next_at is null or state = 'active'),
    check ((look_at is null) = (state in ('paused', 'done', 'cancelled'))), check (load >= 0),
    check (prepaid >= 0), check (returned >= 0), check (earned >= 0), check (refunded >= 0), check (open between 0 and made), check (notices between 0 and results),
    check (funded >= prepaid + returned + earned + refunded)) ${withRoom}`);
  await run('create index errands_order_by_look on errands_order (look_at) where look_at is not null');
  await run('create index errands_order_by_account on errands_order (account_id, created_at, id)');
  await run('create index errands_order_by_age on errands_order (created_at, id)');
  await run(`create index errands_order_by_host on errands_order (host, load) where state = 'active'`);
  await run(`create unique index errands_order_by_instrument on errands_order (instrument) where instrument is not null`);
  await run('create table errands_instrument (name text primary key)');
  await run(`create table errands_customer (
    account_id text primary key, feed bigint not null check (feed >= 0), webhook_secret text not null)`);
  await run('create table errands_beat (id bigint primary key check (id = 1), since bigint not null, at bigint not null)');
}
