/** The timetable from day to day: new days are made ahead, and flights that left long ago without a ticket are removed. */
import { sql } from 'kysely';
import type { State } from '#core/ports/state.ts';
import { isAmong } from '#core/sql/among.ts';
import type { Airports } from '../../domain/airports.ts';
import { generateServices } from '../../domain/generated-services.ts';
import { dayMs } from '../../domain/time-zones.ts';
import { timetableDays } from '../../domain/timetable.ts';
import { makeDay } from './make-flights.ts';
import { writeServices } from './services.ts';
import { findNumber, lockUntil, setNumber } from './settings.ts';
import { timetable } from './tables.ts';

export interface Upkeep {
  readonly state: State;
  readonly airports: Airports;
  readonly now: number;
}

/** The last day that flights are made for. */
export function horizonOf(now: number): number {
  return Math.floor(now / dayMs) + timetableDays;
}

/** Services for about so many flights, if there are none. Two processes that do it at once write the same. */
export async function openDemoTimetable({ state, airports, now }: Upkeep, flights: number): Promise<void> {
  if (await state.read(hasServices)) return;
  const firstDay = Math.floor(now / dayMs);
  const services = generateServices({ airports: airports.all, flights, days: timetableDays, firstDay, seed: 1 });
  await state.write(async (queries) => {
    if (!(await hasServices(queries))) await writeServices(queries, services, now);
  });
}

async function hasServices(queries: Parameters<typeof timetable>[0]): Promise<boolean> {
  return (await timetable(queries).selectFrom('flights_service').select('number').limit(1).executeTakeFirst()) !== undefined;
}

/** Makes a bounded number of days, also those that were missed while nothing ran; `more` while others are missing. */
export async function rollOn({ state, airports, now }: Upkeep, daysAtOnce = 1): Promise<'more' | undefined> {
  const horizon = horizonOf(now);
  // The local day is behind or ahead of UTC: yesterday's flights may still leave.
  const yesterday = Math.floor(now / dayMs) - 1;
  if (((await state.read((queries) => findNumber(queries, 'until'))) ?? 0) >= horizon) return undefined;
  return state.write(async (queries) => {
    const until = Math.max(await lockUntil(queries), yesterday - 1);
    const last = Math.min(horizon, until + daysAtOnce);
    for (let day = until + 1; day <= last; day += 1) await makeDay(queries, { day, airports, now });
    await setNumber(queries, 'until', last);
    return last < horizon ? 'more' : undefined;
  });
}

const perRound = 500;

/** One bounded round over flights that left before `before`, the oldest first. Those with tickets stay for ever. */
export async function removeFlown(state: State, before: number): Promise<'more' | undefined> {
  return state.write(async (queries) => {
    const from = (await findNumber(queries, 'kept-from')) ?? 0;
    const { rows } = await sql<{ id: string; departsAt: number; booked: number }>`select flight.id, flight.departs_at as "departsAt",
        (select count(*) from flights_ticket ticket where ticket.flight_id = flight.id) as booked
      from flights_flight flight where flight.departs_at >= ${from} and flight.departs_at < ${before}
      order by flight.departs_at limit ${perRound}`.execute(queries);
    const ids = rows.filter(({ booked }) => Number(booked) === 0).map(({ id }) => id);
    if (ids.length > 0) {
      await sql`delete from flights_fare where ${isAmong(queries, 'flight_id', ids)}`.execute(queries);
      await sql`delete from flights_flight where ${isAmong(queries, 'id', ids)}`.execute(queries);
    }
    const next = rows.length < perRound ? before : (rows.at(-1)?.departsAt ?? before);
    // Flights that leave at that moment are looked at again, unless a whole round of them has tickets.
    await setNumber(queries, 'kept-from', next === from && ids.length === 0 ? next + 1 : next);
    return rows.length < perRound ? undefined : 'more';
  });
}
