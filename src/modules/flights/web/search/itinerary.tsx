/** One way to fly: what matters of it at a glance, and each of its flights on request. */
import type { ReactNode } from 'react';
import type { Leg } from '#modules/flights/api/schemas.ts';
import type { Itinerary } from '#modules/flights/api/search/contracts.ts';
import { Coins } from '#web/design/coins.tsx';
import { useFormats } from '#web/language/language.ts';
import { Link } from '#web/routing/navigation.tsx';
import { clockOf, dateOf, durationText } from '../local-times.ts';
import { useCity, useDayTexts } from '../use-airports.ts';
import { useFlightsWords } from '../words.ts';
import { flightAddress, type Journey } from './search-query.ts';

/** So many seats or fewer are worth saying. */
const fewSeats = 9;

export function ItineraryCard(props: {
  itinerary: Itinerary;
  journey: Pick<Journey, 'cabin' | 'passengers'>;
  /** Says the day, too, where flights of several days are listed. */
  dated: boolean;
  /** Where the choice leads. */
  href: string;
  choose: string;
}) {
  const { results: words } = useFlightsWords();
  const formats = useFormats();
  const { itinerary, journey } = props;
  const { legs, price, totalPrice, seatsLeft } = itinerary;
  const [first] = legs;
  const last = legs.at(-1);
  if (first === undefined || last === undefined) return null;
  const times = `${clockOf(first.departsLocal)}–${clockOf(last.arrivesLocal)}`;
  return (
    <article className="sheet itinerary">
      <Way {...itinerary} dated={props.dated} />
      <div className="itinerary-price">
        {seatsLeft <= fewSeats && <span className="badge badge-warning">{words.seatsLeft(seatsLeft)}</span>}
        <p>
          <span className="itinerary-coins">
            <Coins amount={totalPrice} />
          </span>
          <span className="label">
            {journey.passengers === 1 ? words.perPassenger : words.forAll(journey.passengers, formats.whole(price))}
          </span>
        </p>
      </div>
      <Link
        className="button button-strong"
        href={props.href}
        aria-label={words.chooseThis(props.choose, times, formats.whole(totalPrice))}
      >
        {props.choose}
      </Link>
      <details className="itinerary-more">
        <summary>
          {words.details}
          <span className="out-of-sight"> {times}</span>
        </summary>
        <Legs legs={legs} journey={journey} />
      </details>
    </article>
  );
}

/** When and where it leaves and arrives, and what is between. */
function Way({
  legs,
  stops,
  durationMinutes,
  daysLater,
  dated,
}: Omit<Itinerary, 'id' | 'price' | 'totalPrice' | 'seatsLeft'> & { dated: boolean }) {
  const { results: words } = useFlightsWords();
  const days = useDayTexts();
  const [first] = legs;
  const last = legs.at(-1);
  const changesAt = useCity(legs.length > 1 && first !== undefined ? first.to : '');
  if (first === undefined || last === undefined) return null;
  const wait = legs[1] === undefined ? 0 : Math.round((legs[1].departsAt - first.arrivesAt) / 60_000);
  return (
    <div className="way">
      {dated && <p className="way-date">{days.short(dateOf(first.departsLocal))}</p>}
      <p className="way-end">
        <b>{clockOf(first.departsLocal)}</b>
        <span>{first.from}</span>
      </p>
      <div className="way-between">
        <span className="label">{durationText(durationMinutes)}</span>
        <span className="way-line" aria-hidden="true">
          {stops > 0 && <span className="way-stop" />}
        </span>
        <span className="label">{stops === 0 ? words.nonstop : words.oneStop(changesAt, durationText(wait))}</span>
      </div>
      <p className="way-end">
        <b>
          {clockOf(last.arrivesLocal)}
          {daysLater !== 0 && (
            <sup>
              <span aria-hidden="true">{daysLater > 0 ? `+${daysLater}` : `−${-daysLater}`}</span>
              <span className="out-of-sight"> {words.daysLater(daysLater)}</span>
            </sup>
          )}
        </b>
        <span>{last.to}</span>
      </p>
      <p className="way-carrier label">{[...new Set(legs.map(({ carrier, number }) => `${carrier} ${number}`))].join(' · ')}</p>
    </div>
  );
}

function Legs({ legs, journey }: { legs: readonly Leg[]; journey: Pick<Journey, 'cabin' | 'passengers'> }) {
  const { results: words } = useFlightsWords();
  return (
    <ol className="legs">
      {legs.map((leg, place) => {
        const next = legs[place + 1];
        return (
          <li key={leg.flightId}>
            <LegLine leg={leg}>
              <Link href={flightAddress(leg.flightId, journey)}>{words.why}</Link>
            </LegLine>
            {next !== undefined && (
              <p className="legs-change label">{words.change(durationText(Math.round((next.departsAt - leg.arrivesAt) / 60_000)))}</p>
            )}
          </li>
        );
      })}
    </ol>
  );
}

/** One flight in a line: times, airports, number and aircraft. */
export function LegLine({ leg, children }: { leg: Leg; children?: ReactNode }) {
  const days = useDayTexts();
  const from = useCity(leg.from);
  const to = useCity(leg.to);
  const [departs, arrives] = [dateOf(leg.departsLocal), dateOf(leg.arrivesLocal)];
  return (
    <div className="leg">
      <p>
        <b>
          {clockOf(leg.departsLocal)} {from} – {clockOf(leg.arrivesLocal)} {to}
        </b>
        <span className="label">
          {days.short(departs)}
          {arrives !== departs && ` – ${days.short(arrives)}`} · {durationText(leg.durationMinutes)}
        </span>
        <span className="label">
          {leg.carrier} {leg.number} · {leg.aircraft}
        </span>
      </p>
      {children}
    </div>
  );
}
