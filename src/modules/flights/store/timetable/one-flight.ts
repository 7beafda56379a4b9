/** Flights by their ids, and one of them with its fares. */
import type { Queries } from '#core/ports/state.ts';
import { isAmong } from '#core/sql/among.ts';
import { type TimetableTables, timetable } from './tables.ts';

/** A flight with the names that the domain uses. */
export const flightColumns = [
  'flights_flight.id',
  'flights_flight.number',
  'flights_flight.origin',
  'flights_flight.destination',
  'flights_flight.departs_at as departsAt',
  'flights_flight.arrives_at as arrivesAt',
  'flights_flight.aircraft',
  'flights_flight.state',
] as const;

export interface WholeFlight {
  readonly flight: ListedFlight;
  readonly fares: readonly TimetableTables['flights_fare'][];
  /** Bits; 0 when the service is gone. */
  readonly weekdays: number;
}

export type ListedFlight = Awaited<ReturnType<typeof flightsWith>>[number];

export async function flightsWith(queries: Queries, ids: readonly string[]) {
  if (ids.length === 0) return [];
  return timetable(queries)
    .selectFrom('flights_flight')
    .select(flightColumns)
    .where(isAmong(queries, 'id', ids))
    .execute();
}

export async function findFlight(queries: Queries, id: string): Promise<WholeFlight | undefined> {
  const [flight] = await flightsWith(queries, [id]);
  if (flight === undefined) return undefined;
  const tables = timetable(queries);
  const fares = await tables.selectFrom('flights_fare').selectAll().where('flight_id', '=', id).orderBy('cabin', 'desc').execute();
  const service = await tables.selectFrom('flights_service').select('weekdays').where('number', '=', flight.number).executeTakeFirst();
  return { flight, fares, weekdays: service?.weekdays ?? 0 };
}
