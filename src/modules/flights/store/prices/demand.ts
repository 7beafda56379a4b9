/** Which routes are watched, as the last run of the pricer found it, and the prices that moved. */
import { sql } from 'kysely';
import type { Queries, State } from '#core/ports/state.ts';
import { rowsFrom } from '#core/sql/rows.ts';
import { hourOf } from '../../domain/lake-paths.ts';
import { accessTables } from '../access/tables.ts';
import { timetable } from '../timetable/tables.ts';
import { priceTables } from './tables.ts';

export interface WatchedRoute {
  readonly from: string;
  readonly to: string;
  /** In millionths of the most watched route. */
  readonly share: number;
  readonly flights: number;
}

const dayMs = 86_400_000;
const shownMoves = 20;
/** Changes that are looked at for the biggest of them. */
const newestChanges = 20_000;

export async function storeDemand(state: State, asOf: number, routes: readonly WatchedRoute[]): Promise<void> {
  const row = { as_of: asOf, routes: JSON.stringify(routes) };
  await state.write((queries) =>
    priceTables(queries)
      .insertInto('flights_demand')
      .values({ id: 1, as_of: row.as_of, routes: row.routes })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute(),
  );
}

export async function readDemand(queries: Queries, now: number) {
  const prices = priceTables(queries);
  const demand = await prices.selectFrom('flights_demand').select(['as_of', 'routes']).executeTakeFirst();
  const routes = demand === undefined ? [] : (JSON.parse(demand.routes) as readonly WatchedRoute[]);
  const lastRun = await prices
    .selectFrom('flights_run')
    .select(['started_at as at', 'changed'])
    .orderBy('started_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  const newest = prices
    .selectFrom('flights_price')
    .select(['flight_id', 'cabin', 'at', 'before', 'price'])
    .where('at', '>', now - dayMs);
  const moves = await prices
    .selectFrom(newest.orderBy('at', 'desc').limit(newestChanges).as('newest'))
    .innerJoin(
      timetable(queries).selectFrom('flights_flight').select(['id', 'number', 'origin', 'destination', 'day']).as('flight'),
      'flight.id',
      'newest.flight_id',
    )
    .select(['flight_id', 'number', 'origin', 'destination', 'day', 'cabin', 'before', 'price', 'at'])
    .orderBy(sql`abs(price - before) * 1000000 / before`, 'desc')
    .orderBy('at', 'desc')
    .orderBy('flight_id')
    .limit(shownMoves)
    .execute();
  const { rows } = await accessTables(queries)
    .selectFrom('flights_file')
    .select((expression) => expression.fn.coalesce(expression.fn.sum<number>('rows'), sql.lit(0)).as('rows'))
    .where('hour', '>=', hourOf(now) - 1)
    .where('replaced_at', 'is', null)
    .executeTakeFirstOrThrow();
  return { asOf: demand?.as_of ?? now, routes, moves, lastRun: lastRun ?? null, accesses: Number(rows) };
}

const routeColumns = { origin: 'text', destination: 'text' } as const;

/** The lowest price of each of some routes, from now on. */
export async function lowestPrices(queries: Queries, routes: readonly WatchedRoute[], now: number): Promise<readonly (number | null)[]> {
  const asked = routes.map(({ from, to }) => ({ origin: from, destination: to }));
  const { rows } = await sql<{ origin: string; destination: string; price: number }>`
    select flight.origin, flight.destination, min(fare.price) as price
    from (${rowsFrom(queries, routeColumns, asked)}) route
    cross join flights_flight flight join flights_fare fare on fare.flight_id = flight.id
    where flight.origin = route.origin and flight.destination = route.destination and flight.departs_at > ${now} and flight.state = 'scheduled'
    group by flight.origin, flight.destination`.execute(queries);
  const lowest = new Map(rows.map(({ origin, destination, price }) => [`${origin} ${destination}`, price]));
  return routes.map(({ from, to }) => lowest.get(`${from} ${to}`) ?? null);
}
