/** The sheet with a company's chart: choosing the span, reading a candle, moving by keyboard, earlier bars on demand. */
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { RequestFailure } from '#web/api/api.ts';
import { withRetries } from '#web/api/retries.ts';
import { useRecovery } from '#web/api/use-recovery.ts';
import { browser } from '#web/browser.ts';
import { Sheet } from '#web/design/sheet.tsx';
import { Failed } from '#web/design/states.tsx';
import { useDark } from '#web/design/theme.ts';
import type { Formats } from '#web/language/formats.ts';
import { useFormats } from '#web/language/language.ts';
import { BarFeed } from './bar-feed.ts';
import { type Candle, spans } from './bars.ts';
import { CandleChart } from './candle-chart.ts';
import { type ChartChoices, ChartTools, useChartChoices } from './chart-tools.tsx';
import { indicatorAt } from './indicators.ts';
import { loadBars, useQuote } from './sources.ts';
import { useStocksWords } from './words.ts';

export function ChartSheet({ company }: { company: string }) {
  const { company: words } = useStocksWords();
  const choices = useChartChoices(company);
  return (
    <Sheet className="chart-sheet" title={words.chart} tools={<ChartTools company={company} choices={choices} />}>
      <Chart key={`${choices.span} ${choices.other}`} company={company} choices={choices} />
      <p className="attribution label">
        <span>{words.chartHint}</span>
        <span>
          {words.attribution}{' '}
          <a href="https://www.tradingview.com/" target="_blank" rel="noreferrer">
            TradingView Lightweight Charts™
          </a>{' '}
          © TradingView, Inc.
        </span>
      </p>
    </Sheet>
  );
}

type Loading = { readonly state: 'first' | 'earlier' | 'done' } | { readonly state: 'failed'; readonly failure: RequestFailure };

function Chart({ company, choices: { span, other, indicators } }: { company: string; choices: ChartChoices }) {
  const { company: words } = useStocksWords();
  const formats = useFormats();
  const dark = useDark();
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<CandleChart>(undefined);
  const feed = useRef<BarFeed>(undefined);
  const [loading, setLoading] = useState<Loading>({ state: 'first' });
  const [round, setRound] = useState(0);
  const [away, setAway] = useState(false);
  const [pointed, setPointed] = useState<Candle>();
  const [newest, setNewest] = useState<Candle>();
  const quote = useQuote(company);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` is what "try again" changes.
  useEffect(() => {
    if (place.current === null) return;
    const opened = openChart(place.current, { company, span, other, formats }, { setLoading, setNewest, setAway, setPointed });
    chart.current = opened.drawn;
    feed.current = opened.bars;
    return () => {
      opened.close();
      chart.current = undefined;
      feed.current = undefined;
    };
  }, [company, span, other, round]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new chart has no lines yet.
  useEffect(() => chart.current?.indicate(indicators), [indicators.join(), company, span, other, round]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: dark or light is read from the tokens.
  useEffect(() => chart.current?.dress(formats), [formats, dark]);

  useEffect(() => {
    if (quote === undefined || loading.state === 'first') return;
    if (!feed.current?.price(quote.summary.lastPriceCents, quote.summary.lastAt)) return;
    const candle = feed.current.candles().at(-1);
    if (candle === undefined) return;
    chart.current?.move(candle);
    setNewest(candle);
  }, [quote, loading]);

  const retry = () => {
    setLoading({ state: 'first' });
    setRound(round + 1);
  };
  useRecovery(loading.state === 'failed' ? loading.failure : undefined, retry);

  const onKeyDown = (event: KeyboardEvent) => {
    const work = keys[event.key];
    if (work === undefined || chart.current === undefined) return;
    event.preventDefault();
    work(chart.current);
  };

  if (loading.state === 'failed') return <Failed failure={loading.failure} retry={retry} />;
  const candle = pointed ?? newest;
  return (
    <div className="chart">
      <p className="chart-legend">
        <Reading name={words.open} value={formats.price(candle?.openCents ?? null)} />
        <Reading name={words.high} value={formats.price(candle?.highCents ?? null)} />
        <Reading name={words.low} value={formats.price(candle?.lowCents ?? null)} />
        <Reading name={words.close} value={formats.price(candle?.closeCents ?? null)} />
        <Reading name={words.volume} value={formats.compact(candle?.volume || null)} />
        {candle !== undefined &&
          indicators.map((name) => (
            <Reading
              key={name}
              name={words.lines[name]}
              value={formats.price(indicatorAt(name, feed.current?.candles() ?? [], candle.startAt))}
            />
          ))}
      </p>
      <div
        className="chart-place"
        ref={place}
        role="application"
        aria-label={`${words.chart}. ${words.chartHint}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the chart is moved with the arrow keys.
        tabIndex={0}
        onKeyDown={onKeyDown}
      />
      {away && (
        <button type="button" className="button chart-now" onClick={() => chart.current?.toNow()}>
          {words.toNow}
        </button>
      )}
      {loading.state === 'earlier' && <p className="chart-note badge">{words.earlier}</p>}
      {loading.state === 'done' && newest === undefined && <p className="chart-note badge">{words.noBars}</p>}
    </div>
  );
}

interface ChartListener {
  setLoading(loading: Loading): void;
  setNewest(candle: Candle | undefined): void;
  setAway(away: boolean): void;
  setPointed(candle: Candle | undefined): void;
}

/** Draws the newest candles into `place`, earlier ones when the reader moves there, and asks for new ones until it is closed. */
function openChart(
  place: HTMLElement,
  { company, span: spanName, other, formats }: { company: string; formats: Formats } & Pick<ChartChoices, 'span' | 'other'>,
  { setLoading, setNewest, setAway, setPointed }: ChartListener,
) {
  const span = spans[spanName];
  const leaving = new AbortController();
  const feedOf = (code: string) => new BarFeed(span, (question) => loadBars(code, span.interval, question, leaving.signal));
  const bars = feedOf(company);
  const others = other === undefined ? undefined : feedOf(other);
  let callOffRefresh = () => {};
  let shown = false;

  const show = () => {
    if (leaving.signal.aborted) return;
    const candles = bars.candles();
    drawn.show(candles);
    drawn.compare(others?.candles());
    setNewest(candles.at(-1));
    if (shown || candles.length === 0) return;
    drawn.view(span.candles);
    shown = true;
  };
  const wantsEarlier = async () => {
    if (!shown || !bars.hasEarlier()) return;
    setLoading({ state: 'earlier' });
    // What is missing on the left is asked for again when the reader moves there again.
    const [came] = await Promise.all([bars.loadEarlier(), others?.loadEarlier()]).catch(() => [false]);
    if (leaving.signal.aborted) return;
    setLoading({ state: 'done' });
    if (came) show();
  };
  const refreshLater = () => {
    callOffRefresh = browser.after(span.refreshMs, async () => {
      // A refresh that fails is made good by the next one: the connection sign tells the reader.
      if (document.visibilityState === 'visible') await Promise.all([bars.refresh(), others?.refresh()]).then(show, () => {});
      if (!leaving.signal.aborted) refreshLater();
    });
  };
  const drawn = new CandleChart(place, { wantsEarlier, looksBack: setAway, pointsAt: setPointed });
  drawn.dress(formats);
  withRetries(() => Promise.all([bars.loadNewest(), others?.loadNewest()]), leaving.signal, browser).then(
    () => {
      show();
      setLoading({ state: 'done' });
      refreshLater();
    },
    (failure: unknown) => {
      if (failure instanceof RequestFailure && !leaving.signal.aborted) setLoading({ state: 'failed', failure });
    },
  );
  return {
    drawn,
    bars,
    close() {
      leaving.abort();
      callOffRefresh();
      drawn.remove();
    },
  };
}

function Reading({ name, value }: { name: string; value: string }) {
  return (
    <span className="reading">
      <span className="label">{name}</span> {value}
    </span>
  );
}

const keys: Readonly<Record<string, (chart: CandleChart) => void>> = {
  ArrowLeft: (chart) => chart.scroll(-0.15),
  ArrowRight: (chart) => chart.scroll(0.15),
  '+': (chart) => chart.zoom(0.8),
  '-': (chart) => chart.zoom(1.25),
  End: (chart) => chart.toNow(),
};
