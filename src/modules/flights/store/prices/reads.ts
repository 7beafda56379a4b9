/** What a run of the pricer reads from the State. */
import type { Queries, State } from '#core/ports/state.ts';
import type { Cabin } from '../../domain/cabins.ts';
import { accessTables, type LakeFileRow } from '../access/tables.ts';
import { bookingTables } from '../booking/tables.ts';
import { timetable } from '../timetable/tables.ts';
import { priceTables } from './tables.ts';

const dayMs = 86_400_000;
export const farePage = 20_000;

/** Positions and files belong together: they are read at one moment. `hours` are counted since 1970, the last is included. */
export async function readLake(state: State, hours: { readonly first: number; readonly last: number }) {
  return state.read(async (queries) => {
    const tables = accessTables(queries);
    const [landed, files] = await Promise.all([
      tables.selectFrom('flights_landed').select(['partition', 'position']).where('position', '>', 0).orderBy('partition').execute(),
      tables
        .selectFrom('flights_file')
        .selectAll()
        .where('hour', '>=', hours.first)
        .where('hour', '<=', hours.last)
        .where('replaced_at', 'is', null)
        .orderBy('hour')
        .orderBy('path')
        .execute(),
    ]);
    return { positions: landed.map(({ partition, position }) => [partition, position] as const), files: files as readonly LakeFileRow[] };
  });
}

/** Whether this was computed and stored already: the same moment, accesses, timetable and model. */
export async function hasRun(state: State, id: string): Promise<boolean> {
  return (
    (await state.read((queries) => priceTables(queries).selectFrom('flights_run').select('id').where('id', '=', id).executeTakeFirst())) !==
    undefined
  );
}

export interface ComparedFlight {
  readonly id: string;
  readonly origin: string;
  readonly destination: string;
  readonly departsAt: number;
  readonly arrivesAt: number;
}

/** Flights that depart after `from`, by id. */
export async function readFlights(state: State, from: number): Promise<readonly ComparedFlight[]> {
  const flights: ComparedFlight[] = [];
  for (let after = ''; ; ) {
    const page = await state.read((queries) =>
      timetable(queries)
        .selectFrom('flights_flight')
        .select(['id', 'origin', 'destination', 'departs_at as departsAt', 'arrives_at as arrivesAt'])
        .where('id', '>', after)
        .where('departs_at', '>', from)
        .where('state', '=', 'scheduled')
        .orderBy('id')
        .limit(farePage)
        .execute(),
    );
    flights.push(...page);
    if (page.length < farePage) return flights;
    after = page.at(-1)?.id ?? '';
  }
}

export interface Fare {
  readonly flightId: string;
  readonly cabin: Cabin;
  readonly base: number;
  readonly floor: number;
  readonly ceiling: number;
  readonly seats: number;
  readonly sold: number;
  readonly price: number;
}

/** Fares of flights whose ids lie between two, by flight and cabin. `sold` is as of a moment, whatever is booked meanwhile. */
export async function readFares(state: State, asOf: number, { first, last }: { first: string; last: string }): Promise<readonly Fare[]> {
  return state.read(async (queries) => {
    const fares = await timetable(queries)
      .selectFrom('flights_fare')
      .select(['flight_id as flightId', 'cabin', 'base', 'floor', 'ceiling', 'seats', 'sold', 'price'])
      .where('flight_id', '>=', first)
      .where('flight_id', '<=', last)
      .orderBy('flight_id')
      .orderBy('cabin')
      .execute();
    const since = await soldSince(queries, asOf);
    if (since.size === 0) return fares;
    return fares.map((fare) => ({ ...fare, sold: fare.sold - (since.get(fareKey(fare.flightId, fare.cabin)) ?? 0) }));
  });
}

export function fareKey(flightId: string, cabin: string): string {
  return `${flightId} ${cabin}`;
}

/** Seats sold after `asOf` less those given back after it: what to take off from what is sold now. By `fareKey`. */
async function soldSince(queries: Queries, asOf: number): Promise<ReadonlyMap<string, number>> {
  const tables = bookingTables(queries);
  const booked = await tables
    .selectFrom('flights_booking')
    .innerJoin('flights_ticket', 'flights_ticket.booking_id', 'flights_booking.id')
    .select(['flights_ticket.flight_id', 'flights_ticket.cabin', 'flights_ticket.cancelled_at'])
    .where('flights_booking.created_at', '>', asOf)
    .where('flights_ticket.booked_at', '>', asOf)
    .execute();
  const cancelled = await tables
    .selectFrom('flights_ticket')
    .select(['flight_id', 'cabin'])
    .where('cancelled_at', '>', asOf)
    .where('booked_at', '<=', asOf)
    .execute();
  const sold = new Map<string, number>();
  const count = (flightId: string, cabin: string, seats: number) =>
    sold.set(fareKey(flightId, cabin), (sold.get(fareKey(flightId, cabin)) ?? 0) + seats);
  for (const { flight_id, cabin, cancelled_at } of booked) if (cancelled_at === null) count(flight_id, cabin, 1);
  for (const { flight_id, cabin } of cancelled) count(flight_id, cabin, -1);
  return sold;
}

interface DayRange {
  readonly low: number;
  readonly high: number;
}

/** The lowest and the highest price of fares that changed within a day, by `fareKey`. */
export async function dayRanges(state: State, now: number): Promise<ReadonlyMap<string, DayRange>> {
  return state.read(async (queries) => {
    const rows = await priceTables(queries)
      .selectFrom('flights_price')
      .select((expression) => [
        'flight_id',
        'cabin',
        expression.fn.min('before').as('lowBefore'),
        expression.fn.max('before').as('highBefore'),
        expression.fn.min('price').as('low'),
        expression.fn.max('price').as('high'),
      ])
      .where('at', '>', now - dayMs)
      .groupBy(['flight_id', 'cabin'])
      .execute();
    return new Map(
      rows.map((row) => [
        fareKey(row.flight_id, row.cabin),
        { low: Math.min(row.low, row.lowBefore), high: Math.max(row.high, row.highBefore) },
      ]),
    );
  });
}
