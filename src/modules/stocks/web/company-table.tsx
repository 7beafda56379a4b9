/** Every company as a row that listens for its own price, so that one trade never draws the whole table. */
import { memo, useRef } from 'react';
import type { Spark } from '#modules/stocks/api/schemas.ts';
import { Icon } from '#web/design/marks.tsx';
import { SpanMeter } from '#web/design/meters.tsx';
import { Empty } from '#web/design/states.tsx';
import { useFormats, useLanguage } from '#web/language/language.ts';
import { Link, navigate, replaceQuery } from '#web/routing/navigation.tsx';
import { companyPath } from './addresses.ts';
import { ChangeText, companyName, PriceText, sectorText } from './figures.tsx';
import { daySpread, orderedCompanies, type Sorting, type SortKey } from './order.ts';
import { currentSummaries, useQuote } from './sources.ts';
import { Sparkline } from './sparkline.tsx';
import { useNowAndThen } from './use-now-and-then.ts';
import { WatchButton } from './watch-button.tsx';
import { useWatchList } from './watch-list.ts';
import { useStocksWords } from './words.ts';

/** How often rows may change places; while the pointer or the focus is in the table, they do not. */
const reorderEveryMs = 3_000;

export function CompanyTable(props: {
  codes: readonly string[];
  sorting: Sorting;
  filter: string;
  /** Whether only companies on the watch list are shown. */
  watchedOnly: boolean;
  sparks: ReadonlyMap<string, Spark> | undefined;
  onSort: (key: SortKey) => void;
}) {
  const { market } = useStocksWords();
  const body = useRef<HTMLTableSectionElement>(null);
  const { codes, sorting, filter, watchedOnly } = props;
  const list = useWatchList();
  const only = watchedOnly ? list?.codes : undefined;
  const ordered = useNowAndThen(
    reorderEveryMs,
    `${codes.join()} ${sorting.key} ${sorting.descending} ${filter} ${only === undefined ? '' : [...only].join()}`,
    () => orderedCompanies(currentSummaries(), sorting, filter, only),
    () => body.current?.matches(':hover, :focus-within') ?? false,
  );
  if (ordered.length === 0) {
    return (
      <Empty
        title={filter === '' ? market.noneWatched : market.noMatch(filter)}
        hint={filter === '' ? market.noneWatchedHint : market.noMatchHint}
      >
        <button type="button" className="button" onClick={() => replaceQuery({ find: '', watched: '' })}>
          {market.clear}
        </button>
      </Empty>
    );
  }
  return (
    <table className="company-table">
      <thead>
        <tr>
          <Head sortKey="company" {...props} />
          <th scope="col" className="cell-spark">
            {market.hour}
          </th>
          <Head sortKey="price" {...props} />
          <Head sortKey="change" {...props} />
          <Head sortKey="spread" {...props} />
          <Head sortKey="volume" {...props} />
          <th scope="col" className="cell-watch">
            <span className="out-of-sight">{market.watchList}</span>
          </th>
        </tr>
      </thead>
      <tbody ref={body}>
        {ordered.map((code) => (
          <Row key={code} code={code} spark={props.sparks?.get(code)} />
        ))}
      </tbody>
    </table>
  );
}

function Head({ sortKey, sorting, onSort }: { sortKey: SortKey; sorting: Sorting; onSort: (key: SortKey) => void }) {
  const { market } = useStocksWords();
  const sorted = sorting.key === sortKey;
  return (
    <th scope="col" className={`cell-${sortKey}`} aria-sort={sorted ? (sorting.descending ? 'descending' : 'ascending') : undefined}>
      <button type="button" className="head-button" onClick={() => onSort(sortKey)}>
        <span>{market[sortKey]}</span>
        <span className="head-arrow">{sorted && <Icon name={sorting.descending ? 'down' : 'up'} />}</span>
      </button>
    </th>
  );
}

const Row = memo(function Row({ code, spark }: { code: string; spark: Spark | undefined }) {
  const { market } = useStocksWords();
  const language = useLanguage();
  const formats = useFormats();
  const quote = useQuote(code);
  const list = useWatchList();
  if (quote === undefined) return null;
  const { summary, tick } = quote;
  const spread = daySpread(summary);
  return (
    // The link in the row is what keyboards and screen readers use; a press anywhere in the row is a convenience.
    <tr
      onClick={(event) => {
        if (!(event.target instanceof Element) || event.target.closest('a, button') === null) navigate(companyPath(code));
      }}
    >
      <th scope="row" className="cell-company">
        <Link href={companyPath(code)}>
          <span className="company-name">{companyName(summary, language)}</span>
        </Link>
        <span className="company-code label">
          {code} · {sectorText(summary, market)}
        </span>
      </th>
      <td className="cell-spark">
        <Sparkline spark={spark} lastPriceCents={summary.lastPriceCents} lastAt={summary.lastAt} />
      </td>
      <td className="cell-price">
        <PriceText cents={summary.lastPriceCents} tick={tick} />
      </td>
      <td className="cell-change">
        <ChangeText basisPoints={summary.changeBasisPoints} />
      </td>
      <td className="cell-spread">
        {summary.dayLowCents === null || summary.dayHighCents === null ? (
          <span className="label">{market.noTrades}</span>
        ) : (
          <>
            <SpanMeter low={summary.dayLowCents} high={summary.dayHighCents} value={summary.lastPriceCents} />
            <span className="range-ends label">
              <span>{formats.price(summary.dayLowCents)}</span>
              <b>{formats.share(spread, 1)}</b>
              <span>{formats.price(summary.dayHighCents)}</span>
            </span>
          </>
        )}
      </td>
      <td className="cell-volume">{formats.compact(summary.dayVolume)}</td>
      <td className="cell-watch">
        <WatchButton list={list} code={code} />
      </td>
    </tr>
  );
});
