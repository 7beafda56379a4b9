/** The search, and what it finds; all of it is in the address. */
import { type ReactNode, useCallback, useState } from 'react';
import { useResource } from '#web/api/use-resource.ts';
import { Waiting } from '#web/design/loaded.tsx';
import { Icon } from '#web/design/marks.tsx';
import { Link, navigate, useQuery } from '#web/routing/navigation.tsx';
import { usePageTitle } from '#web/routing/page-title.ts';
import { useAnswer } from '../answers.ts';
import { FlightsHead } from '../flights-head.tsx';
import { loadFlight, searches, searchQuestion } from '../sources.ts';
import { useCity } from '../use-airports.ts';
import { useFlightsWords } from '../words.ts';
import { LegLine } from './itinerary.tsx';
import { PopularRoutes } from './popular-routes.tsx';
import { PriceCalendar } from './price-calendar.tsx';
import { Results } from './results.tsx';
import { SearchForm } from './search-form.tsx';
import { directionIn, journeyIn, outIn, type Question, questionIn, searchAddress } from './search-query.ts';

export function SearchPage() {
  const { search: words, results } = useFlightsWords();
  const question = questionIn(useQuery());
  const [from, to] = [useCity(question?.from ?? ''), useCity(question?.to ?? '')];
  usePageTitle(question === undefined ? words.title : results.title(from, to));
  return (
    <div className="page">
      <FlightsHead title={words.title} />
      <SearchForm />
      {question === undefined ? <PopularRoutes /> : <Searched key={`${question.from} ${question.to}`} question={question} />}
    </div>
  );
}

function Searched({ question }: { question: Question }) {
  const query = useQuery();
  const answer = useAnswer(searches, searchQuestion(question));
  const journey = journeyIn(query);
  const out = outIn(query);
  const { from, to, date } = directionIn(query);
  const wayBack = journey.back !== '' && out.length > 0;
  const chooseDate = (day: string) => {
    if (wayBack) navigate(searchAddress({ ...journey, back: day }, { out: out.join('+') }));
    else navigate(searchAddress({ ...journey, date: day, back: journey.back !== '' && journey.back < day ? day : journey.back }));
  };
  return (
    <>
      {journey.back !== '' && <Steps out={out} address={searchAddress(journey)} />}
      <div className="searched">
        <Calendar>
          <PriceCalendar from={from} to={to} cabin={journey.cabin} passengers={journey.passengers} date={date} onChoose={chooseDate} />
        </Calendar>
        <Results answer={answer} onDate={chooseDate} />
      </div>
    </>
  );
}

/** On a phone it folds away, so that the flights come first. */
function Calendar({ children }: { children: ReactNode }) {
  const { calendar: words } = useFlightsWords();
  const [open, setOpen] = useState(false);
  return (
    <div>
      <button type="button" className="button calendar-opener" aria-expanded={open} aria-controls="calendar" onClick={() => setOpen(!open)}>
        <Icon name="calendar" />
        {words.open}
      </button>
      <div id="calendar" className={open ? 'calendar-place calendar-open' : 'calendar-place'}>
        {children}
      </div>
    </div>
  );
}

/** Of a return trip: the way out, which can be chosen again, and the way back. */
function Steps({ out, address }: { out: readonly string[]; address: string }) {
  const { steps: words } = useFlightsWords();
  const chosen = out.length > 0;
  return (
    <ol className="sheet steps" aria-label={words.title}>
      <li className={chosen ? 'steps-done' : 'steps-now'} aria-current={chosen ? undefined : 'step'}>
        <h2>
          {chosen && <Icon name="check" />}
          {words.out}
        </h2>
        {chosen ? <ChosenFlights key={out.join()} ids={out} /> : <p className="soft">{words.outHint}</p>}
        {chosen && <Link href={address}>{words.changeOut}</Link>}
      </li>
      <li className={chosen ? 'steps-now' : ''} aria-current={chosen ? 'step' : undefined}>
        <h2>{words.back}</h2>
        <p className="soft">{chosen ? words.backNow : words.backHint}</p>
      </li>
    </ol>
  );
}

function ChosenFlights({ ids }: { ids: readonly string[] }) {
  const { steps: words } = useFlightsWords();
  const text = ids.join();
  const flights = useResource(
    useCallback((signal: AbortSignal) => Promise.all(text.split(',').map((id) => loadFlight(id, signal))), [text]),
  );
  if (flights.state === 'loading') return <Waiting height="2rem" />;
  if (flights.state === 'failed') return <p className="note note-look">{words.outGone}</p>;
  return flights.value.map(({ leg }) => <LegLine key={leg.flightId} leg={leg} />);
}
