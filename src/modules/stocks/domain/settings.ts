/** The settings of the stocks market, out of its options. */
import { invalidOption } from '#core/command/invalid-option.ts';
import type { Settings } from '#core/module.ts';
import type { stocksOptions } from '../options.ts';
import type { Retention } from '../ports/results.ts';
import { companiesNamed, defaultBridgedCompanies, defaultCompanies, type SimulatedCompany } from './companies.ts';
import { type CodeOwners, moduleOf } from './instruments.ts';

export type TradesPerSecond = number | 'max';

export interface StocksSettings {
  /** The world's seed: the same seed gives the same trades, trade for trade. */
  readonly seed: string;
  readonly companies: readonly SimulatedCompany[];
  readonly batchSize: number;
  /** Trades a second per company until another rate is set. */
  readonly tradesPerSecond: TradesPerSecond;
  /** A new tape begins with simulated trades of this many minutes before now, so that charts are not empty. */
  readonly historyMinutes: number;
  readonly retention: Retention;
  /** Companies whose trades the bridge takes in from existing publishers; left out, `defaultBridgedCompanies`. */
  readonly bridgedCompanies: readonly string[];
  /** Trades of one company that wait to be counted, in bytes, at which the publisher waits too. */
  readonly maxBacklogBytes: number;
  readonly owners: CodeOwners;
}

export const tradesTopic = 'trades';
export const aggregatorGroup = 'aggregator';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export function settingsFrom(options: Settings<typeof stocksOptions>): StocksSettings {
  const { stocksCompanies, moduleNames } = options;
  const instrument = stocksCompanies?.find((code) => moduleOf(code, moduleNames) !== undefined);
  if (instrument !== undefined) {
    const message = `STOCK names ${instrument}, which stands for what a module sells: leave it out, or use another code`;
    throw invalidOption('STOCK', message);
  }
  const companies = stocksCompanies ? companiesNamed(stocksCompanies) : defaultCompanies;
  return {
    seed: options.stocksSeed,
    companies,
    bridgedCompanies: stocksCompanies ?? defaultBridgedCompanies,
    owners: { simulated: new Set(companies.map(({ code }) => code)), moduleNames },
    batchSize: options.batchSize,
    tradesPerSecond: options.tickerIntervalMs === 0 ? 'max' : 1_000 / options.tickerIntervalMs,
    historyMinutes: options.stocksHistoryMinutes,
    retention: {
      batchesPerCompany: options.stocksKeepBatches,
      barsMs: {
        '1s': options.stocksKeepSecondBarsHours * hourMs,
        '1m': options.stocksKeepMinuteBarsDays * dayMs,
        '1h': options.stocksKeepHourBarsDays * dayMs,
      },
    },
    maxBacklogBytes: options.stocksMaxBacklogBytes,
  };
}
