/** One company: its price, candles and volume, key figures, and its batches as they close. */
import { lazy } from 'react';
import { instrumentOf } from '#web/book-names.ts';
import { BackLink } from '#web/design/market-head.tsx';
import { Part } from '#web/design/part.tsx';
import { Empty, Failed, Placeholder } from '#web/design/states.tsx';
import { useFormats, useLanguage, useWords } from '#web/language/language.ts';
import { Link } from '#web/routing/navigation.tsx';
import { usePageTitle } from '#web/routing/page-title.ts';
import { BatchTable } from './batch-table.tsx';
import { ChangeText, companyName, PriceText, sectorText } from './figures.tsx';
import { KeyFigures } from './key-figures.tsx';
import type { Quote } from './market-store.ts';
import { useMarketNews, useQuote } from './sources.ts';
import { WatchButton } from './watch-button.tsx';
import { useWatchList } from './watch-list.ts';
import { useStocksWords } from './words.ts';

/** Its own file for the browser: the market page does not need the chart library. */
const ChartSheet = lazy(() => import('./chart-sheet.tsx').then((module) => ({ default: module.ChartSheet })));

export function CompanyPage({ code }: { code: string }) {
  const { company: words, market } = useStocksWords();
  const quote = useQuote(code);
  const news = useMarketNews();
  const sold = instrumentOf(code, useLanguage());
  usePageTitle(sold?.name ?? code);

  if (quote !== undefined) return <KnownCompany quote={quote} />;
  if (news.state === 'loading') return <CompanyPlaceholder />;
  if (news.state === 'failed') return <Failed failure={news.failure} retry={news.retry} level={1} />;
  // Should its first trade come, the page appears by itself.
  return (
    <Empty
      title={sold === undefined ? words.unknown(code) : words.unsold(sold.name)}
      hint={sold === undefined ? words.unknownHint : words.unsoldHint}
      level={1}
    >
      <Link className="button button-strong" href={sold?.path ?? '/stocks'}>
        {sold === undefined ? market.list : words.toMarket(sold.market)}
      </Link>
    </Empty>
  );
}

function KnownCompany({ quote: { summary, tick } }: { quote: Quote }) {
  const { company: words, market } = useStocksWords();
  const { house } = useWords();
  const language = useLanguage();
  const formats = useFormats();
  const sold = instrumentOf(summary.company, language);
  const list = useWatchList();
  return (
    <div className="page">
      <BackLink to={{ href: '/stocks', text: words.back }} />
      <div className="page-head company-head">
        <div>
          <div className="company-title">
            <h1>{companyName(summary, language)}</h1>
            <WatchButton list={list} code={summary.company} />
          </div>
          <p className="soft">
            <b>{summary.company}</b> · {sectorText(summary, market)}
          </p>
          {sold !== undefined && (
            <p>
              <Link href={sold.path}>{words.toMarket(sold.market)}</Link>
            </p>
          )}
        </div>
        <div className="company-price">
          <p className="big-price">
            <PriceText cents={summary.lastPriceCents} tick={tick} /> <span className="price-unit">{house.coins}</span>
          </p>
          <p>
            <ChangeText basisPoints={summary.changeBasisPoints} />{' '}
            <span className="label">{words.lastTrade(formats.time(summary.lastAt))}</span>
          </p>
        </div>
      </div>
      <div className="company-sheets">
        <Part placeholder={<ChartPlaceholder />}>
          <ChartSheet company={summary.company} />
        </Part>
        <KeyFigures summary={summary} />
        <BatchTable company={summary.company} />
      </div>
    </div>
  );
}

function ChartPlaceholder() {
  const { house } = useWords();
  return (
    <section className="sheet chart-sheet placeholder-sheet" aria-busy="true" aria-label={house.loading}>
      <Placeholder width="30%" height="1.5rem" />
      <Placeholder width="100%" height="24rem" />
    </section>
  );
}

function CompanyPlaceholder() {
  return (
    <div className="page">
      <Placeholder width="16rem" height="3rem" />
      <div className="company-sheets">
        <ChartPlaceholder />
      </div>
    </div>
  );
}
