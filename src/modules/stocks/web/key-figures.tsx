/** A company's key figures of the last 24 hours, and how far its open batch has filled. */
import type { CompanySummary } from '#modules/stocks/api/schemas.ts';
import { instrumentOf } from '#web/book-names.ts';
import { Balance, FillMeter, SpanMeter } from '#web/design/meters.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { useFormats, useLanguage } from '#web/language/language.ts';
import { batchSizeOf } from './batch-size.ts';
import { buyShare } from './order.ts';
import { useStocksWords } from './words.ts';

export function KeyFigures({ summary }: { summary: CompanySummary }) {
  const { company: words, market } = useStocksWords();
  const language = useLanguage();
  const formats = useFormats();
  const share = buyShare(summary);
  const batchSize = batchSizeOf(summary);
  const figures: readonly (readonly [string, string])[] = [
    [words.trades, formats.whole(summary.dayTrades)],
    [instrumentOf(summary.company, language) === undefined ? words.sharesTraded : words.piecesSold, formats.compact(summary.dayVolume)],
    [words.counted, formats.whole(summary.position)],
    [words.batches, formats.whole(summary.batches)],
    [words.batchAverage, formats.price(summary.batchAverageCents)],
  ];
  return (
    <Sheet className="figures" title={words.figures}>
      <div className="figures-body">
        {summary.dayLowCents !== null && summary.dayHighCents !== null && (
          <div className="figure-meter">
            <p className="label">{words.range}</p>
            <SpanMeter low={summary.dayLowCents} high={summary.dayHighCents} value={summary.lastPriceCents} />
            <p className="range-ends">
              <span>{formats.price(summary.dayLowCents)}</span>
              <span>{formats.price(summary.dayHighCents)}</span>
            </p>
          </div>
        )}
        <div className="figure-meter">
          <p className="label">{market.balance}</p>
          <Balance share={share} />
          <p className="range-ends">
            {share === null ? (
              market.noTrades
            ) : (
              <>
                <span className="up">{market.buys(formats.share(share))}</span>
                <span className="down">{market.sells(formats.share(1 - share))}</span>
              </>
            )}
          </p>
        </div>
        <div className="figure-meter">
          <p className="label">{words.openBatch}</p>
          <FillMeter part={summary.openTrades} whole={batchSize} />
          <p className="range-ends">
            <span>{words.openOf(formats.whole(summary.openTrades), formats.whole(batchSize))}</span>
          </p>
        </div>
        <dl className="account">
          {figures.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </Sheet>
  );
}
