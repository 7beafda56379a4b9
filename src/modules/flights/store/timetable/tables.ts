/** The tables of the timetable. What no row may say is refused by the database itself. */
import { sql } from 'kysely';
import type { Migration, Queries } from '#core/ports/state.ts';
import { dialectOf } from '#core/sql/dialect.ts';
import type { Cabin } from '../../domain/cabins.ts';

export type TimetableTables = {
  flights_setting: { name: string; value: string };
  flights_service: {
    number: string;
    origin: string;
    destination: string;
    departs_minute: number;
    duration_minutes: number;
    /** Bit 0 is Monday. */
    weekdays: number;
    aircraft: string;
    economy_base: number;
    business_base: number | null;
    /** Days since 1970. */
    first_day: number;
    last_day: number | null;
    changed_at: number;
  };
  flights_flight: {
    /** Such as `KO1234-20261201`. */
    id: string;
    number: string;
    origin: string;
    destination: string;
    /** Of the local departure, in days since 1970. */
    day: number;
    departs_at: number;
    arrives_at: number;
    aircraft: string;
    state: 'scheduled' | 'cancelled';
  };
  flights_fare: {
    flight_id: string;
    cabin: Cabin;
    seats: number;
    sold: number;
    base: number;
    floor: number;
    ceiling: number;
    price: number;
    priced_at: number;
  };
};

export function timetable(queries: Queries) {
  return queries.withTables<TimetableTables>();
}

export const timetableMigrations: readonly Migration[] = [{ id: 'flights-001-timetable', up: createTables }];

async function createTables(queries: Queries): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(queries);
  // Kept in the order of their keys, so that the flights of a number lie together, and no second tree is needed to find one.
  const byKey = dialectOf(queries) === 'sqlite' ? 'without rowid' : '';
  await run('create table flights_setting (name text primary key, value text not null)');
  await run(`create table flights_service (
    number text primary key, origin text not null, destination text not null, departs_minute bigint not null,
    duration_minutes bigint not null, weekdays bigint not null, aircraft text not null, economy_base bigint not null,
    business_base bigint, first_day bigint not null, last_day bigint, changed_at bigint not null,
    check (origin <> destination), check (departs_minute between 0 and 1439), check (duration_minutes between 20 and 1320),
    check (weekdays between 1 and 127), check (economy_base > 0), check (business_base is null or business_base > 0),
    check (last_day is null or last_day >= first_day))`);
  await run('create index flights_service_by_route on flights_service (origin, destination, number)');
  await run(`create table flights_flight (
    id text primary key, number text not null, origin text not null, destination text not null, day bigint not null,
    departs_at bigint not null, arrives_at bigint not null, aircraft text not null, state text not null,
    check (arrives_at > departs_at), check (state in ('scheduled', 'cancelled'))) ${byKey}`);
  // All that search asks of flights before it knows which of them are shown.
  await run(`create index flights_flight_by_route on flights_flight (origin, destination, departs_at, arrives_at, state, id)`);
  await run('create index flights_flight_by_number on flights_flight (number, departs_at)');
  await run('create index flights_flight_by_departure on flights_flight (departs_at)');
  await run(`create table flights_fare (
    flight_id text not null, cabin text not null, seats bigint not null, sold bigint not null, base bigint not null,
    floor bigint not null, ceiling bigint not null, price bigint not null, priced_at bigint not null, primary key (flight_id, cabin),
    check (cabin in ('economy', 'business')), check (sold between 0 and seats), check (floor > 0),
    check (base between floor and ceiling), check (price between floor and ceiling)) ${byKey}`);
}
