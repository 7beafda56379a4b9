/** Candles and volume drawn by lightweight-charts, in the house's colours and the reader's language and time zone. */
import {
  type AutoscaleInfo,
  CandlestickSeries,
  ColorType,
  CrosshairMode,
  createChart,
  HistogramSeries,
  type IChartApi,
  type ISeriesApi,
  LineSeries,
  LineStyle,
  PriceScaleMode,
  TickMarkType,
  type UTCTimestamp,
} from 'lightweight-charts';
import { tokenColor } from '#web/design/theme.ts';
import type { Formats } from '#web/language/formats.ts';
import type { Candle } from './bars.ts';
import { type IndicatorName, indicatorCandles, indicators } from './indicators.ts';

/** Candles left of the view at which earlier ones are asked for. */
const earlierWithin = 20;
/** A candle narrower than this is a line. */
const leastCandlePixels = 5;
/** Room to the right of the newest candle, in candles. */
const roomRight = 3;

export interface ChartListener {
  /** The reader comes near the left end. */
  wantsEarlier(): void;
  /** Whether the newest candle is out of view. */
  looksBack(away: boolean): void;
  /** The candle under the pointer, or undefined when it has left. */
  pointsAt(candle: Candle | undefined): void;
}

export class CandleChart {
  readonly #chart: IChartApi;
  readonly #prices: ISeriesApi<'Candlestick'>;
  readonly #volumes: ISeriesApi<'Histogram'>;
  readonly #byTime = new Map<number, Candle>();
  readonly #lines = new Map<IndicatorName, ISeriesApi<'Line'>>();
  #other: ISeriesApi<'Line'> | undefined;
  #colors = chartColors();
  #candles: readonly Candle[] = [];

  constructor(place: HTMLElement, listener: ChartListener) {
    this.#chart = createChart(place, {
      autoSize: true,
      // Its own attribution logo brings an inline style that our content security policy refuses; the page names and links it instead.
      layout: { attributionLogo: false, fontSize: 12, fontFamily: getComputedStyle(place).fontFamily },
      crosshair: { mode: CrosshairMode.Normal },
      rightPriceScale: { borderVisible: false, scaleMargins: { top: 0.08, bottom: 0.26 } },
      timeScale: { borderVisible: false, rightOffset: roomRight, minBarSpacing: 1.5, secondsVisible: true, timeVisible: true },
      handleScroll: { vertTouchDrag: false, mouseWheel: false },
      handleScale: { mouseWheel: false },
    });
    this.#prices = this.#chart.addSeries(CandlestickSeries, {
      borderVisible: false,
      priceLineStyle: LineStyle.Dotted,
      autoscaleInfoProvider: withSomeHeight,
    });
    this.#volumes = this.#chart.addSeries(HistogramSeries, { priceScaleId: 'volume', lastValueVisible: false, priceLineVisible: false });
    this.#volumes.priceScale().applyOptions({ scaleMargins: { top: 0.82, bottom: 0 } });
    this.#chart.timeScale().subscribeVisibleLogicalRangeChange((range) => {
      if (range === null || this.#candles.length === 0) return;
      if (range.from < earlierWithin) listener.wantsEarlier();
      listener.looksBack(range.to < this.#candles.length - 1);
    });
    this.#chart.subscribeCrosshairMove(({ time }) => listener.pointsAt(typeof time === 'number' ? this.#byTime.get(time) : undefined));
  }

  /** Applies colours and words again, after the theme or the language changed. */
  dress(formats: Formats): void {
    this.#colors = chartColors();
    const { ink, line, lineStrong, up, down } = this.#colors;
    this.#chart.applyOptions({
      layout: { background: { type: ColorType.Solid, color: 'transparent' }, textColor: ink },
      grid: { vertLines: { visible: false }, horzLines: { color: line } },
      crosshair: { vertLine: { color: lineStrong, labelBackgroundColor: up }, horzLine: { color: lineStrong, labelBackgroundColor: up } },
      localization: {
        priceFormatter: (price: number) => formats.price(price * 100),
        timeFormatter: (time: number) => formats.moment(time * 1_000),
      },
      timeScale: { tickMarkFormatter: (time: unknown, kind: TickMarkType) => tickText(Number(time) * 1_000, kind, formats) },
    });
    this.#prices.applyOptions({ upColor: up, downColor: down, wickUpColor: up, wickDownColor: down });
    for (const [name, line] of this.#lines) line.applyOptions({ color: this.#colors[name] });
    this.#other?.applyOptions({ color: this.#colors.other });
    this.show(this.#candles);
  }

  /** Replaces all candles; the view keeps its place in time. */
  show(candles: readonly Candle[]): void {
    this.#candles = candles;
    this.#byTime.clear();
    for (const candle of candles) this.#byTime.set(seconds(candle), candle);
    this.#prices.setData(candles.map((candle) => this.#priceOf(candle)));
    this.#volumes.setData(candles.map((candle) => this.#volumeOf(candle)));
    for (const name of this.#lines.keys()) this.#drawLine(name);
  }

  /** Draws these indicators and no others. */
  indicate(names: readonly IndicatorName[]): void {
    for (const [name, line] of this.#lines) {
      if (names.includes(name)) continue;
      this.#chart.removeSeries(line);
      this.#lines.delete(name);
    }
    for (const name of names) {
      if (this.#lines.has(name)) continue;
      this.#lines.set(name, this.#addLine(this.#colors[name]));
      this.#drawLine(name);
    }
  }

  /** Beside another company both are drawn in percent of what they were at the left end of the view; undefined returns to prices. */
  compare(candles: readonly Candle[] | undefined): void {
    if (candles === undefined && this.#other !== undefined) {
      this.#chart.removeSeries(this.#other);
      this.#other = undefined;
    }
    if (candles !== undefined) {
      this.#other ??= this.#addLine(this.#colors.other);
      this.#other.setData(candles.map((candle) => ({ time: seconds(candle), value: candle.closeCents / 100 })));
    }
    const mode = candles === undefined ? PriceScaleMode.Normal : PriceScaleMode.Percentage;
    this.#chart.priceScale('right').applyOptions({ mode });
  }

  /** The newest candle moved, or a new one began. */
  move(candle: Candle): void {
    const last = this.#candles.at(-1);
    if (last !== undefined && candle.startAt < last.startAt) return;
    this.#candles = last?.startAt === candle.startAt ? [...this.#candles.slice(0, -1), candle] : [...this.#candles, candle];
    this.#byTime.set(seconds(candle), candle);
    this.#prices.update(this.#priceOf(candle));
    this.#volumes.update(this.#volumeOf(candle));
    const recent = this.#candles.slice(-indicatorCandles);
    for (const [name, line] of this.#lines) {
      const value = indicators[name](recent, indicatorCandles).at(-1);
      if (value !== undefined) line.update({ time: seconds(candle), value: value / 100 });
    }
  }

  /** The newest so many candles, or fewer where there is no room to tell them apart; they then follow the tape. */
  view(candles: number): void {
    const end = this.#candles.length;
    const shown = Math.min(candles, Math.floor(this.#chart.timeScale().width() / leastCandlePixels));
    this.#chart.timeScale().setVisibleLogicalRange({ from: end - shown, to: end - 1 + roomRight });
  }

  toNow(): void {
    this.#chart.timeScale().scrollToRealTime();
  }

  /** By a part of the view, to the left when negative. */
  scroll(part: number): void {
    this.#range((from, to) => [from + (to - from) * part, to + (to - from) * part]);
  }

  /** Under 1 shows fewer candles, over 1 more; the right end stays. */
  zoom(factor: number): void {
    this.#range((from, to) => [to - Math.max(10, (to - from) * factor), to]);
  }

  remove(): void {
    this.#chart.remove();
  }

  #addLine(color: string): ISeriesApi<'Line'> {
    return this.#chart.addSeries(LineSeries, {
      color,
      lineWidth: 2,
      priceLineVisible: false,
      lastValueVisible: false,
      crosshairMarkerVisible: false,
    });
  }

  #drawLine(name: IndicatorName): void {
    const values = indicators[name](this.#candles, indicatorCandles);
    const points = this.#candles.flatMap((candle, index) => {
      const value = values[index];
      return value === undefined ? [] : [{ time: seconds(candle), value: value / 100 }];
    });
    this.#lines.get(name)?.setData(points);
  }

  #range(change: (from: number, to: number) => readonly [number, number]): void {
    const range = this.#chart.timeScale().getVisibleLogicalRange();
    if (range === null) return;
    const [from, to] = change(range.from, range.to);
    this.#chart.timeScale().setVisibleLogicalRange({ from, to });
  }

  #priceOf(candle: Candle) {
    return {
      time: seconds(candle),
      open: candle.openCents / 100,
      high: candle.highCents / 100,
      low: candle.lowCents / 100,
      close: candle.closeCents / 100,
    };
  }

  #volumeOf(candle: Candle) {
    const color = candle.closeCents >= candle.openCents ? this.#colors.upWash : this.#colors.downWash;
    return { time: seconds(candle), value: candle.volume, color };
  }
}

function seconds({ startAt }: Candle): UTCTimestamp {
  return Math.floor(startAt / 1_000) as UTCTimestamp;
}

/** A price that does not move still gets a scale: the library would put one label on an empty one. */
function withSomeHeight(original: () => AutoscaleInfo | null): AutoscaleInfo | null {
  const info = original();
  const range = info?.priceRange;
  if (info === null || range === null || range === undefined || range.maxValue > range.minValue) return info;
  return { ...info, priceRange: { minValue: range.minValue * 0.999, maxValue: range.maxValue * 1.001 } };
}

function tickText(at: number, kind: TickMarkType, formats: Formats): string {
  switch (kind) {
    case TickMarkType.TimeWithSeconds:
      return formats.time(at);
    case TickMarkType.Time:
      return formats.minute(at);
    default:
      return formats.day(at);
  }
}

function chartColors() {
  return {
    ink: tokenColor('--ink-faint'),
    line: tokenColor('--line'),
    lineStrong: tokenColor('--line-strong'),
    up: tokenColor('--up-fill'),
    down: tokenColor('--down-fill'),
    upWash: tokenColor('--up-wash'),
    downWash: tokenColor('--down-wash'),
    average: tokenColor('--lantern'),
    vwap: tokenColor('--ink-soft'),
    other: tokenColor('--ink'),
  };
}
