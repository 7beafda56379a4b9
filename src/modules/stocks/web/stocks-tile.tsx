/** The stocks on the overview: how fast the tape runs, and the companies that moved most. */
import { MarketTile } from '#web/design/market-tile.tsx';
import { useFormats } from '#web/language/language.ts';
import { useConnection } from '#web/live/live.ts';
import { companyPath } from './addresses.ts';
import { ChangeText, PriceText } from './figures.tsx';
import { names } from './names.ts';
import { currentSummaries, useCompanyCodes, useMarketNews, useProof, useQuote } from './sources.ts';
import { useTileWords } from './tile-words.ts';
import { useNowAndThen } from './use-now-and-then.ts';

const chosenEveryMs = 5_000;
const shown = 3;

export function StocksTile() {
  const words = useTileWords();
  const formats = useFormats();
  const codes = useCompanyCodes();
  const news = useMarketNews();
  const proof = useProof();
  const lost = useConnection().state === 'reconnecting';
  const moved = useNowAndThen(chosenEveryMs, codes, mostMoved);
  return (
    <MarketTile
      name={names.market}
      path="/stocks"
      figure={formats.whole(lost ? null : (proof?.tradesPerSecond ?? null))}
      unit={words.rate}
      rows={
        news.state === 'loading'
          ? undefined
          : moved.map((company) => ({ key: company, name: company, value: <Move company={company} />, href: companyPath(company) }))
      }
      empty={words.none}
      action={{ href: '/stocks', text: words.watch }}
    />
  );
}

function Move({ company }: { company: string }) {
  const quote = useQuote(company);
  if (quote === undefined) return null;
  return (
    <>
      <PriceText cents={quote.summary.lastPriceCents} tick={quote.tick} /> <ChangeText basisPoints={quote.summary.changeBasisPoints} />
    </>
  );
}

/** Simulated companies, which trade all the time; those that moved most first. */
function mostMoved(): readonly string[] {
  return currentSummaries()
    .filter(({ simulated }) => simulated)
    .toSorted((left, right) => Math.abs(right.changeBasisPoints ?? 0) - Math.abs(left.changeBasisPoints ?? 0))
    .slice(0, shown)
    .map(({ company }) => company);
}
