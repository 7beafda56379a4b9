/** The answers of search, of the calendar of prices and of one flight, out of the timetable. */
import { pageCursor } from '#core/paging.ts';
import type { Queries } from '#core/ports/state.ts';
import type { Given } from '#http/contract.ts';
import type { Airports } from '../../domain/airports.ts';
import { distanceKm } from '../../domain/airports.ts';
import type { Cabin } from '../../domain/cabins.ts';
import { comparePlaces, leavesBetween, type PricedJourney, placeOf } from '../../domain/itineraries.ts';
import { dateOf, dayOf, instantOf, localTime } from '../../domain/time-zones.ts';
import { weekdaysIn } from '../../domain/timetable.ts';
import { findJourneys } from '../../store/timetable/find-journeys.ts';
import { flightsWith, type ListedFlight, type WholeFlight } from '../../store/timetable/one-flight.ts';
import type { RoutesKnown } from '../../store/timetable/routes-known.ts';
import { horizonOf } from '../../store/timetable/upkeep.ts';
import type { Places } from '../booking/views.ts';
import { daysAsked, wayAsked } from './asked.ts';
import type { Calendar, Flight, Itinerary, SearchAsked, SearchResult } from './contracts.ts';

export interface Searching {
  readonly airports: Airports;
  readonly routes: RoutesKnown;
  readonly places: Places;
  readonly now: number;
}

export async function searchAnswer(queries: Queries, asked: SearchAsked, { airports, routes, places, now }: Searching) {
  const { origin, destination } = wayAsked(airports, asked);
  const { startAt, endAt } = daysAsked(origin, asked, now);
  const cursor = pageCursor(`journeys by ${asked.sort}`, ['integer', 'integer', 'text']);
  const after = cursor.read(asked.after);
  const { from, to, maxStops, cabin, passengers, sort, limit } = asked;
  const graph = await routes.graph(queries);
  const found = await findJourneys(queries, graph, { from, to, startAt, endAt, maxStops, cabin, passengers });
  const fitting = found
    .filter(({ price }) => price <= (asked.maxPrice ?? price))
    .filter(({ departsAt }) => leavesBetween(localTime(origin.timeZone, departsAt).minute, asked.departFromMinute, asked.departToMinute))
    .map((journey) => ({ journey, place: placeOf(journey, sort) }))
    .sort((one, other) => comparePlaces(one.place, other.place));
  const rest = after === undefined ? fitting : fitting.filter(({ place }) => comparePlaces(place, after) > 0);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  const prices = fitting.map(({ journey }) => journey.price);
  const known = await flightsOf(
    queries,
    page.map(({ journey }) => journey),
  );
  const zones = [origin.timeZone, destination.timeZone] as const;
  const answer: Given<SearchResult> = {
    itineraries: page.map(({ journey }) => itineraryOf(journey, known, { places, zones, passengers })),
    next: rest.length > limit && last !== undefined ? cursor.write(last.place) : null,
    total: fitting.length,
    nonstop: fitting.filter(({ journey }) => journey.flights.length === 1).length,
    lowestPrice: prices.length === 0 ? null : Math.min(...prices),
    highestPrice: prices.length === 0 ? null : Math.max(...prices),
    pricesAt: now,
  };
  return { answer, flightIds: [...known.keys()] };
}

async function flightsOf(queries: Queries, journeys: readonly PricedJourney[]): Promise<ReadonlyMap<string, ListedFlight>> {
  const ids = new Set(journeys.flatMap(({ flights }) => flights.map(({ id }) => id)));
  return new Map((await flightsWith(queries, [...ids])).map((flight) => [flight.id, flight]));
}

interface Showing {
  readonly places: Places;
  readonly zones: readonly [origin: string, destination: string];
  readonly passengers: number;
}

function itineraryOf(
  { id, flights, departsAt, arrivesAt, price, seatsLeft }: PricedJourney,
  known: ReadonlyMap<string, ListedFlight>,
  { places, zones: [origin, destination], passengers }: Showing,
): Given<Itinerary> {
  return {
    id,
    legs: flights.flatMap((flight) => {
      const whole = known.get(flight.id);
      return whole === undefined ? [] : [places.leg(whole)];
    }),
    stops: flights.length - 1,
    durationMinutes: Math.round((arrivesAt - departsAt) / 60_000),
    daysLater: localTime(destination, arrivesAt).day - localTime(origin, departsAt).day,
    price,
    totalPrice: price * passengers,
    seatsLeft,
  };
}

interface CalendarAsked {
  readonly from: string;
  readonly to: string;
  readonly month: string;
  readonly cabin: Cabin;
  readonly passengers: number;
}

export async function calendarAnswer(queries: Queries, asked: CalendarAsked, { airports, routes, now }: Searching): Promise<Calendar> {
  const { origin } = wayAsked(airports, asked);
  const { timeZone } = origin;
  const first = dayOf(`${asked.month}-01`) ?? 0;
  const days = Temporal.PlainYearMonth.from(asked.month).daysInMonth;
  const startAt = Math.max(now, instantOf(timeZone, first, 0));
  const endAt = instantOf(timeZone, Math.min(first + days, horizonOf(now) + 1), 0);
  const { from, to, cabin, passengers } = asked;
  const graph = await routes.graph(queries);
  const lowest = new Map<number, number>();
  for (const { departsAt, price } of await findJourneys(queries, graph, { from, to, startAt, endAt, maxStops: 1, cabin, passengers })) {
    const { day } = localTime(timeZone, departsAt);
    lowest.set(day, Math.min(price, lowest.get(day) ?? price));
  }
  return {
    month: asked.month,
    days: Array.from({ length: days }, (_, index) => ({ date: dateOf(first + index), price: lowest.get(first + index) ?? null })),
    pricesAt: now,
  };
}

export function flightAnswer(
  { flight, fares, weekdays }: WholeFlight,
  { airports, places, now }: Omit<Searching, 'routes'>,
): Given<Flight> {
  return {
    leg: places.leg(flight),
    from: places.airport(flight.origin),
    to: places.airport(flight.destination),
    state: flight.state === 'scheduled' && flight.departsAt <= now ? 'departed' : flight.state,
    fares: fares.map(({ cabin, price, priced_at, floor, ceiling, seats, sold }) => ({
      cabin,
      price,
      pricedAt: priced_at,
      floor,
      ceiling,
      seats,
      seatsLeft: seats - sold,
    })),
    weekdays: weekdaysIn(weekdays),
    number: flight.number,
    distanceKm: distanceKm(airports.named(flight.origin), airports.named(flight.destination)),
  };
}
