/** Every company at a glance, as the live channel and the REST API tell it. */
import type { CompanySummary } from '#modules/stocks/api/schemas.ts';
import type { RequestFailure } from '#web/api/api.ts';
import { KeyedStore } from '#web/live/keyed-store.ts';
import { ValueStore } from '#web/live/value-store.ts';

export type Tick = 'up' | 'down' | 'same';

export interface Quote {
  readonly summary: CompanySummary;
  /** Where the price went when it last changed. */
  readonly tick: Tick;
}

export class MarketStore {
  readonly quotes: KeyedStore<Quote>;
  /** Undefined while nothing is known; a failure counts only until anything is heard. */
  readonly news: ValueStore<'heard' | RequestFailure>;
  #epoch: string | undefined;

  constructor(schedule: (work: () => void) => void) {
    this.quotes = new KeyedStore(schedule);
    this.news = new ValueStore(schedule);
  }

  failed(failure: RequestFailure): void {
    if (this.news.get() !== 'heard') this.news.set(failure);
  }

  /** The whole market. A new epoch replaces everything known before. */
  replace(companies: readonly CompanySummary[], epoch: string): void {
    const anew = this.#epoch !== undefined && this.#epoch !== epoch;
    this.#epoch = epoch;
    const named = new Set(companies.map(({ company }) => company));
    for (const company of this.quotes.keys()) if (!named.has(company)) this.quotes.delete(company);
    this.#take(companies, anew);
  }

  /** Some companies' new values; those older than what is known are left out. */
  merge(companies: readonly CompanySummary[]): void {
    this.#take(companies, false);
  }

  #take(companies: readonly CompanySummary[], anew: boolean): void {
    if (this.news.get() !== 'heard') this.news.set('heard');
    for (const summary of companies) {
      const before = this.quotes.get(summary.company);
      if (before !== undefined && !anew && summary.position < before.summary.position) continue;
      this.quotes.set(summary.company, { summary, tick: tickBetween(before, summary) });
    }
  }
}

function tickBetween(before: Quote | undefined, after: CompanySummary): Tick {
  if (before === undefined) return 'same';
  const move = after.lastPriceCents - before.summary.lastPriceCents;
  if (move === 0) return before.tick;
  return move > 0 ? 'up' : 'down';
}
