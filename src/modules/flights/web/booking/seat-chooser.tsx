/** Who sits where: flight by flight and passenger by passenger. Passengers who choose nothing get any free seat. */
import { useCallback, useEffect, useState } from 'react';
import type { Quote } from '#modules/flights/api/booking/contracts.ts';
import type { Cabin } from '#modules/flights/domain/cabins.ts';
import { useResource } from '#web/api/use-resource.ts';
import { Choice } from '#web/design/choice.tsx';
import { Loaded } from '#web/design/loaded.tsx';
import { useQueryChoice } from '#web/routing/query-choice.ts';
import { loadSeats } from '../sources.ts';
import { useCity } from '../use-airports.ts';
import { useFlightsWords } from '../words.ts';
import { SeatGrid } from './seat-grid.tsx';
import { nextWithoutSeat, type Seating, seated, stillFree } from './seat-rows.ts';

type QuoteLeg = Quote['legs'][number]['leg'];

export function SeatChooser(props: {
  legs: readonly QuoteLeg[];
  cabin: Cabin;
  /** By flight. */
  seatings: readonly Seating[];
  names: readonly string[];
  /** Changes when the seats are to be asked for again. */
  round: number;
  onSeating: (leg: number, change: (before: Seating) => Seating) => void;
}) {
  const { seats: words } = useFlightsWords();
  const numbers = props.legs.map((_, index) => String(index));
  const [chosen, setChosen] = useQueryChoice('leg', numbers, '0');
  const shown = Number(chosen);
  const leg = props.legs[shown];
  const seating = props.seatings[shown];
  if (leg === undefined || seating === undefined) return null;
  return (
    <section className="seat-chooser" aria-labelledby="seats">
      <h3 id="seats">{words.title}</h3>
      <p className="soft">{words.hint}</p>
      {props.legs.length > 1 && (
        <Choice
          legend={words.flight}
          chosen={chosen}
          options={props.legs.map(({ from, to }, index) => ({ value: String(index), text: `${from} – ${to}` }))}
          onChoose={setChosen}
        />
      )}
      <SeatsOfFlight
        key={`${leg.flightId} ${props.round}`}
        {...props}
        leg={leg}
        seating={seating}
        onSeating={(change) => props.onSeating(shown, change)}
      />
    </section>
  );
}

function SeatsOfFlight(props: {
  leg: QuoteLeg;
  cabin: Cabin;
  seating: Seating;
  names: readonly string[];
  onSeating: (change: (before: Seating) => Seating) => void;
}) {
  const { seats: words } = useFlightsWords();
  const { leg, cabin, seating, names, onSeating } = props;
  const [passenger, setPassenger] = useState(() => Math.max(0, seating.indexOf(null)));
  const from = useCity(leg.from);
  const to = useCity(leg.to);
  const resource = useResource(useCallback((signal: AbortSignal) => loadSeats(leg.flightId, signal), [leg.flightId]));
  const map = resource.state === 'ready' ? resource.value : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new map can show that a seat was taken meanwhile.
  useEffect(() => {
    if (map !== undefined) onSeating((before) => stillFree(before, map));
  }, [map]);

  const choose = (seat: string) => {
    const after = seated(seating, passenger, seat);
    onSeating(() => after);
    if (after[passenger] !== null) setPassenger(nextWithoutSeat(after, passenger));
  };
  return (
    <>
      {names.length > 1 && (
        <Choice
          legend={words.passenger}
          legendShown
          chosen={String(passenger)}
          options={names.map((name, index) => ({ value: String(index), text: `${name}: ${seating[index] ?? words.any}` }))}
          onChoose={(index) => setPassenger(Number(index))}
        />
      )}
      <p className="seat-said" role="status">
        {seating.some((seat) => seat !== null)
          ? names.map((name, index) => `${name}: ${seating[index] ?? words.any}`).join(' · ')
          : words.noneChosen(from, to)}
      </p>
      <Loaded resource={resource} height="24rem">
        {(loaded) => <SeatGrid map={loaded} cabin={cabin} seating={seating} names={names} onSeat={choose} />}
      </Loaded>
      <Legend />
    </>
  );
}

function Legend() {
  const { seats: words } = useFlightsWords();
  return (
    <ul className="seat-legend label">
      <li>
        <span className="seat" aria-hidden="true" />
        {words.free}
      </li>
      <li>
        <span className="seat seat-chosen" aria-hidden="true">
          1
        </span>
        {words.chosen}
      </li>
      <li>
        <span className="seat seat-taken" aria-hidden="true">
          ×
        </span>
        {words.taken}
      </li>
      <li>
        <span className="seat-exit-mark" aria-hidden="true" />
        {words.exitRow}
      </li>
    </ul>
  );
}
