/** The graph of all routes, read once and again when services changed. */
import { sql } from 'kysely';
import type { Queries } from '#core/ports/state.ts';
import type { Airports } from '../../domain/airports.ts';
import { RouteGraph } from '../../domain/route-graph.ts';
import { findNumber } from './settings.ts';
import { timetable } from './tables.ts';

export class RoutesKnown {
  readonly #airports: Airports;
  #read: { readonly changed: number; readonly graph: RouteGraph } | undefined;

  constructor(airports: Airports) {
    this.#airports = airports;
  }

  async graph(queries: Queries): Promise<RouteGraph> {
    const changed = (await findNumber(queries, 'changed')) ?? 0;
    if (this.#read?.changed === changed) return this.#read.graph;
    const rows = await timetable(queries)
      .selectFrom('flights_service')
      .select(['origin', 'destination', sql<number>`count(*)`.as('services')])
      .groupBy(['origin', 'destination'])
      .execute();
    const routes = rows.map(({ origin, destination, services }) => ({ origin, destination, services: Number(services) }));
    this.#read = { changed, graph: new RouteGraph(routes, this.#airports) };
    return this.#read.graph;
  }
}
