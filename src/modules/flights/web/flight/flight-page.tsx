/** One flight: times, route, fares, why it costs what it costs, and the prices before. */
import { lazy, useCallback } from 'react';
import type { Fare } from '#modules/flights/api/search/contracts.ts';
import type { Cabin } from '#modules/flights/domain/cabins.ts';
import { useResource } from '#web/api/use-resource.ts';
import { Choice } from '#web/design/choice.tsx';
import { Coins } from '#web/design/coins.tsx';
import { Loaded } from '#web/design/loaded.tsx';
import { SpanMeter } from '#web/design/meters.tsx';
import { Part } from '#web/design/part.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { Empty, Placeholder } from '#web/design/states.tsx';
import { useFormats } from '#web/language/language.ts';
import { Link, replaceQuery, useQuery } from '#web/routing/navigation.tsx';
import { usePageTitle } from '#web/routing/page-title.ts';
import { FlightsHead } from '../flights-head.tsx';
import { clockOf, dateOf, durationText } from '../local-times.ts';
import { bookingAddress, cabinIn, passengersIn, searchAddress } from '../search/search-query.ts';
import { type Flight, loadFlight, loadPrices } from '../sources.ts';
import { useCityNames, useDayTexts } from '../use-airports.ts';
import { useFlightsWords } from '../words.ts';
import { PriceHistorySheet } from './price-history.tsx';
import { WhySheet } from './why-sheet.tsx';

const RouteMap = lazy(() => import('./route-map.tsx').then((module) => ({ default: module.RouteMap })));

export function FlightPage({ id }: { id: string }) {
  const { flight: words, search } = useFlightsWords();
  const resource = useResource(useCallback((signal: AbortSignal) => loadFlight(id, signal), [id]));
  usePageTitle(words.title(id.split('-')[0] ?? id));

  const unknown = (
    <Empty title={words.unknown} hint={words.unknownHint} level={1}>
      <Link className="button button-strong" href="/flights">
        {search.back}
      </Link>
    </Empty>
  );
  return (
    <Loaded resource={resource} height="28rem" level={1} unknown={unknown}>
      {(flight) => <Known flight={flight} />}
    </Loaded>
  );
}

function Known({ flight }: { flight: Flight }) {
  const { flight: words, search } = useFlightsWords();
  const formats = useFormats();
  const cityName = useCityNames();
  const query = useQuery();
  const { leg, from, to, fares } = flight;
  const offered = fares.find(({ cabin }) => cabin === cabinIn(query)) ?? fares[0];
  const distance = words.distance(formats.whole(flight.distanceKm));
  const passengers = passengersIn(query);
  const cabin = offered?.cabin ?? 'economy';
  return (
    <div className="page">
      <FlightsHead
        title={words.route(cityName(from), cityName(to))}
        back={{
          href: searchAddress({ from: from.code, to: to.code, date: dateOf(leg.departsLocal), passengers, cabin }),
          text: search.title,
        }}
      />
      <div className="flight">
        <section className="sheet flight-what" aria-label={words.title(leg.number)}>
          <Part placeholder={<Placeholder width="100%" height="20rem" />}>
            <RouteMap from={from} to={to} distance={distance} />
          </Part>
          <Times flight={flight} distance={distance} />
        </section>
        {offered !== undefined && <Fares flight={flight} fare={offered} passengers={passengers} />}
      </div>
      {offered !== undefined && <Prices key={cabin} id={leg.flightId} cabin={cabin} />}
    </div>
  );
}

function Times({ flight: { leg, from, to, weekdays }, distance }: { flight: Flight; distance: string }) {
  const { flight: words } = useFlightsWords();
  const days = useDayTexts();
  const cityName = useCityNames();
  const ends = [
    { name: words.departure, airport: from, local: leg.departsLocal },
    { name: words.arrival, airport: to, local: leg.arrivesLocal },
  ];
  return (
    <>
      <dl className="flight-times">
        {ends.map(({ name, airport, local }) => (
          <div key={airport.code}>
            <dt className="label">{name}</dt>
            <dd>
              <b className="flight-clock">{clockOf(local)}</b>
              <span>{days.long(dateOf(local))}</span>
              <span>
                {cityName(airport)} ({airport.code})
              </span>
              <span className="label">
                {airport.name} · {words.localTime(airport.timeZone)}
              </span>
            </dd>
          </div>
        ))}
      </dl>
      <p className="flight-facts soft">
        {[`${leg.carrier} ${leg.number}`, leg.aircraft, durationText(leg.durationMinutes), distance, flownOn()].join(' · ')}
      </p>
    </>
  );

  function flownOn(): string {
    return weekdays.length === 7 ? words.daily : words.flownOn(weekdays.map((weekday) => days.weekday(weekday)).join(', '));
  }
}

function Fares({ flight: { leg, fares, state }, fare, passengers }: { flight: Flight; fare: Fare; passengers: number }) {
  const { flight: words, cabins } = useFlightsWords();
  const formats = useFormats();
  const { cabin, price, floor, ceiling, seats, seatsLeft, pricedAt } = fare;
  const bookable = state === 'scheduled' && seatsLeft >= passengers;
  return (
    <Sheet
      title={words.fare}
      className="flight-fare"
      padded
      tools={
        fares.length > 1 && (
          <Choice
            legend={words.cabin}
            chosen={cabin}
            options={fares.map((other) => ({ value: other.cabin, text: cabins[other.cabin] }))}
            onChoose={(chosen: Cabin) => replaceQuery({ cabin: chosen === 'economy' ? '' : chosen })}
          />
        )
      }
    >
      <p className="flight-price">
        <Coins amount={price} />
        <span className="label">{words.perPassenger}</span>
      </p>
      <div className="figure-meter">
        <SpanMeter low={floor} high={ceiling} value={price} />
        <p className="range-ends label">
          <span>{words.floor(formats.whole(floor))}</span>
          <span>{words.ceiling(formats.whole(ceiling))}</span>
        </p>
      </div>
      <p>
        <span className={seatsLeft === 0 ? 'badge badge-bad' : seatsLeft < 10 ? 'badge badge-warning' : 'badge badge-good'}>
          {words.seatsLeft(seatsLeft, formats.whole(seats))}
        </span>
      </p>
      <p className="label">{words.pricedAt(formats.date(pricedAt))}</p>
      {bookable ? (
        <Link className="button button-strong" href={bookingAddress([leg.flightId], cabin, passengers)}>
          {words.hold}
        </Link>
      ) : (
        <p className="note note-look">{state === 'scheduled' ? words.full : words.states[state]}</p>
      )}
    </Sheet>
  );
}

function Prices({ id, cabin }: { id: string; cabin: Cabin }) {
  const resource = useResource(useCallback((signal: AbortSignal) => loadPrices(id, cabin, signal), [id, cabin]));
  return (
    <Loaded resource={resource} height="22rem">
      {(history) => (
        <div className="flight-prices">
          <WhySheet history={history} />
          <PriceHistorySheet history={history} />
        </div>
      )}
    </Loaded>
  );
}
