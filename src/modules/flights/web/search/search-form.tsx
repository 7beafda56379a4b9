/** The search: from, to, when, who, and in which cabin. What it would find is asked for before the button is pressed. */
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { browser } from '#web/browser.ts';
import { Choice } from '#web/design/choice.tsx';
import { CheckField, SelectField } from '#web/design/form.tsx';
import { Icon } from '#web/design/marks.tsx';
import { navigate, useQuery } from '#web/routing/navigation.tsx';
import { addDays, todayAt } from '../local-times.ts';
import { searches, searchQuestion } from '../sources.ts';
import { useFlightsWords } from '../words.ts';
import { AirportField } from './airport-field.tsx';
import { cabins, isComplete, type Journey, journeyIn, maxPassengers, questionIn, searchAddress } from './search-query.ts';

/** How far ahead the first date of an empty form is: far enough for good prices. */
const usualDaysAhead = 14;
const usualStayDays = 7;
/** The timetable goes so far. */
const maxDaysAhead = 120;

/** The journey of the address, or an empty one on a usual date. */
export function useJourney(): Journey {
  const journey = journeyIn(useQuery());
  return journey.date === '' ? { ...journey, date: addDays(todayAt(browser.now()), usualDaysAhead) } : journey;
}

export function SearchForm() {
  const { search: words } = useFlightsWords();
  const form = useRef<HTMLFormElement>(null);
  const asked = useJourney();
  const { draft, change, newest } = useDraft(asked);
  const settling = useRef<Promise<unknown>>(Promise.resolve());
  const [faulty, setFaulty] = useState(false);
  const today = todayAt(browser.now());
  const lastDay = addDays(today, maxDaysAhead);
  usePrefetch(draft);

  const send = async (event: FormEvent) => {
    event.preventDefault();
    // An airport may have been typed and not chosen.
    await settling.current;
    const journey = newest();
    setFaulty(!isComplete(journey));
    if (isComplete(journey)) navigate(searchAddress(journey));
    else form.current?.querySelector<HTMLInputElement>(`[name="${journey.from === '' ? 'from' : 'to'}"]`)?.focus();
  };
  const onSettling = (work: Promise<void>) => {
    settling.current = Promise.all([settling.current, work]);
  };
  const fault = (code: string) => (faulty && code === '' ? words.chooseAirport : undefined);
  return (
    <search>
      <form ref={form} className="sheet flight-search" aria-label={words.title} onSubmit={send} noValidate>
        <div className="flight-search-kind">
          <Choice
            legend={words.trip}
            chosen={draft.back === '' ? 'one-way' : 'return'}
            options={[
              { value: 'one-way', text: words.oneWay },
              { value: 'return', text: words.return },
            ]}
            onChoose={(trip) => change({ back: trip === 'return' ? addDays(draft.date, usualStayDays) : '' })}
          />
          <CheckField
            label={words.flexible}
            name="flexible"
            checked={draft.flexible}
            onChange={(event) => change({ flexible: event.target.checked })}
          />
        </div>
        <div className="flight-search-fields">
          <AirportField
            label={words.from}
            name="from"
            code={draft.from}
            fault={fault(draft.from)}
            onChoose={(from) => change({ from })}
            onSettling={onSettling}
          />
          <button
            type="button"
            className="button flight-search-swap"
            aria-label={words.swap}
            onClick={() => change({ from: draft.to, to: draft.from })}
          >
            <Icon name="swap" />
          </button>
          <AirportField
            label={words.to}
            name="to"
            code={draft.to}
            fault={faulty && draft.to !== '' && draft.from === draft.to ? words.sameAirport : fault(draft.to)}
            onChoose={(to) => change({ to })}
            onSettling={onSettling}
          />
          <DateField
            label={words.date}
            name="date"
            date={draft.date}
            min={today}
            max={lastDay}
            onDate={(date) => change({ date, back: draft.back !== '' && draft.back < date ? addDays(date, usualStayDays) : draft.back })}
          />
          {draft.back !== '' && (
            <DateField
              label={words.backDate}
              name="back"
              date={draft.back}
              min={draft.date}
              max={lastDay}
              onDate={(back) => change({ back })}
            />
          )}
          <Travellers draft={draft} onChange={change} />
          <button type="submit" className="button button-strong">
            <Icon name="find" />
            {words.submit}
          </button>
        </div>
      </form>
    </search>
  );
}

function Travellers({ draft, onChange }: { draft: Journey; onChange: (changes: Partial<Journey>) => void }) {
  const { search: words, cabins: cabinNames } = useFlightsWords();
  return (
    <>
      <SelectField
        label={words.passengers}
        name="passengers"
        value={String(draft.passengers)}
        options={Array.from({ length: maxPassengers }, (_, before) => ({ value: String(before + 1), text: String(before + 1) }))}
        onChange={(event) => onChange({ passengers: Number(event.target.value) })}
      />
      <SelectField
        label={words.cabin}
        name="cabin"
        value={draft.cabin}
        options={cabins.map((value) => ({ value, text: cabinNames[value] }))}
        onChange={(event) => onChange({ cabin: cabins.find((cabin) => cabin === event.target.value) ?? 'economy' })}
      />
    </>
  );
}

function DateField(props: { label: string; name: string; date: string; min: string; max: string; onDate: (date: string) => void }) {
  const id = useId();
  return (
    <p className="form-field">
      <label htmlFor={id}>{props.label}</label>
      <input
        id={id}
        name={props.name}
        className="field"
        type="date"
        required
        min={props.min}
        max={props.max}
        value={props.date}
        // An emptied date is no date: the field keeps the one before.
        onChange={({ target: { value } }) => value !== '' && props.onDate(value)}
      />
    </p>
  );
}

/** The form's values: the address's, until one is changed; another address brings its own. */
function useDraft(asked: Journey) {
  const address = searchAddress(asked);
  const [seen, setSeen] = useState(address);
  const [draft, setDraft] = useState(asked);
  const newest = useRef(draft);
  if (seen !== address) {
    setSeen(address);
    setDraft(asked);
    newest.current = asked;
  }
  const change = (changes: Partial<Journey>) => {
    newest.current = Object.assign({}, newest.current, changes);
    setDraft(newest.current);
  };
  return { draft, change, newest: () => newest.current };
}

/** Asks for the results as soon as the form is complete: when its button is pressed, they are there. */
function usePrefetch(draft: Journey): void {
  const question = questionIn(new URLSearchParams(searchAddress(draft).split('?')[1] ?? ''));
  const text = question && searchQuestion(question);
  useEffect(() => {
    // The results tell of a failure.
    if (text !== undefined) searches.load(text).catch(() => {});
  }, [text]);
}
