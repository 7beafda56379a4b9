/**
 * Which flights are compared: those of the same route that depart about as soon; where there are fewer than five, all that fly
 * about as long and depart about as soon.
 */
import { daysOut } from './model.ts';

export interface FlightViews {
  readonly origin: string;
  readonly destination: string;
  readonly departsAt: number;
  readonly arrivesAt: number;
  readonly views: number;
}

const fewest = 5;
const dayBands = [3, 7, 14, 30, 60];
const hourBands = [2, 4, 7];

/** For each flight the median of those that it is compared with; of an even number, the lower of the two in the middle. */
export function usualViews(flights: readonly FlightViews[], asOf: number): readonly number[] {
  const groups = new Map<string, number[]>();
  const names = flights.map((flight) => {
    const days = bandOf(daysOut(flight.departsAt, asOf), dayBands);
    const long = bandOf((flight.arrivesAt - flight.departsAt) / 3_600_000, hourBands);
    const names = { route: `${flight.origin} ${flight.destination} ${days}`, long: `${long} ${days}` };
    for (const name of [names.route, names.long]) {
      const group = groups.get(name);
      if (group === undefined) groups.set(name, [flight.views]);
      else group.push(flight.views);
    }
    return names;
  });
  const medians = new Map([...groups].map(([name, views]) => [name, medianOf(views)]));
  return names.map(({ route, long }) => medians.get((groups.get(route)?.length ?? 0) >= fewest ? route : long) ?? 0);
}

function bandOf(value: number, bounds: readonly number[]): number {
  const band = bounds.findIndex((bound) => value < bound);
  return band < 0 ? bounds.length : band;
}

function medianOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
