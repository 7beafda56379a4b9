/** The market at a glance: the movers on the quay, and every company in a table that can be sorted and searched. */
import { useCallback, useEffect, useState } from 'react';
import { useResource } from '#web/api/use-resource.ts';
import { browser } from '#web/browser.ts';
import { FindFilter } from '#web/design/filters.tsx';
import { Icon } from '#web/design/marks.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { Empty, Failed, Placeholder } from '#web/design/states.tsx';
import { useFormats, useWords } from '#web/language/language.ts';
import { replaceQuery, useQuery } from '#web/routing/navigation.tsx';
import { usePageTitle } from '#web/routing/page-title.ts';
import { CompanyTable } from './company-table.tsx';
import { firstSorting, pressed, type Sorting, sortingFrom, sortingText, sortKeys } from './order.ts';
import { Quay } from './quay.tsx';
import { currentSummaries, loadSparks, useCompanyCodes, useMarketNews } from './sources.ts';
import { useNowAndThen } from './use-now-and-then.ts';
import { useWatchList } from './watch-list.ts';
import { useStocksWords } from './words.ts';

const sparkMinutes = 60;
const sparksEveryMs = 60_000;

export function MarketPage() {
  const { market } = useStocksWords();
  usePageTitle(market.title);
  const codes = useCompanyCodes();
  const query = useQuery();
  const sorting = sortingFrom(query.get('sort'));
  const filter = query.get('find') ?? '';
  const watchedOnly = query.get('watched') === 'yes';
  const sparks = useSparks(codes);

  const sort = (next: Sorting) => replaceQuery({ sort: sortingText(next) });
  return (
    <div className="page">
      <div className="page-head">
        <h1>{market.title}</h1>
        <MarketTotals codes={codes} />
      </div>
      {codes.length > 0 ? (
        <>
          <Quay codes={codes} />
          <Sheet
            className="companies"
            title={market.list}
            tools={
              <div className="companies-tools">
                <FindFilter name="find" label={market.filter} hint={market.filterHint} />
                <WatchedFilter on={watchedOnly} />
                <SortMenu sorting={sorting} onSort={sort} />
              </div>
            }
          >
            <CompanyTable
              codes={codes}
              sorting={sorting}
              filter={filter}
              watchedOnly={watchedOnly}
              sparks={sparks}
              onSort={(key) => sort(pressed(sorting, key))}
            />
          </Sheet>
        </>
      ) : (
        <NoCompanies />
      )}
    </div>
  );
}

function NoCompanies() {
  const { market } = useStocksWords();
  const news = useMarketNews();
  if (news.state === 'loading') return <MarketPlaceholder />;
  return (
    <section className="sheet">
      {news.state === 'failed' ? (
        <Failed failure={news.failure} retry={news.retry} />
      ) : (
        <Empty title={market.empty} hint={market.emptyHint} />
      )}
    </section>
  );
}

function WatchedFilter({ on }: { on: boolean }) {
  const { market } = useStocksWords();
  if (useWatchList() === undefined) return null;
  return (
    <button type="button" className="button" aria-pressed={on} onClick={() => replaceQuery({ watched: on ? '' : 'yes' })}>
      <Icon name="star" />
      {market.watchList}
    </button>
  );
}

/** On narrow screens the table has no head to press. */
function SortMenu({ sorting, onSort }: { sorting: Sorting; onSort: (sorting: Sorting) => void }) {
  const { market } = useStocksWords();
  return (
    <div className="sort-menu">
      <select
        className="field"
        aria-label={market.sort}
        value={sorting.key}
        onChange={(event) => {
          const key = sortKeys.find((known) => known === event.target.value);
          if (key !== undefined) onSort(pressed(firstSorting, key).key === firstSorting.key ? firstSorting : pressed(firstSorting, key));
        }}
      >
        {sortKeys.map((key) => (
          <option key={key} value={key}>
            {market[key]}
          </option>
        ))}
      </select>
      <button
        type="button"
        className="button"
        aria-label={sorting.descending ? market.descending : market.ascending}
        onClick={() => onSort({ ...sorting, descending: !sorting.descending })}
      >
        <Icon name={sorting.descending ? 'down' : 'up'} />
      </button>
    </div>
  );
}

function MarketTotals({ codes }: { codes: readonly string[] }) {
  const { market } = useStocksWords();
  const formats = useFormats();
  const trades = useNowAndThen(1_000, codes, () => currentSummaries().reduce((sum, { dayTrades }) => sum + dayTrades, 0));
  if (codes.length === 0) return <p className="soft">&nbsp;</p>;
  return (
    <p className="soft">
      {market.companies(formats.whole(codes.length))} · {market.tradesToday(formats.compact(trades))}
    </p>
  );
}

function MarketPlaceholder() {
  const { house } = useWords();
  return (
    <section className="sheet placeholder-sheet" aria-busy="true" aria-label={house.loading}>
      <Placeholder width="40%" height="1.5rem" />
      <Placeholder width="100%" height="12rem" />
      <Placeholder width="100%" height="24rem" />
    </section>
  );
}

/** The sparklines, loaded again every minute; in between, each follows its live price. */
function useSparks(codes: readonly string[]) {
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round and new companies load again.
  const load = useCallback((signal: AbortSignal) => loadSparks(sparkMinutes, signal), [round, codes]);
  const resource = useResource(load);
  useEffect(() => browser.after(sparksEveryMs, () => setRound(round + 1)), [round]);
  return resource.state === 'ready' ? resource.value : undefined;
}
