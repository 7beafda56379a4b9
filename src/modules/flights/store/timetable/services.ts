/** Services in the tables: many saved at once, each with the flights that follow from it; and as admins list them. */
import { sql } from 'kysely';
import { isAfter, type Page, type PageRequest, pageCursor, pageOf } from '#core/paging.ts';
import type { Queries } from '#core/ports/state.ts';
import { isAmong } from '#core/sql/among.ts';
import { type RowOf, rowsFrom } from '#core/sql/rows.ts';
import type { Airports } from '../../domain/airports.ts';
import { dayMs } from '../../domain/time-zones.ts';
import type { FlightService } from '../../domain/timetable.ts';
import { lockFares } from '../booking/lock-fares.ts';
import { makeDay } from './make-flights.ts';
import { lockUntil, noteChange, setNumber } from './settings.ts';
import { type TimetableTables, timetable } from './tables.ts';

const columns = {
  number: 'text',
  origin: 'text',
  destination: 'text',
  departs_minute: 'bigint',
  duration_minutes: 'bigint',
  weekdays: 'bigint',
  aircraft: 'text',
  economy_base: 'bigint',
  business_base: 'bigint',
  first_day: 'bigint',
  last_day: 'bigint',
  changed_at: 'bigint',
} as const;

function rowOf(service: FlightService, now: number): RowOf<typeof columns> {
  return {
    number: service.number,
    origin: service.origin,
    destination: service.destination,
    departs_minute: service.departsMinute,
    duration_minutes: service.durationMinutes,
    weekdays: service.weekdays,
    aircraft: service.aircraft,
    economy_base: service.economyBase,
    business_base: service.businessBase,
    first_day: service.firstDay,
    last_day: service.lastDay,
    changed_at: now,
  };
}

/** New numbers are added, known ones changed. Their flights are another matter. */
export async function writeServices(queries: Queries, services: readonly FlightService[], now: number): Promise<void> {
  const rows = services.map((service) => rowOf(service, now));
  const names = Object.keys(columns);
  const changes = names.slice(1).map((name) => sql`${sql.ref(name)} = excluded.${sql.ref(name)}`);
  await sql`insert into flights_service (${sql.join(names.map((name) => sql.ref(name)))}) ${rowsFrom(queries, columns, rows)}
    on conflict (number) do update set ${sql.join(changes)}`.execute(queries);
  await noteChange(queries, now);
}

/** Those that are not in the table, or are other there. */
export async function changedServices(queries: Queries, services: readonly FlightService[]): Promise<readonly FlightService[]> {
  const numbers = services.map(({ number }) => number);
  const rows = await timetable(queries)
    .selectFrom('flights_service')
    .selectAll()
    .where(isAmong(queries, 'number', numbers))
    .execute();
  const known = new Map(rows.map((row) => [row.number, rowOf(serviceIn(row), 0)]));
  return services.filter((service) => JSON.stringify(rowOf(service, 0)) !== JSON.stringify(known.get(service.number)));
}

/**
 * In one transaction: writes them, and removes their flights to come that have no tickets. Those that have some stay as they are. The
 * days ahead are then to be made again, which adds what is missing.
 */
export async function replaceServices(queries: Queries, services: readonly FlightService[], now: number): Promise<void> {
  await lockUntil(queries);
  await writeServices(queries, services, now);
  const numbers = services.map(({ number }) => number);
  // A booking of one of them that runs ends before we look for tickets; one that comes later finds no fare.
  await lockFares(
    queries,
    sql`select fare.flight_id, fare.cabin from flights_flight flight join flights_fare fare on fare.flight_id = flight.id
      where ${isAmong(queries, 'flight.number', numbers)} and flight.departs_at > ${now}`,
  );
  const replaced = sql`select flight.id from flights_flight flight where ${isAmong(queries, 'flight.number', numbers)}
    and flight.departs_at > ${now} and not exists (select 1 from flights_ticket ticket where ticket.flight_id = flight.id)`;
  await sql`delete from flights_fare where flight_id in (${replaced})`.execute(queries);
  await sql`delete from flights_flight where id in (${replaced})`.execute(queries);
  await setNumber(queries, 'until', Math.floor(now / dayMs) - 2);
}

/** One, with its flights in the same transaction. */
export async function saveService(
  queries: Queries,
  service: FlightService,
  { airports, now }: { readonly airports: Airports; readonly now: number },
): Promise<void> {
  const until = await lockUntil(queries);
  await replaceServices(queries, [service], now);
  const numbers = [service.number];
  for (let day = Math.floor(now / dayMs) - 1; day <= until; day += 1) await makeDay(queries, { day, airports, now, numbers });
  await setNumber(queries, 'until', until);
}

export interface ServiceFilter extends PageRequest {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export interface ListedService extends FlightService {
  /** Flights to come. */
  readonly flights: number;
}

const cursor = pageCursor('flight services', ['text']);

export async function listServices(queries: Queries, { from, to, limit, after }: ServiceFilter, now: number): Promise<Page<ListedService>> {
  let asked = services(queries, now).where(isAfter(['number'], 'asc', cursor.read(after)));
  if (from !== undefined) asked = asked.where('origin', '=', from);
  if (to !== undefined) asked = asked.where('destination', '=', to);
  const rows = await asked
    .orderBy('number')
    .limit(limit + 1)
    .execute();
  return pageOf(rows.map(listed), limit, ({ number }) => cursor.write([number]));
}

export async function findService(queries: Queries, number: string, now: number): Promise<ListedService | undefined> {
  const row = await services(queries, now).where('number', '=', number).executeTakeFirst();
  return row && listed(row);
}

function services(queries: Queries, now: number) {
  const flights = sql<number>`(select count(*) from flights_flight flight
    where flight.number = flights_service.number and flight.departs_at > ${now})`;
  return timetable(queries).selectFrom('flights_service').selectAll().select(flights.as('flights'));
}

function listed(row: TimetableTables['flights_service'] & { readonly flights: number }): ListedService {
  return { ...serviceIn(row), flights: Number(row.flights) };
}

function serviceIn(row: TimetableTables['flights_service']): FlightService {
  return {
    number: row.number,
    origin: row.origin,
    destination: row.destination,
    departsMinute: row.departs_minute,
    durationMinutes: row.duration_minutes,
    weekdays: row.weekdays,
    aircraft: row.aircraft,
    economyBase: row.economy_base,
    businessBase: row.business_base,
    firstDay: row.first_day,
    lastDay: row.last_day,
  };
}
