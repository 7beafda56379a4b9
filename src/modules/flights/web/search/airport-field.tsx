/** A field for an airport: completes what is typed, with the mouse, the keyboard and a screen reader. */
import { type KeyboardEvent, useCallback, useId, useRef, useState } from 'react';
import type { Airport } from '#modules/flights/api/schemas.ts';
import { useResource } from '#web/api/use-resource.ts';
import { findAirports, rememberAirports } from '../sources.ts';
import { useAirport, useCityNames, useCountryNames } from '../use-airports.ts';
import { useFlightsWords } from '../words.ts';

export function AirportField(props: {
  label: string;
  name: string;
  /** The code of the chosen airport, or empty. */
  code: string;
  fault: string | undefined;
  onChoose: (code: string) => void;
  /** The best match is being looked for, because the field was left before one was chosen. */
  onSettling: (work: Promise<void>) => void;
}) {
  const { search: words } = useFlightsWords();
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  /** Undefined while the field shows the chosen airport. */
  const [typed, setTyped] = useState<string>();
  const [open, setOpen] = useState(false);
  const [place, setPlace] = useState(0);
  const [unknown, setUnknown] = useState(false);
  const chosen = useAirport(props.code);
  const found = useMatches(open ? (typed ?? '') : undefined);
  const active = Math.min(place, (found?.length ?? 0) - 1);

  const cityName = useCityNames();

  const choose = (airport: Airport) => {
    rememberAirports([airport]);
    setTyped(undefined);
    setOpen(false);
    setUnknown(false);
    props.onChoose(airport.code);
  };
  /** Takes the best match of what was typed, even if the list has not come yet. */
  const settle = async (at = 0): Promise<void> => {
    setOpen(false);
    if (typed === undefined) return;
    if (typed.trim() === '') return setTyped(undefined);
    const matches = await findAirports(typed).catch(() => []);
    const match = matches[Math.min(at, matches.length - 1)];
    if (match === undefined) setUnknown(true);
    else choose(match);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!open) return setOpen(true);
      const count = found?.length ?? 0;
      if (count > 0) setPlace((active + (event.key === 'ArrowDown' ? 1 : count - 1)) % count);
    } else if (event.key === 'Enter' && open && (typed !== undefined || active > 0)) {
      event.preventDefault();
      const match = found?.[active];
      if (match === undefined) void settle();
      else choose(match);
    } else if (event.key === 'Escape' && open) {
      event.preventDefault();
      setOpen(false);
      setTyped(undefined);
    } else if (event.key === 'Enter') setOpen(false);
  };
  const fault = unknown ? words.unknownAirport : props.fault;
  return (
    <div className="form-field airport-field">
      <label htmlFor={id}>{props.label}</label>
      <input
        ref={field}
        id={id}
        name={props.name}
        className="field"
        role="combobox"
        aria-expanded={open && found !== undefined && found.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={open && active >= 0 ? `${id}-${active}` : undefined}
        aria-invalid={fault === undefined ? undefined : true}
        aria-describedby={fault === undefined ? undefined : `${id}-fault`}
        autoComplete="off"
        spellCheck={false}
        maxLength={60}
        placeholder={words.airportHint}
        value={typed ?? (chosen === undefined ? props.code : `${cityName(chosen)} (${chosen.code})`)}
        onChange={(event) => {
          setTyped(event.target.value);
          setPlace(0);
          setUnknown(false);
          setOpen(true);
        }}
        onFocus={() => field.current?.select()}
        onClick={() => setOpen(true)}
        onBlur={() => props.onSettling(settle(Math.max(0, active)))}
        onKeyDown={onKeyDown}
      />
      {open && <Matches id={id} label={props.label} airports={found ?? []} active={active} onChoose={choose} />}
      <span className="out-of-sight" role="status">
        {open && found !== undefined ? words.airportsFound(found.length) : ''}
      </span>
      {fault !== undefined && (
        <span id={`${id}-fault`} className="form-fault">
          {fault}
        </span>
      )}
    </div>
  );
}

/** Undefined while the list is closed and until the first answer; the old ones stay until newer ones come. */
function useMatches(text: string | undefined): readonly Airport[] | undefined {
  const resource = useResource(useCallback(async () => (text === undefined ? undefined : findAirports(text)), [text]));
  return resource.state === 'ready' ? resource.value : undefined;
}

function Matches(props: { id: string; label: string; airports: readonly Airport[]; active: number; onChoose: (airport: Airport) => void }) {
  const countryName = useCountryNames();
  const cityName = useCityNames();
  return (
    <div id={`${props.id}-list`} className="airports" role="listbox" aria-label={props.label} hidden={props.airports.length === 0}>
      {props.airports.map((airport, place) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field, which keeps the focus.
        <div
          key={airport.code}
          id={`${props.id}-${place}`}
          className="airport"
          role="option"
          tabIndex={-1}
          aria-selected={place === props.active}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => props.onChoose(airport)}
        >
          <span className="airport-code">{airport.code}</span>
          <span>
            {cityName(airport)}
            <span className="label">
              {airport.name}, {countryName(airport.country)}
            </span>
          </span>
        </div>
      ))}
    </div>
  );
}
