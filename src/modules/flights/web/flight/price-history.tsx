/** The prices of a flight over time, as a chart, and as a table for everybody who cannot see it. */
import type { PriceHistory } from '#modules/flights/api/prices/contracts.ts';
import { browser } from '#web/browser.ts';
import { Coins } from '#web/design/coins.tsx';
import { Ledger } from '#web/design/ledger.tsx';
import { Sheet } from '#web/design/sheet.tsx';
import { StepChart } from '#web/design/step-chart.tsx';
import type { TimedValue } from '#web/design/step-path.ts';
import { useFormats } from '#web/language/language.ts';
import { useFlightsWords } from '../words.ts';

export function PriceHistorySheet({ history }: { history: PriceHistory }) {
  const { history: words } = useFlightsWords();
  const formats = useFormats();
  const { prices, firstPrice } = history;
  const [first] = prices;
  const last = prices.at(-1);
  // Without a change there is nothing to draw.
  if (history.why === null || first === undefined || last === undefined)
    return (
      <Sheet title={words.title} padded>
        <p className="soft">{words.none(formats.whole(firstPrice))}</p>
      </Sheet>
    );
  const all = [firstPrice, ...prices.map(({ price }) => price)];
  return (
    <Sheet title={words.title} tools={<span className="label">{words.since(formats.date(first.at))}</span>}>
      <StepChart
        values={withFirst(history, browser.now())}
        endAt={browser.now()}
        label={words.chart(formats.whole(Math.min(...all)), formats.whole(Math.max(...all)), formats.whole(last.price))}
        format={formats.whole}
        ends={[words.first, words.now]}
      />
      <details className="history-table">
        <summary>{words.table(prices.length)}</summary>
        <Ledger
          rows={prices.toReversed()}
          keyOf={({ at }) => at}
          columns={[
            { head: words.when, kind: 'name', cell: ({ at }) => formats.date(at) },
            { head: words.price, kind: 'figure', cell: ({ price }) => <Coins amount={price} /> },
          ]}
        />
        <p className="history-base label">{words.before(formats.whole(firstPrice))}</p>
      </details>
    </Sheet>
  );
}

/** Part of the chart's width for the time before the first change, whose beginning is not known. */
const leadIn = 0.08;
const leastLeadInMs = 60_000;

function withFirst({ prices, firstPrice }: PriceHistory, now: number): readonly TimedValue[] {
  const [first] = prices;
  if (first === undefined) return [];
  const start = { at: first.at - Math.max(leastLeadInMs, (now - first.at) * leadIn), value: firstPrice };
  return [start, ...prices.map(({ at, price }) => ({ at, value: price }))];
}
