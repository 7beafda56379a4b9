/** What narrows the flights of a day down: stops, time of day, price. */
import { type FormEvent, useState } from 'react';
import type { SearchResult } from '#modules/flights/api/search/contracts.ts';
import { CheckField, SelectField, TextField } from '#web/design/form.tsx';
import { useFormats } from '#web/language/language.ts';
import { replaceQuery, useQuery } from '#web/routing/navigation.tsx';
import { useFlightsWords } from '../words.ts';
import { type DayTime, dayTimes, firstPage, isNarrowed } from './search-query.ts';

const noFilters = { nonstop: '', time: '', maxPrice: '' } as const;

function narrow(changes: Readonly<Record<string, string>>): void {
  replaceQuery({ ...firstPage, ...changes });
}

export function clearFilters(): void {
  narrow(noFilters);
}

/** On a phone it folds away. */
export function SearchFilters({ result }: { result: SearchResult | undefined }) {
  const { filters: words } = useFlightsWords();
  const formats = useFormats();
  const query = useQuery();
  const [open, setOpen] = useState(false);
  const narrowed = isNarrowed(query);
  return (
    <section className="sheet filters" aria-label={words.title}>
      <button type="button" className="button filters-opener" aria-expanded={open} aria-controls="filters" onClick={() => setOpen(!open)}>
        {words.title}
        {narrowed && <span className="badge badge-warning">{words.on}</span>}
      </button>
      <div id="filters" className={open ? 'filters-all filters-open' : 'filters-all'}>
        <CheckField
          name="nonstop"
          label={result === undefined ? words.nonstopOnly : words.nonstopCount(formats.whole(result.nonstop))}
          checked={query.get('nonstop') === 'true'}
          onChange={(event) => narrow({ nonstop: event.target.checked ? 'true' : '' })}
        />
        <SelectField
          label={words.time}
          name="time"
          value={query.get('time') ?? ''}
          options={[
            { value: '', text: words.anyTime },
            ...(Object.keys(dayTimes) as DayTime[]).map((time) => ({ value: time, text: words.times[time] })),
          ]}
          onChange={(event) => narrow({ time: event.target.value })}
        />
        <HighestPrice key={query.get('maxPrice')} result={result} price={query.get('maxPrice') ?? ''} />
        {narrowed && (
          <button type="button" className="button" onClick={clearFilters}>
            {words.clear}
          </button>
        )}
      </div>
    </section>
  );
}

function HighestPrice({ result, price }: { result: SearchResult | undefined; price: string }) {
  const { filters: words } = useFlightsWords();
  const formats = useFormats();
  const apply = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    narrow({ maxPrice: String(new FormData(event.currentTarget).get('maxPrice') ?? '') });
  };
  return (
    <form className="filters-price" onSubmit={apply} noValidate>
      <TextField
        label={words.maxPrice}
        name="maxPrice"
        type="number"
        inputMode="numeric"
        min={1}
        max={100_000}
        step={1}
        required={false}
        defaultValue={price}
        placeholder={formats.whole(result?.highestPrice ?? null)}
      />
      <button type="submit" className="button">
        {words.apply}
      </button>
    </form>
  );
}
