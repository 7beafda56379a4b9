/** Airports, search, the calendar of prices and one flight over HTTP. */
import type { Ports } from '#core/ports/ports.ts';
import type { Queries } from '#core/ports/state.ts';
import { keptRoute } from '#http/kept-route.ts';
import { Rendered, type Route } from '#http/route.ts';
import { worldAirports } from '../../airports/airports.ts';
import { AirportSearch } from '../../domain/airport-search.ts';
import { noFlight } from '../../store/booking/refused.ts';
import { findFlight } from '../../store/timetable/one-flight.ts';
import { RoutesKnown } from '../../store/timetable/routes-known.ts';
import { findNumber } from '../../store/timetable/settings.ts';
import { horizonOf } from '../../store/timetable/upkeep.ts';
import type { Places } from '../booking/views.ts';
import type { FlightsApi } from '../flights-api.ts';
import { noting } from '../noting.ts';
import { hereMs, sharedAnswer } from './answers.ts';
import * as contracts from './contracts.ts';
import { viewAirport } from './places.ts';
import { calendarAnswer, flightAnswer, type Searching, searchAnswer } from './search-answers.ts';

export interface SearchApi extends Pick<FlightsApi, 'visitors' | 'accesses'> {
  readonly ports: Pick<Ports, 'state' | 'cache' | 'clock'>;
}

interface Found<Value> {
  readonly answer: Value;
  readonly flightIds: readonly string[];
}

export function searchRoutes({ ports: { state, cache, clock }, ...counting }: SearchApi, places: Places): readonly Route[] {
  let opened: { readonly routes: RoutesKnown; readonly search: AirportSearch } | undefined;

  /** What all of it needs of the airports, which are read when somebody first asks. */
  function open() {
    opened ??= { routes: new RoutesKnown(worldAirports()), search: new AirportSearch(worldAirports().all) };
    return opened;
  }

  const searching = (): Searching => ({ airports: worldAirports(), routes: open().routes, places, now: clock.now() });

  /** What `find` reads of the timetable, rendered, and shared by all processes. */
  async function shared<Value>(key: string, render: (value: Value) => Rendered<Value>, find: (queries: Queries) => Promise<Found<Value>>) {
    const { json, flightIds, isEarly } = await sharedAnswer(cache, key, () =>
      state.read(async (queries) => {
        const isEarly = ((await findNumber(queries, 'until')) ?? 0) < horizonOf(clock.now());
        const { answer, flightIds } = await find(queries);
        return { json: render(answer).json, flightIds, isEarly };
      }),
    );
    return { answer: new Rendered<Value>(json), about: flightIds, keep: !isEarly };
  }

  return [
    keptRoute(contracts.findAirports, {
      keepMs: hereMs,
      make: async ({ query: { text = '', limit } }) => {
        const { routes, search } = open();
        const graph = await state.read((queries) => routes.graph(queries));
        const found =
          text.trim() === ''
            ? graph.busiest().slice(0, limit).map(places.airport)
            : search.find(text, limit, (code) => graph.servicesFrom(code)).map(viewAirport);
        return { answer: { airports: found }, about: undefined };
      },
    }),

    keptRoute(contracts.searchFlights, {
      keepMs: hereMs,
      make: ({ query, render }) =>
        shared(`flights search ${JSON.stringify(query)}`, render, (queries) => searchAnswer(queries, query, searching())),
      each: noting(counting, 'listed'),
    }),

    keptRoute(contracts.readCalendar, {
      keepMs: hereMs,
      make: ({ query, render }) =>
        shared(`flights calendar ${JSON.stringify(query)}`, render, async (queries) => ({
          answer: await calendarAnswer(queries, query, searching()),
          flightIds: [],
        })),
    }),

    keptRoute(contracts.readFlight, {
      keepMs: hereMs,
      make: ({ params: { id }, render }) =>
        shared(`flights flight ${id}`, render, async (queries) => {
          const flight = await findFlight(queries, id);
          if (flight === undefined) throw noFlight(id);
          return { answer: flightAnswer(flight, searching()), flightIds: [id] };
        }),
      each: noting(counting, 'opened'),
    }),
  ];
}
