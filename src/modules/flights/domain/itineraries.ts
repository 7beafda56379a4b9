/** Ways to travel in one direction: one flight, or two with a change. Pure: flights and fares come in, itineraries go out. */
import type { sortOrders } from '../api/search/contracts.ts';
import { minConnectionMs } from './connection.ts';

/** A longer wait at the change is no connection. */
export const maxConnectionMs = 8 * 3_600_000;
/** Of each first flight at each change: later ones only make the journey longer. */
const maxOnward = 3;

export interface TimedFlight {
  readonly id: string;
  readonly origin: string;
  readonly destination: string;
  readonly departsAt: number;
  readonly arrivesAt: number;
}

export interface Seat {
  readonly price: number;
  readonly seatsLeft: number;
}

export interface Journey {
  /** One or two, in the order of travel. */
  readonly flights: readonly TimedFlight[];
  readonly departsAt: number;
  readonly arrivesAt: number;
}

export interface PricedJourney extends Journey {
  readonly id: string;
  /** For one passenger. */
  readonly price: number;
  readonly seatsLeft: number;
}

export function nonstop(flights: readonly TimedFlight[]): readonly Journey[] {
  return flights.map((flight) => ({ flights: [flight], departsAt: flight.departsAt, arrivesAt: flight.arrivesAt }));
}

/** Each first flight with the next ones from where it arrives that leave enough time, and not too much. */
export function withOneChange(firsts: readonly TimedFlight[], seconds: readonly TimedFlight[]): readonly Journey[] {
  const onward = new Map<string, TimedFlight[]>();
  for (const second of seconds) {
    const known = onward.get(second.origin);
    if (known === undefined) onward.set(second.origin, [second]);
    else known.push(second);
  }
  for (const list of onward.values()) list.sort((one, other) => one.departsAt - other.departsAt);
  return firsts.flatMap((first) => {
    const list = onward.get(first.destination) ?? [];
    const earliest = first.arrivesAt + minConnectionMs;
    const from = firstAtOrAfter(list, earliest);
    return list
      .slice(from, from + maxOnward)
      .filter(({ departsAt }) => departsAt <= first.arrivesAt + maxConnectionMs)
      .map((second) => ({ flights: [first, second], departsAt: first.departsAt, arrivesAt: second.arrivesAt }));
  });
}

function firstAtOrAfter(flights: readonly TimedFlight[], at: number): number {
  let [low, high] = [0, flights.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((flights[middle]?.departsAt ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Without those on which a flight has too few seats. */
export function priced(journeys: readonly Journey[], seats: ReadonlyMap<string, Seat>, passengers: number): readonly PricedJourney[] {
  return journeys.flatMap((journey): readonly PricedJourney[] => {
    let price = 0;
    let seatsLeft = Number.POSITIVE_INFINITY;
    for (const { id } of journey.flights) {
      const seat = seats.get(id);
      if (seat === undefined || seat.seatsLeft < passengers) return [];
      price += seat.price;
      seatsLeft = Math.min(seatsLeft, seat.seatsLeft);
    }
    const { flights, departsAt, arrivesAt } = journey;
    return [{ id: flights.map(({ id }) => id).join('+'), flights, departsAt, arrivesAt, price, seatsLeft }];
  });
}

export type SortOrder = (typeof sortOrders)[number];

const sortKeys: Readonly<Record<SortOrder, (journey: PricedJourney) => number>> = {
  price: ({ price }) => price,
  duration: ({ departsAt, arrivesAt }) => arrivesAt - departsAt,
  departure: ({ departsAt }) => departsAt,
  arrival: ({ arrivesAt }) => arrivesAt,
};

/** Where a journey stands in its order: no two stand at the same place. */
export type Place = readonly [key: number, departsAt: number, id: string];

export function placeOf(journey: PricedJourney, sort: SortOrder): Place {
  return [sortKeys[sort](journey), journey.departsAt, journey.id];
}

export function comparePlaces(one: Place, other: Place): number {
  return one[0] - other[0] || one[1] - other[1] || (one[2] < other[2] ? -1 : one[2] > other[2] ? 1 : 0);
}

/** The minute of departure lies between two, or around midnight when the first is the later one. */
export function leavesBetween(minute: number, from: number, to: number): boolean {
  return from <= to ? minute >= from && minute <= to : minute >= from || minute <= to;
}
