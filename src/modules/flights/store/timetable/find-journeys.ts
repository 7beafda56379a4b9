/** Journeys between two airports in a time: a bounded number of flights is read from indexes, and joined in memory. */
import { sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import { isAmong } from '#core/sql/among.ts';
import type { Cabin } from '../../domain/cabins.ts';
import { minConnectionMs } from '../../domain/connection.ts';
import {
  type Journey,
  maxConnectionMs,
  nonstop,
  type PricedJourney,
  priced,
  type Seat,
  type TimedFlight,
  withOneChange,
} from '../../domain/itineraries.ts';
import type { RouteGraph } from '../../domain/route-graph.ts';
import { dayMs } from '../../domain/time-zones.ts';
import { timetable } from './tables.ts';

export interface JourneysAsked {
  readonly from: string;
  readonly to: string;
  /** Departures from then on, before the end. */
  readonly startAt: number;
  readonly endAt: number;
  readonly maxStops: number;
  readonly cabin: Cabin;
  readonly passengers: number;
}

/** Flights of one step that are read at most. */
const maxFlights = 1_500;
/** Places to change that are tried: fewer for longer times, so that the work is bounded. */
const changesFor = [
  { days: 1.5, changes: 12 },
  { days: 8, changes: 6 },
] as const;
const leastChanges = 3;

export async function findJourneys(queries: Queries, graph: RouteGraph, asked: JourneysAsked): Promise<readonly PricedJourney[]> {
  const { from, to, startAt, endAt, cabin, passengers } = asked;
  if (startAt >= endAt) return [];
  const straight = graph.isNonstop(from, to) ? flightsBetween(queries, { origins: [from], destinations: [to], startAt, endAt }) : [];
  const changes = asked.maxStops === 0 ? [] : graph.changesBetween(from, to, changesWithin(endAt - startAt));
  const firsts = changes.length === 0 ? [] : flightsBetween(queries, { origins: [from], destinations: changes, startAt, endAt });
  const journeys: Journey[] = [...nonstop(await straight), ...(await onward(queries, await firsts, to))];
  const ids = [...new Set(journeys.flatMap(({ flights }) => flights.map(({ id }) => id)))];
  return priced(journeys, await seatsOn(queries, ids, cabin), passengers);
}

function changesWithin(ms: number): number {
  return changesFor.find(({ days }) => ms <= days * dayMs)?.changes ?? leastChanges;
}

async function onward(queries: Queries, firsts: readonly TimedFlight[], to: string): Promise<readonly Journey[]> {
  if (firsts.length === 0) return [];
  const arrivals = firsts.map(({ arrivesAt }) => arrivesAt);
  const seconds = await flightsBetween(queries, {
    origins: [...new Set(firsts.map(({ destination }) => destination))],
    destinations: [to],
    startAt: Math.min(...arrivals) + minConnectionMs,
    endAt: Math.max(...arrivals) + maxConnectionMs + 1,
  });
  return withOneChange(firsts, seconds);
}

interface Between {
  readonly origins: readonly string[];
  readonly destinations: readonly string[];
  readonly startAt: number;
  readonly endAt: number;
}

/** One side is a single airport. Read from the index alone. */
async function flightsBetween(queries: Queries, { origins, destinations, startAt, endAt }: Between): Promise<readonly TimedFlight[]> {
  return timetable(queries)
    .selectFrom('flights_flight')
    .select(['id', 'origin', 'destination', 'departs_at as departsAt', 'arrives_at as arrivesAt'])
    .where(isAmong(queries, 'origin', origins))
    .where(isAmong(queries, 'destination', destinations))
    .where('departs_at', '>=', startAt)
    .where('departs_at', '<', endAt)
    .where('state', '=', 'scheduled')
    .limit(maxFlights)
    .execute();
}

async function seatsOn(queries: Queries, ids: readonly string[], cabin: Cabin): Promise<ReadonlyMap<string, Seat>> {
  if (ids.length === 0) return new Map();
  const fares = await timetable(queries)
    .selectFrom('flights_fare')
    .select(['flight_id', 'price', sql<number>`seats - sold`.as('seatsLeft')])
    .where(isAmong(queries, 'flight_id', ids))
    .where('cabin', '=', cabin)
    .execute();
  return new Map(fares.map(({ flight_id, price, seatsLeft }) => [flight_id, { price, seatsLeft }]));
}
