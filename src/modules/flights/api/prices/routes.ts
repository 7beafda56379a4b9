/** Why a price is what it is, and what is watched, over HTTP. */
import { refuse } from '#core/refuse.ts';
import { keptRoute } from '#http/kept-route.ts';
import { type Route, route } from '#http/route.ts';
import { dateOf } from '../../domain/time-zones.ts';
import { flightsRefusals } from '../../refusals.ts';
import { lowestPrices, readDemand } from '../../store/prices/demand.ts';
import { readChanges } from '../../store/prices/history.ts';
import { findFlight } from '../../store/timetable/one-flight.ts';
import type { Places } from '../booking/views.ts';
import type { FlightsApi } from '../flights-api.ts';
import { noting } from '../noting.ts';
import { hereMs } from '../search/answers.ts';
import * as contracts from './contracts.ts';

export function priceRoutes(api: FlightsApi, places: Places): readonly Route[] {
  const { state, cache, clock } = api.ports;
  async function demand(): Promise<contracts.Demand> {
    const now = clock.now();
    const { found, lowest } = await state.read(async (queries) => {
      const found = await readDemand(queries, now);
      return { found, lowest: await lowestPrices(queries, found.routes, now) };
    });
    const codes = new Set(found.routes.flatMap(({ from, to }) => [from, to]));
    return {
      asOf: found.asOf,
      airports: [...codes].sort().map(places.airport),
      routes: found.routes.map(({ from, to, share, flights }, index) => ({ from, to, share, flights, lowestPrice: lowest[index] ?? null })),
      moves: found.moves.map(({ flight_id, number, origin, destination, day, cabin, before, price, at }) => ({
        flightId: flight_id,
        number,
        from: origin,
        to: destination,
        date: dateOf(day),
        cabin,
        before,
        price,
        at,
      })),
      lastRun: found.lastRun,
      accessesLastHour: found.accesses,
    };
  }

  return [
    keptRoute(contracts.readPrices, {
      keepMs: hereMs,
      make: async ({ params: { id }, query: { cabin } }) => {
        const { flight, changes } = await state.read(async (queries) => ({
          flight: await findFlight(queries, id),
          changes: await readChanges(queries, id, cabin, Number.MAX_SAFE_INTEGER),
        }));
        const fare = flight?.fares.find((fare) => fare.cabin === cabin);
        if (flight === undefined) throw refuse(flightsRefusals, 'no-flight', { flight: id });
        if (fare === undefined) throw refuse(flightsRefusals, 'no-cabin', { flight: id, cabin });
        const last = changes.at(-1);
        const answer = {
          cabin,
          firstPrice: changes[0]?.before ?? fare.price,
          prices: changes.length === 0 ? [{ at: fare.priced_at, price: fare.price }] : changes.map(({ at, price }) => ({ at, price })),
          why: last === undefined ? null : (JSON.parse(last.inputs) as contracts.PriceInputs),
        };
        return { answer, about: [id] };
      },
      each: noting(api, 'priced'),
    }),

    route(contracts.readDemand, () => cache.getOrLoad('flights demand', { ttlMs: 2_000, staleMs: 10_000 }, demand)),
  ];
}
