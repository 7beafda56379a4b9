/** Makes the flights of a day out of the services, in two statements however many they are. Those that are there already stay. */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import { isAmong } from '#core/sql/among.ts';
import { type RowOf, rowsFrom } from '#core/sql/rows.ts';
import { aircraftTypes, seatCount } from '../../domain/aircraft.ts';
import type { Airports } from '../../domain/airports.ts';
import { cabins } from '../../domain/cabins.ts';
import { daysOut, one, startOf } from '../../domain/model.ts';
import { dateOf, dayMs, offsetsOn, weekdayOf } from '../../domain/time-zones.ts';
import { dayPercent, highestPercent, lowestPercent } from '../../domain/timetable.ts';
import { timetable } from './tables.ts';

export interface DayToMake {
  /** Days since 1970. */
  readonly day: number;
  readonly airports: Airports;
  readonly now: number;
  /** Of these numbers only. */
  readonly numbers?: readonly string[];
}

const offsetColumns = { origin: 'text', from_minute: 'bigint', to_minute: 'bigint', offset_ms: 'bigint' } as const;
const seatColumns = { aircraft: 'text', cabin: 'text', seats: 'bigint', days_out: 'bigint', start: 'bigint' } as const;

const allSeats = aircraftTypes.flatMap((aircraft) =>
  cabins.map((cabin) => ({ aircraft: aircraft.code, cabin, seats: seatCount(aircraft, cabin) })).filter(({ seats }) => seats > 0),
);
/** How far the local time of a place may be before that of Greenwich, and behind. */
const mostBeforeMs = 14 * 3_600_000;
const mostBehindMs = 12 * 3_600_000;

export async function makeDay(queries: Queries, { day, airports, now, numbers }: DayToMake): Promise<void> {
  const all = timetable(queries).selectFrom('flights_service').select('origin').distinct();
  const origins = await (numbers === undefined ? all : all.where(isAmong(queries, 'number', numbers))).execute();
  const offsets = origins.flatMap(({ origin }) =>
    offsetsOn(airports.named(origin).timeZone, day).map(({ fromMinute, toMinute, offsetMs }) => ({
      origin,
      from_minute: fromMinute,
      to_minute: toMinute,
      offset_ms: offsetMs,
    })),
  );
  const flown = flownOn(queries, day, numbers);
  const id = idOf(day);
  // The offsets come first, so that both databases look services up by their origin.
  const services = sql`(${rowsFrom(queries, offsetColumns, offsets)}) zone cross join flights_service service`;
  const inZone = sql<SqlBool>`service.origin = zone.origin and service.departs_minute >= zone.from_minute
    and service.departs_minute < zone.to_minute`;
  const departs = sql<number>`service.departs_minute * 60000 - zone.offset_ms + cast(${day * dayMs} as bigint)`;
  await sql`insert into flights_flight (id, number, origin, destination, day, departs_at, arrives_at, aircraft, state)
    select ${id}, service.number, service.origin, service.destination, cast(${day} as bigint),
      ${departs}, ${departs} + service.duration_minutes * 60000, service.aircraft, 'scheduled'
    from ${services} where ${inZone} and ${flown}
    on conflict do nothing`.execute(queries);
  const percent = dayPercent(day, weekdayOf(day));
  await sql`insert into flights_fare (flight_id, cabin, seats, sold, base, floor, ceiling, price, priced_at)
    select fare.flight_id, fare.cabin, fare.seats, 0, fare.base, (fare.base * ${sql.lit(lowestPercent)} + 99) / 100,
      fare.base * ${sql.lit(highestPercent)} / 100, (fare.base * fare.start + ${sql.lit(one / 2)}) / ${sql.lit(one)}, cast(${now} as bigint)
    from (
      select ${id} as flight_id, cabin.cabin, cabin.seats, cabin.start,
        (case cabin.cabin when 'economy' then service.economy_base else service.business_base end
          * (cast(${percent} as bigint) + (service.departs_minute + cast(${day * 31} as bigint)) % 17 - 8) + 99) / 100 as base
      from ${services} cross join (${rowsFrom(queries, seatColumns, seatsOn(day, now))}) cabin
      where ${inZone} and cabin.aircraft = service.aircraft and cabin.days_out = ${daysOutOf(departs, now)} and (cabin.cabin = 'economy' or service.business_base is not null) and ${flown}
    ) fare
    where true
    on conflict do nothing`.execute(queries);
}

/** The seats of each cabin, and where its prices start: that depends on how soon a flight departs, which differs with the place. */
function seatsOn(day: number, now: number): readonly RowOf<typeof seatColumns>[] {
  const first = Math.max(0, daysOut(day * dayMs - mostBeforeMs, now));
  const last = Math.max(0, daysOut((day + 1) * dayMs + mostBehindMs, now));
  const days = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  return allSeats.flatMap(({ aircraft, cabin, seats }) =>
    days.map((days_out) => ({ aircraft, cabin, seats, days_out, start: startOf(seats, days_out) })),
  );
}

function daysOutOf(departs: RawBuilder<number>, now: number): RawBuilder<number> {
  const leftMs = sql`${departs} - cast(${now} as bigint)`;
  return sql<number>`case when ${leftMs} < 0 then 0 else (${leftMs}) / ${sql.lit(dayMs)} end`;
}

/** Such as `KO1234-20261201`. The date is a parameter: databases keep each text of a statement prepared. */
function idOf(day: number): RawBuilder<string> {
  return sql<string>`service.number || cast(${`-${dateOf(day).replaceAll('-', '')}`} as text)`;
}

function flownOn(queries: Queries, day: number, numbers: readonly string[] | undefined): RawBuilder<SqlBool> {
  const bit = 1 << (weekdayOf(day) - 1);
  const scheduled = sql<SqlBool>`service.weekdays & cast(${bit} as bigint) <> 0 and service.first_day <= ${day}
    and (service.last_day is null or service.last_day >= ${day})`;
  return numbers === undefined ? scheduled : sql<SqlBool>`${scheduled} and ${isAmong(queries, 'service.number', numbers)}`;
}
