/** The markets of the house, each told what the configuration says. To open another market: one line here. */
import type { Config } from '#config/options.ts';
import type { Market } from '#core/market.ts';
import type { Web } from '#http/types.ts';
import { companiesNamed, defaultBridgedCompanies, defaultCompanies } from '#markets/stocks/companies.ts';
import { stocksMarket } from '#markets/stocks/market.ts';
import type { StocksOptions } from '#markets/stocks/options.ts';

export function marketsOf(config: Config): readonly Market<Web>[] {
  return [stocksMarket(stocksOptions(config))];
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export function stocksOptions(config: Config): StocksOptions {
  const intervalMs = config.tickerIntervalMs;
  return {
    seed: config.stocksSeed,
    companies: config.stocksCompanies ? companiesNamed(config.stocksCompanies) : defaultCompanies,
    bridgedCompanies: config.stocksCompanies ?? defaultBridgedCompanies,
    batchSize: config.batchSize,
    tradesPerSecond: intervalMs === 0 ? 'max' : 1_000 / intervalMs,
    historyMinutes: config.stocksHistoryMinutes,
    retention: {
      batchesPerCompany: config.stocksKeepBatches,
      barsMs: {
        '1s': config.stocksKeepSecondBarsHours * hourMs,
        '1m': config.stocksKeepMinuteBarsDays * dayMs,
        '1h': config.stocksKeepHourBarsDays * dayMs,
      },
    },
    maxBacklogBytes: config.stocksMaxBacklogBytes,
  };
}
