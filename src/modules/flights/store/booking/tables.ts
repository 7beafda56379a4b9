/** Quotes, bookings and tickets, as types and as a migration. What no row may say is refused by the database itself. */
import { type RawBuilder, sql } from 'kysely';
import type { Migration, Queries } from '#core/ports/state.ts';
import { createRequestTable, requestKeys } from '#core/request-keys.ts';
import { type ColumnType, type RowColumns, type RowOf, rowsFrom } from '#core/sql/rows.ts';
import type { Cabin } from '../../domain/cabins.ts';

export type BookingTables = {
  flights_quote: {
    id: string;
    /** `account:ID` or `visitor:ID`. */
    holder: string;
    /** The network of a visitor without an account; null for accounts. */
    network: string | null;
    cabin: Cabin;
    passengers: number;
    total: number;
    created_at: number;
    expires_at: number;
  };
  /** `price` is for one passenger. */
  flights_quote_leg: { quote_id: string; leg: number; flight_id: string; price: number };
  flights_booking: {
    id: string;
    account_id: string;
    quote_id: string;
    cabin: Cabin;
    passengers: number;
    total: number;
    refunded: number;
    state: 'booked' | 'cancelled';
    created_at: number;
    cancelled_at: number | null;
  };
  flights_passenger: { booking_id: string; number: number; given_name: string; family_name: string };
  /** `number` is made of the keys. Never deleted: which seats were sold at a time follows from `booked_at` and `cancelled_at`. */
  flights_ticket: {
    booking_id: string;
    leg: number;
    passenger: number;
    number: string;
    flight_id: string;
    cabin: Cabin;
    seat: string;
    price: number;
    state: 'live' | 'cancelled';
    booked_at: number;
    cancelled_at: number | null;
  };
};

export function bookingTables(queries: Queries) {
  return queries.withTables<BookingTables>();
}

/** The answer to a request is the id of its booking. */
export const bookingKeys = requestKeys({ table: 'flights_request' });

export const bookingMigrations: readonly Migration[] = [{ id: 'flights-010-bookings', up: createTables }];

async function createTables(queries: Queries): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(queries);
  await createRequestTable(queries, 'flights_request');
  await run(`create table flights_quote (
    id text primary key, holder text not null, network text, cabin text not null, passengers bigint not null, total bigint not null,
    created_at bigint not null, expires_at bigint not null,
    check (passengers between 1 and 9), check (total > 0), check (expires_at > created_at))`);
  await run('create index flights_quote_by_holder on flights_quote (holder, expires_at)');
  await run('create index flights_quote_by_network on flights_quote (network, expires_at) where network is not null');
  await run('create index flights_quote_by_expiry on flights_quote (expires_at)');
  await run(`create table flights_quote_leg (
    quote_id text not null, leg bigint not null, flight_id text not null, price bigint not null check (price > 0),
    primary key (quote_id, leg))`);
  await run(`create table flights_booking (
    id text primary key, account_id text not null, quote_id text not null unique, cabin text not null, passengers bigint not null,
    total bigint not null, refunded bigint not null, state text not null, created_at bigint not null, cancelled_at bigint,
    check (passengers between 1 and 9), check (total > 0), check (refunded between 0 and total), check (state in ('booked', 'cancelled')),
    check ((state = 'cancelled') = (cancelled_at is not null)), check (refunded = 0 or state = 'cancelled'))`);
  await run('create index flights_booking_by_account on flights_booking (account_id, created_at, id)');
  await run('create index flights_booking_by_age on flights_booking (created_at, id)');
  await run(`create table flights_passenger (
    booking_id text not null, number bigint not null, given_name text not null, family_name text not null,
    primary key (booking_id, number))`);
  await run(`create table flights_ticket (
    booking_id text not null, leg bigint not null, passenger bigint not null, number text not null, flight_id text not null,
    cabin text not null, seat text not null, price bigint not null check (price > 0), state text not null, booked_at bigint not null,
    cancelled_at bigint, primary key (booking_id, leg, passenger), check (state in ('live', 'cancelled')),
    check ((state = 'cancelled') = (cancelled_at is not null)))`);
  // The law, as the database keeps it: no statement can leave a seat with two live tickets.
  await run(`create unique index flights_ticket_by_seat on flights_ticket (flight_id, seat) where state = 'live'`);
  await run('create index flights_ticket_by_flight on flights_ticket (flight_id)');
}

const text = 'text';
const whole = 'bigint';

const columnsOf = {
  flights_quote: {
    id: text,
    holder: text,
    network: text,
    cabin: text,
    passengers: whole,
    total: whole,
    created_at: whole,
    expires_at: whole,
  },
  flights_quote_leg: { quote_id: text, leg: whole, flight_id: text, price: whole },
  flights_booking: {
    id: text,
    account_id: text,
    quote_id: text,
    cabin: text,
    passengers: whole,
    total: whole,
    refunded: whole,
    state: text,
    created_at: whole,
    cancelled_at: whole,
  },
  flights_passenger: { booking_id: text, number: whole, given_name: text, family_name: text },
  flights_ticket: {
    booking_id: text,
    leg: whole,
    passenger: whole,
    number: text,
    flight_id: text,
    cabin: text,
    seat: text,
    price: whole,
    state: text,
    booked_at: whole,
    cancelled_at: whole,
  },
} as const satisfies { readonly [Name in keyof BookingTables]: Readonly<Record<keyof BookingTables[Name], ColumnType>> };

/** Many rows in one statement. */
export async function insertRows<Name extends keyof BookingTables>(
  queries: Queries,
  name: Name,
  rows: readonly BookingTables[Name][],
): Promise<void> {
  if (rows.length === 0) return;
  const columns: RowColumns = columnsOf[name];
  const names = sql.join(Object.keys(columns).map((column) => sql.ref(column)));
  const source: RawBuilder<unknown> = rowsFrom(queries, columns, rows as readonly RowOf<RowColumns>[]);
  await sql`insert into ${sql.table(name)} (${names}) ${source}`.execute(queries);
}
