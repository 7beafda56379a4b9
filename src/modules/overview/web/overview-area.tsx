/** The overview: what this is, what moves, what the house does now, its books, and the house itself. */
import './overview.css';
import './proof-line.css';
import { lazy } from 'react';
import type { AreaProps } from '#web/area.ts';
import { Part } from '#web/design/part.tsx';
import { Placeholder } from '#web/design/states.tsx';
import { useFormats } from '#web/language/language.ts';
import { usePageTitle } from '#web/routing/page-title.ts';
import { NotFound } from '#web/shell/not-found.tsx';
import { BooksSheet } from './books/books-sheet.tsx';
import { Seal } from './books/seal.tsx';
import { Loop } from './loop/loop.tsx';
import { type News, useWatchedHouse } from './news.ts';
import { useChoices } from './pull/use-choices.ts';
import { useOverviewWords } from './words.ts';

const WalletCard = lazy(() => import('#modules/coins/web/face.tsx').then((module) => ({ default: module.WalletCard })));
/** Below the first screen, so that it does not delay it. */
const HouseSection = lazy(() => import('./house/house-section.tsx').then((module) => ({ default: module.HouseSection })));

export function OverviewArea({ parts, areas }: AreaProps) {
  return parts.length > 1 ? <NotFound path={`/${parts.join('/')}`} /> : <OverviewPage areas={areas} />;
}

function OverviewPage({ areas }: Pick<AreaProps, 'areas'>) {
  const words = useOverviewWords();
  const news = useWatchedHouse();
  const choices = useChoices(news);
  usePageTitle(words.title);
  return (
    <div className="page overview" data-lost={news.lost || undefined}>
      <Head news={news} mayPull={choices?.mayPull ?? false} />
      <Loop news={news} />
      <section className="overview-tiles" aria-labelledby="markets">
        <h2 id="markets" className="out-of-sight">
          {words.markets}
        </h2>
        {areas.map(
          ({ owns, Tile }) =>
            Tile && (
              <Part key={owns.join()} placeholder={<Placeholder width="100%" height="17rem" />}>
                <Tile />
              </Part>
            ),
        )}
      </section>
      <BooksSheet news={news} />
      <Part placeholder={<Placeholder width="100%" height="40rem" />}>
        <HouseSection news={news} choices={choices} />
      </Part>
    </div>
  );
}

function Head({ news, mayPull }: { news: News; mayPull: boolean }) {
  const words = useOverviewWords();
  return (
    <div className="overview-head">
      <div className="overview-promise">
        <h1>{words.sentence}</h1>
        <p className="overview-lead">
          {words.lead} {words.simulated}
        </p>
        <p className="overview-ways">
          <a className="button" href="#books">
            {words.toBooks}
          </a>
          {mayPull && (
            <a className="button button-strong" href="#pull">
              {words.toPull}
            </a>
          )}
        </p>
      </div>
      <div className="overview-side">
        <Seal news={news} />
        <div className="overview-wallet">
          <Part>
            <WalletCard />
          </Part>
        </div>
      </div>
      <LostNote news={news} />
    </div>
  );
}

/** Announced to screen readers when the house is lost. */
function LostNote({ news: { lost, overview, knownAt } }: { news: News }) {
  const words = useOverviewWords();
  const formats = useFormats();
  return (
    <p className="overview-lost" role="status">
      {lost && (overview === undefined ? words.lostAtOnce : words.lost(formats.time(knownAt)))}
    </p>
  );
}
