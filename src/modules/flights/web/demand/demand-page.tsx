/** Which routes are watched, and which prices moved: a map of the world, a table, and the biggest moves, live. */
import { lazy, useState } from 'react';
import type { Demand } from '#modules/flights/api/prices/contracts.ts';
import { usePolled } from '#web/api/use-polled.ts';
import { Coins } from '#web/design/coins.tsx';
import { type Column, Ledger } from '#web/design/ledger.tsx';
import { Loaded } from '#web/design/loaded.tsx';
import { FillMeter } from '#web/design/meters.tsx';
import { Part } from '#web/design/part.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { Empty, Placeholder } from '#web/design/states.tsx';
import { useFormats } from '#web/language/language.ts';
import { Link } from '#web/routing/navigation.tsx';
import { usePageTitle } from '#web/routing/page-title.ts';
import { FlightsHead } from '../flights-head.tsx';
import { useJourney } from '../search/search-form.tsx';
import { flightAddress, searchAddress } from '../search/search-query.ts';
import { loadDemand } from '../sources.ts';
import { useCity, useCityNames, useDayTexts } from '../use-airports.ts';
import { useFlightsWords } from '../words.ts';
import { type DemandRoute, keyOfRoute } from './routes.ts';

const WorldMap = lazy(() => import('./world-map.tsx').then((module) => ({ default: module.WorldMap })));
const refreshMs = 4_000;
const firstRoutes = 10;
const million = 1_000_000;

export function DemandPage() {
  const { demand: words, search } = useFlightsWords();
  const resource = usePolled(loadDemand, refreshMs);
  usePageTitle(words.title);
  return (
    <div className="page">
      <FlightsHead title={words.title} back={{ href: '/flights', text: search.back }} />
      <Loaded resource={resource} height="34rem">
        {(demand) => <Known demand={demand} />}
      </Loaded>
    </div>
  );
}

function Known({ demand }: { demand: Demand }) {
  const { demand: words } = useFlightsWords();
  const formats = useFormats();
  const [shown, setShown] = useState<string>();
  const cityName = useCityNames();
  const cities = new Map(demand.airports.map((airport) => [airport.code, cityName(airport)]));
  const city = (code: string) => cities.get(code) ?? code;
  const route = demand.routes.find((each) => keyOfRoute(each) === shown) ?? demand.routes[0];
  return (
    <>
      <p className="demand-facts soft">
        <span>{words.accesses(formats.whole(demand.accessesLastHour))}</span>
        <span>
          {demand.lastRun === null ? words.noRun : words.lastRun(formats.time(demand.lastRun.at), formats.whole(demand.lastRun.changed))}
        </span>
        <span>{words.asOf(formats.time(demand.asOf))}</span>
      </p>
      <section className="sheet demand-map" aria-label={words.mapTitle}>
        <p className="demand-shown">
          {route !== undefined && (
            <>
              <b>
                {city(route.from)} – {city(route.to)}
              </b>
              <span className="soft">
                {words.routeFacts(demand.routes.indexOf(route) + 1, words.flightCount(formats.whole(route.flights)))}
              </span>
              {route.lowestPrice !== null && (
                <span>
                  {words.from} <Coins amount={route.lowestPrice} />
                </span>
              )}
            </>
          )}
        </p>
        <Part placeholder={<Placeholder width="100%" height="30rem" />}>
          <WorldMap demand={demand} shown={shown} onShow={setShown} />
        </Part>
      </section>
      <div className="demand-tables">
        <Routes demand={demand} city={city} onShow={setShown} />
        <Moves demand={demand} />
      </div>
    </>
  );
}

type City = (code: string) => string;

function Routes({ demand: { routes }, city, onShow }: { demand: Demand; city: City; onShow: (key: string | undefined) => void }) {
  const { demand: words } = useFlightsWords();
  const formats = useFormats();
  const { date } = useJourney();
  const [all, setAll] = useState(false);
  const columns: readonly Column<DemandRoute>[] = [
    {
      head: words.route,
      kind: 'name',
      cell: (route) => {
        const show = () => onShow(keyOfRoute(route));
        return (
          <>
            <Link href={searchAddress({ from: route.from, to: route.to, date })} onFocus={show} onPointerEnter={show}>
              {city(route.from)} – {city(route.to)}
            </Link>
            <span className="label">{words.flightCount(formats.whole(route.flights))}</span>
          </>
        );
      },
    },
    {
      head: words.watched,
      cell: ({ share }) => (
        <span className="demand-share">
          <FillMeter part={share} whole={million} />
          <span>{formats.share(share / million)}</span>
        </span>
      ),
    },
    { head: words.lowest, kind: 'change', cell: ({ lowestPrice }) => <Coins amount={lowestPrice} /> },
  ];
  return (
    <Sheet title={words.routes}>
      {routes.length === 0 ? (
        <Empty title={words.noRoutes} hint={words.noRoutesHint} />
      ) : (
        <Ledger rows={all ? routes : routes.slice(0, firstRoutes)} keyOf={keyOfRoute} columns={columns} />
      )}
      {!all && routes.length > firstRoutes && (
        <div className="sheet-foot">
          <button type="button" className="button" onClick={() => setAll(true)}>
            {words.allRoutes(routes.length)}
          </button>
        </div>
      )}
    </Sheet>
  );
}

function RouteName({ from, to }: { from: string; to: string }) {
  return `${useCity(from)} – ${useCity(to)}`;
}

function Moves({ demand: { moves } }: { demand: Demand }) {
  const { demand: words, cabins } = useFlightsWords();
  const formats = useFormats();
  const days = useDayTexts();
  const columns: readonly Column<Demand['moves'][number]>[] = [
    {
      head: words.flight,
      kind: 'name',
      cell: ({ flightId, number, from, to, date, cabin }) => (
        <>
          <Link href={flightAddress(flightId, { cabin })}>
            <RouteName from={from} to={to} />
          </Link>
          <span className="label">
            {number} · {days.short(date)} · {cabins[cabin]}
          </span>
        </>
      ),
    },
    { head: words.when, kind: 'when', cell: ({ at }) => formats.time(at) },
    {
      head: words.move,
      kind: 'change',
      cell: ({ before, price }) => (
        <>
          <span className={price > before ? 'change up' : 'change down'}>
            <span className={price > before ? 'tick tick-up' : 'tick tick-down'} aria-hidden="true" />
            {formats.change(Math.round((price / before - 1) * 10_000))}
          </span>
          <span className="label">{words.fromTo(formats.whole(before), formats.whole(price))}</span>
        </>
      ),
    },
  ];
  return (
    <Sheet title={words.moves}>
      {moves.length === 0 ? (
        <Empty title={words.noMoves} hint={words.noMovesHint} />
      ) : (
        <Ledger rows={moves} keyOf={({ flightId, cabin, at }) => `${flightId} ${cabin} ${at}`} columns={columns} />
      )}
    </Sheet>
  );
}
