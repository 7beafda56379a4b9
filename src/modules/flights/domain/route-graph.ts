/** Which airports are connected, in memory: it tells where to change without asking the database. */
import { type Airports, distanceKm } from './airports.ts';

export interface Route {
  readonly origin: string;
  readonly destination: string;
  /** Flight numbers on it. */
  readonly services: number;
}

/** A change may make the way so much longer. */
const longestDetour = 1.8;
const freeDetourKm = 800;

export class RouteGraph {
  readonly #onward = new Map<string, Set<string>>();
  readonly #services = new Map<string, number>();
  readonly #airports: Airports;

  constructor(routes: readonly Route[], airports: Airports) {
    this.#airports = airports;
    for (const { origin, destination, services } of routes) {
      this.#services.set(origin, (this.#services.get(origin) ?? 0) + services);
      const known = this.#onward.get(origin);
      if (known === undefined) this.#onward.set(origin, new Set([destination]));
      else known.add(destination);
    }
  }

  /** Flight numbers that leave from an airport. */
  servicesFrom(code: string): number {
    return this.#services.get(code) ?? 0;
  }

  /** Airports with flights, those with the most first. */
  busiest(): readonly string[] {
    return [...this.#services].sort(([one, its], [other, others]) => others - its || (one < other ? -1 : 1)).map(([code]) => code);
  }

  isNonstop(from: string, to: string): boolean {
    return this.#onward.get(from)?.has(to) ?? false;
  }

  /** Where to change, the least way round first. */
  changesBetween(from: string, to: string, most: number): readonly string[] {
    const [start, end] = [this.#airports.named(from), this.#airports.named(to)];
    const longest = distanceKm(start, end) * longestDetour + freeDetourKm;
    const ways = [...(this.#onward.get(from) ?? [])]
      .filter((via) => via !== to && this.isNonstop(via, to))
      .map((via) => {
        const change = this.#airports.named(via);
        return { via, km: distanceKm(start, change) + distanceKm(change, end) };
      })
      .filter(({ km }) => km <= longest);
    return ways
      .sort((one, other) => one.km - other.km || (one.via < other.via ? -1 : 1))
      .slice(0, most)
      .map(({ via }) => via);
  }
}
