/** Where others look for flights: shown while nothing is searched. */
import type { Airport } from '#modules/flights/api/schemas.ts';
import { useResource } from '#web/api/use-resource.ts';
import { Coins } from '#web/design/coins.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { Placeholder } from '#web/design/states.tsx';
import { Link } from '#web/routing/navigation.tsx';
import { findAirports, loadDemand } from '../sources.ts';
import { useCityNames } from '../use-airports.ts';
import { useFlightsWords } from '../words.ts';
import { useJourney } from './search-form.tsx';
import { searchAddress } from './search-query.ts';

const shown = 9;

interface Route {
  readonly from: Airport;
  readonly to: Airport;
  readonly lowestPrice: number | null;
  readonly watched: boolean;
}

export function PopularRoutes() {
  const { popular: words } = useFlightsWords();
  const { date } = useJourney();
  const cityName = useCityNames();
  const resource = useResource(popularRoutes);
  // The search works without it.
  if (resource.state === 'failed') return null;
  const routes = resource.state === 'ready' ? resource.value : undefined;
  if (routes?.length === 0) return null;
  return (
    <Sheet
      title={routes?.some(({ watched }) => watched) === false ? words.busiest : words.title}
      tools={<Link href="/flights/demand">{words.toDemand}</Link>}
    >
      <ul className="popular" aria-busy={routes === undefined}>
        {routes === undefined
          ? Array.from({ length: shown }, (_, place) => place).map((place) => (
              <li key={place}>
                <Placeholder width="100%" height="3.5rem" />
              </li>
            ))
          : routes.map((route) => (
              <li key={route.from.code + route.to.code}>
                <Link className="popular-route" href={searchAddress({ from: route.from.code, to: route.to.code, date })}>
                  <span>
                    <b>
                      {cityName(route.from)} – {cityName(route.to)}
                    </b>
                    <span className="label">
                      {route.from.code} – {route.to.code}
                    </span>
                  </span>
                  {route.lowestPrice !== null && (
                    <span className="popular-price">
                      <span className="label">{words.from} </span>
                      <Coins amount={route.lowestPrice} />
                    </span>
                  )}
                </Link>
              </li>
            ))}
      </ul>
    </Sheet>
  );
}

/** The most watched routes; in a house that nobody visited yet, those between the airports with the most flights. */
async function popularRoutes(signal: AbortSignal): Promise<readonly Route[]> {
  const { routes, airports } = await loadDemand(signal);
  const byCode = new Map(airports.map((airport) => [airport.code, airport]));
  const watched = routes.flatMap((route) => {
    const [from, to] = [byCode.get(route.from), byCode.get(route.to)];
    return from === undefined || to === undefined ? [] : [{ from, to, lowestPrice: route.lowestPrice, watched: true }];
  });
  if (watched.length > 0) return watched.slice(0, shown);
  const busiest = (await findAirports('')).slice(0, 4);
  return busiest
    .flatMap((from) => busiest.filter((to) => to !== from).map((to) => ({ from, to })))
    .slice(0, shown)
    .map(({ from, to }) => ({ from, to, lowestPrice: null, watched: false }));
}
