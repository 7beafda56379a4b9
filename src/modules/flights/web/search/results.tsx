/** The flights that were found, page by page; the old ones stay until the new ones are there. */
import type { SearchResult } from '#modules/flights/api/search/contracts.ts';
import { SelectFilter } from '#web/design/filters.tsx';
import { Pages } from '#web/design/pages.tsx';
import { Empty, Failed, Placeholder } from '#web/design/states.tsx';
import { useFormats, useWords } from '#web/language/language.ts';
import { replaceQuery, useQuery } from '#web/routing/navigation.tsx';
import type { useAnswer } from '../answers.ts';
import { addDays } from '../local-times.ts';
import { useCity, useDayTexts } from '../use-airports.ts';
import { useFlightsWords } from '../words.ts';
import { ItineraryCard } from './itinerary.tsx';
import { clearFilters, SearchFilters } from './search-filters.tsx';
import {
  bookingAddress,
  directionIn,
  firstPage,
  isNarrowed,
  itinerariesPerPage,
  journeyIn,
  outIn,
  pageIn,
  searchAddress,
  sorts,
} from './search-query.ts';

export function Results({
  answer: { resource, current },
  onDate,
}: {
  answer: ReturnType<typeof useAnswer<SearchResult>>;
  onDate: (date: string) => void;
}) {
  const { results: words } = useFlightsWords();
  const { house } = useWords();
  const formats = useFormats();
  const { from, to } = directionIn(useQuery());
  const title = words.title(useCity(from), useCity(to));
  return (
    <section className="results" aria-labelledby="results" aria-busy={!current || resource.state === 'loading'}>
      <div className="results-head">
        <div>
          <h2 id="results">{title}</h2>
          <p className="label" role="status">
            {resource.state === 'ready' && current
              ? words.found(resource.value.total, formats.time(resource.value.pricesAt))
              : resource.state === 'failed'
                ? ''
                : house.loading}
          </p>
        </div>
        <SelectFilter name="sort" label={words.sort} options={sorts.map((sort) => ({ value: sort, text: words.sorts[sort] }))} />
      </div>
      <SearchFilters result={resource.state === 'ready' ? resource.value : undefined} />
      {resource.state === 'loading' && <ResultsPlaceholder />}
      {resource.state === 'failed' && <Failed failure={resource.failure} retry={resource.retry} />}
      {resource.state === 'ready' && (
        <div className={current ? 'results-list' : 'results-list results-old'} inert={!current}>
          <Found result={resource.value} onDate={onDate} />
        </div>
      )}
    </section>
  );
}

/** Where the pages begin that were looked at, by their numbers, so that one can leaf back. */
const pageStarts = new Map<number, string>();

function Found({ result, onDate }: { result: SearchResult; onDate: (date: string) => void }) {
  const { results: words } = useFlightsWords();
  const query = useQuery();
  const { itineraries, total, next } = result;
  if (itineraries.length === 0) return <NothingFound onDate={onDate} />;

  const journey = journeyIn(query);
  const out = outIn(query);
  const address = (id: string) =>
    journey.back !== '' && out.length === 0
      ? searchAddress(journey, { out: id })
      : bookingAddress([...out, ...id.split('+')], journey.cabin, journey.passengers);
  const number = pageIn(query);
  const leaf = (page: number) => {
    pageStarts.set(number, query.get('after') ?? '');
    const after = (page > number ? next : pageStarts.get(page)) ?? '';
    // In a list that was narrowed down since, the first page is the one that is known.
    replaceQuery(page === 1 || after === '' ? firstPage : { page: String(page), after });
    window.scrollTo(0, 0);
  };
  return (
    <>
      <ul className="itineraries">
        {itineraries.map((itinerary) => (
          <li key={itinerary.id}>
            <ItineraryCard
              itinerary={itinerary}
              journey={journey}
              dated={journey.flexible}
              href={address(itinerary.id)}
              choose={journey.back !== '' && out.length === 0 ? words.chooseOut : words.choose}
            />
          </li>
        ))}
      </ul>
      <Pages page={number} of={Math.ceil(total / itinerariesPerPage)} onPage={leaf} />
    </>
  );
}

function NothingFound({ onDate }: { onDate: (date: string) => void }) {
  const { results: words, filters } = useFlightsWords();
  const days = useDayTexts();
  const query = useQuery();
  const { date } = directionIn(query);
  const narrowed = isNarrowed(query);
  const next = addDays(date, 1);
  return (
    <div className="sheet">
      <Empty title={words.none} hint={narrowed ? words.noneNarrowed : words.noneHint}>
        {narrowed && (
          <button type="button" className="button" onClick={clearFilters}>
            {filters.clear}
          </button>
        )}
        <button type="button" className="button" onClick={() => onDate(next)}>
          {days.short(next)}
        </button>
      </Empty>
    </div>
  );
}

function ResultsPlaceholder() {
  return (
    <div className="itineraries">
      {[1, 2, 3, 4, 5, 6].map((place) => (
        <Placeholder key={place} width="100%" height="7.5rem" />
      ))}
    </div>
  );
}
