/** The markets of the house, each told what the configuration says. To open another market: one line here. */
import { isDemo } from '#config/demo.ts';
import type { Config } from '#config/options.ts';
import type { Market } from '#core/market.ts';
import { openTestPayments } from '#engines/payment/test.ts';
import type { Web } from '#http/types.ts';
import { shopMarket } from '#modules/shop/module.ts';
import type { ShopOptions } from '#modules/shop/domain/settings.ts';
import { companiesNamed, defaultBridgedCompanies, defaultCompanies } from '#modules/stocks/domain/companies.ts';
import { putOnTape } from '#modules/stocks/store/intake.ts';
import { stocksMarket } from '#modules/stocks/module.ts';
import type { StocksOptions } from '#modules/stocks/domain/settings.ts';
import { realRandom } from './real-random.ts';

export function marketsOf(config: Config): readonly Market<Web>[] {
  return [stocksMarket(stocksOptions(config)), shopMarket(shopOptions(config))];
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

const minuteMs = 60_000;

export function shopOptions(config: Config): ShopOptions {
  const simulated = new Set(stocksOptions(config).companies.map(({ code }) => code));
  const demo = isDemo(config);
  const on = (choice: 'auto' | 'on' | 'off') => choice === 'on' || (choice === 'auto' && demo);
  return {
    taxMode: config.shopTax,
    demoCatalogue: on(config.shopDemoGoods),
    reservationMs: config.shopReservationMinutes * minuteMs,
    // A secret of its own where none was given: then only this process can speak for the provider.
    payments: on(config.shopTestPayments) ? openTestPayments({ secret: config.shopPaymentSecret ?? realRandom.id() }) : undefined,
    putOnTape: (queries, sales, now) => putOnTape(queries, sales, { simulated }, now),
  };
}
