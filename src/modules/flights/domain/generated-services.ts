/** A timetable out of a seed: routes by gravity between airports, the same every time. No I/O, no clock. */
import { aircraftOf } from './aircraft.ts';
import { type Airport, distanceKm } from './airports.ts';
import { carrierCodes } from './carriers.ts';
import type { FlightService } from './timetable.ts';

export interface Wish {
  /** Airports to choose from, those that many fly to first. */
  readonly airports: readonly Airport[];
  /** About so many flights in the time. */
  readonly flights: number;
  readonly days: number;
  readonly firstDay: number;
  readonly seed: number;
}

interface Route {
  readonly one: Airport;
  readonly other: Airport;
  readonly km: number;
  readonly score: number;
  /** Flown before all others: so the network holds together. */
  readonly isNeeded: boolean;
}

/** Of all, so many per cent fly on some days of the week only. */
const percentNotDaily = 25;
const averageWeek = (100 - percentNotDaily + (percentNotDaily * 5) / 7) / 100;
const shortestKm = 180;
const longestKm = 15_500;
const mostPerDay = 12;
/** Partners of one airport that are looked at. */
const maxPartners = 90;
/** Each airport is connected to so many of its best partners. */
const neededPartners = 2;
const numbersOfCarrier = 9_999;

export function generateServices({ airports, flights, days, firstDay, seed }: Wish): readonly FlightService[] {
  const pairs = Math.max(1, Math.round(flights / days / averageWeek / 2));
  const chosen = airports.slice(0, Math.max(12, Math.round(Math.sqrt(pairs) * 3)));
  const numbers = new Numbers();
  return departuresOf(routesBetween(chosen), pairs).flatMap(({ route, turn }) => {
    const random = randomOf(`${seed} ${route.one.code} ${route.other.code} ${turn}`);
    return thereAndBack(route, { random, firstDay, numbers });
  });
}

/** Each airport with its best partners; none twice. */
function routesBetween(airports: readonly Airport[]): readonly Route[] {
  const routes = new Map<string, Route>();
  for (const one of airports) {
    const partners = airports
      .filter((other) => other !== one)
      .map((other) => routeOf(one, other))
      .filter(({ km }) => km >= shortestKm && km <= longestKm)
      .sort((a, b) => b.score - a.score)
      .slice(0, maxPartners);
    for (const [rank, route] of partners.entries()) {
      const key = [route.one.code, route.other.code].sort().join('-');
      const isNeeded = rank < neededPartners || (routes.get(key)?.isNeeded ?? false);
      routes.set(key, { one: route.one, other: route.other, km: route.km, score: route.score, isNeeded });
    }
  }
  return [...routes.values()];
}

function routeOf(one: Airport, other: Airport): Route {
  const km = distanceKm(one, other);
  return { one, other, km, score: (one.weight * other.weight) ** 2 / Math.max(1_500, km) ** 0.15, isNeeded: false };
}

/** So many departures a day, shared out by the routes' scores; each further one on a route counts less. */
function departuresOf(routes: readonly Route[], count: number): readonly { readonly route: Route; readonly turn: number }[] {
  const bids = routes.flatMap((route) =>
    Array.from({ length: mostPerDay }, (_, turn) => ({
      route,
      turn,
      bid: route.isNeeded && turn === 0 ? Number.MAX_VALUE : route.score / (turn + 1) ** 3,
    })),
  );
  return bids.sort((a, b) => b.bid - a.bid).slice(0, count);
}

interface Making {
  readonly random: () => number;
  readonly firstDay: number;
  readonly numbers: Numbers;
}

function thereAndBack({ one, other, km }: Route, { random, firstDay, numbers }: Making): readonly FlightService[] {
  const aircraft = aircraftFor(km, random());
  const weekdays = random() * 100 < percentNotDaily ? fiveDays(random()) : 0b1111111;
  const carrier = random() < 0.35 ? 0 : Math.floor(random() * carrierCodes.length);
  const economyBase = Math.round((14 + km * 0.042) * (0.85 + random() * 0.3));
  const hasBusiness = aircraftOf(aircraft)?.cabins.some(({ cabin }) => cabin === 'business') ?? false;
  const minutes = Math.round((35 + (km / 830) * 60) / 5) * 5;
  const departs = () => Math.floor((360 + random() * 1_000) / 5) * 5;
  const shared = { weekdays, aircraft, economyBase, businessBase: hasBusiness ? economyBase * 3 : null, firstDay, lastDay: null };
  // Winds blow from the west.
  const wind = Math.sign(((other.longitude - one.longitude + 540) % 360) - 180) * Math.round(minutes / 120) * 5;
  return [serviceOf(one, other, departs(), minutes - wind), serviceOf(other, one, departs(), minutes + wind)];

  function serviceOf(from: Airport, to: Airport, departsMinute: number, durationMinutes: number): FlightService {
    const number = numbers.next(carrier);
    return { ...shared, number, origin: from.code, destination: to.code, departsMinute, durationMinutes };
  }
}

function aircraftFor(km: number, share: number): string {
  if (km < 700) return share < 0.4 ? 'ATR72' : share < 0.7 ? 'E190' : 'A320';
  if (km < 4_500) return share < 0.2 ? 'E190' : share < 0.6 ? 'A320' : 'A321';
  return share < 0.4 ? 'A330' : 'A350';
}

/** All but two neighbouring days of the week. */
function fiveDays(share: number): number {
  const first = Math.floor(share * 7);
  return 0b1111111 & ~((1 << first) | (1 << ((first + 1) % 7)));
}

/** The next free number of a carrier, or of the one after it. */
class Numbers {
  readonly #used = carrierCodes.map(() => 0);

  next(carrier: number): string {
    for (let step = 0; step < carrierCodes.length; step += 1) {
      const index = (carrier + step) % carrierCodes.length;
      const used = this.#used[index] ?? 0;
      if (used >= numbersOfCarrier) continue;
      this.#used[index] = used + 1;
      return `${carrierCodes[index]}${used + 1}`;
    }
    throw new RangeError('there are no flight numbers left');
  }
}

/** Numbers in [0, 1) out of a text: FNV-1a for the start, then SplitMix32. */
function randomOf(text: string): () => number {
  let state = 0x811c9dc5;
  for (const letter of text) state = Math.imul(state ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}
