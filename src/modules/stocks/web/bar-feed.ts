/** The bars of one company's chart: the newest first, earlier ones on demand, the tail kept fresh, memory bounded. */
import type { BarPage, BarView } from '#modules/stocks/api/schemas.ts';
import { type Candle, candlesFrom, type Span, withPrice } from './bars.ts';

export interface BarQuestion {
  readonly from?: number;
  readonly to?: number;
  readonly limit: number;
  readonly take: 'oldest' | 'newest';
}
export type AskForBars = (question: BarQuestion) => Promise<BarPage>;

export const barLimits = {
  /** Bars a request. */
  page: 500,
  /** Bars kept: more candles than a chart can show, and no more than a browser should hold. */
  kept: 20_000,
  /** Requests in a row to catch up after a pause; further behind than that, it starts over. */
  catchUpPages: 4,
};

export class BarFeed {
  readonly #span: Span;
  readonly #ask: AskForBars;
  #bars: readonly BarView[] = [];
  #live: Candle | undefined;
  #hasEarlier = false;
  #loadingEarlier = false;

  constructor(span: Span, ask: AskForBars) {
    this.#span = span;
    this.#ask = ask;
  }

  candles(): readonly Candle[] {
    const candles = candlesFrom(this.#bars, this.#span.candleMs);
    const last = candles.at(-1);
    if (this.#live === undefined || (last !== undefined && this.#live.startAt < last.startAt)) return candles;
    return last?.startAt === this.#live.startAt ? [...candles.slice(0, -1), this.#live] : [...candles, this.#live];
  }

  hasEarlier(): boolean {
    return this.#hasEarlier && this.#bars.length < barLimits.kept;
  }

  /** The newest bars, enough for the first view. */
  async loadNewest(): Promise<void> {
    const wanted = Math.ceil((this.#span.candles * this.#span.candleMs) / this.#span.intervalMs) * 1.25;
    let bars: readonly BarView[] = [];
    let more: boolean;
    do {
      const page = await this.#ask({ ...endingAt(bars), limit: barLimits.page, take: 'newest' });
      bars = [...page.bars, ...bars];
      more = page.bars.length > 0 && page.next !== null;
    } while (more && bars.length < wanted);
    this.#bars = bars;
    this.#hasEarlier = more;
    this.#live = undefined;
  }

  /** One more page to the left; resolves whether anything came. */
  async loadEarlier(): Promise<boolean> {
    if (this.#loadingEarlier || !this.hasEarlier()) return false;
    this.#loadingEarlier = true;
    try {
      const page = await this.#ask({ ...endingAt(this.#bars), limit: barLimits.page, take: 'newest' });
      const first = this.#bars[0]?.startAt ?? Number.POSITIVE_INFINITY;
      const earlier = page.bars.filter(({ startAt }) => startAt < first);
      this.#bars = [...earlier, ...this.#bars];
      this.#hasEarlier = earlier.length > 0 && page.next !== null;
      return earlier.length > 0;
    } finally {
      this.#loadingEarlier = false;
    }
  }

  /** Asks again from the last bar on, which may have been filling still. */
  async refresh(): Promise<void> {
    if (this.#bars.length === 0) return this.loadNewest();
    for (let pages = 0; pages < barLimits.catchUpPages; pages += 1) {
      const from = this.#bars.at(-1)?.startAt ?? 0;
      const page = await this.#ask({ from, limit: barLimits.page, take: 'oldest' });
      this.#append(page.bars);
      if (page.next === null) return;
    }
    await this.loadNewest();
  }

  /** A price that was just heard: it shows at once, until the next refresh tells the whole bar. */
  price(priceCents: number, at: number): boolean {
    const next = withPrice(this.candles().at(-1), priceCents, at, this.#span.candleMs);
    if (next === undefined) return false;
    this.#live = next;
    return true;
  }

  #append(bars: readonly BarView[]): void {
    const first = bars[0]?.startAt;
    if (first === undefined) return;
    const kept = this.#bars.filter(({ startAt }) => startAt < first);
    const all = [...kept, ...bars];
    if (all.length > barLimits.kept) this.#hasEarlier = true;
    this.#bars = all.slice(-barLimits.kept);
    const newest = bars.at(-1)?.startAt ?? 0;
    if (this.#live !== undefined && this.#live.startAt < newest + this.#span.intervalMs) this.#live = undefined;
  }
}

/** Asks for what came before these bars. */
function endingAt([first]: readonly BarView[]): { readonly to?: number } {
  return first === undefined ? {} : { to: first.startAt };
}
