/** What the stocks market can be told, out of its options. */
import type { Values } from '#core/options/option.ts';
import type { stocksOptions } from '../options.ts';
import type { Retention } from '../ports/results.ts';
import { companiesNamed, defaultBridgedCompanies, defaultCompanies } from './companies.ts';

/** A company that the publisher simulates. Amplitudes are shares of the base price; see walk.ts for what they do. */
export interface SimulatedCompany {
  readonly code: string;
  readonly name: string;
  readonly sector: string;
  readonly basePriceCents: number;
  /** How far the price wanders from its base over hours and days, such as 0.2. */
  readonly volatility: number;
  /** How much single trades scatter around the walk, such as 0.0005. */
  readonly scatter: number;
  /** How often the price jumps: the chance per window of some minutes, 0 to 1. */
  readonly jumpChance: number;
  /** How far a jump goes at the most, such as 0.05. */
  readonly jumpSize: number;
  /** Typical quantity of a trade. */
  readonly lot: number;
}

export type TradesPerSecond = number | 'max';

export interface StocksSettings {
  /** The world's seed: the same seed gives the same trades, trade for trade. */
  readonly seed: string;
  readonly companies: readonly SimulatedCompany[];
  readonly batchSize: number;
  /** Trades a second per company until somebody sets another rate. */
  readonly tradesPerSecond: TradesPerSecond;
  /** On a new tape, simulated trades of so many minutes before now come first, so that charts are not empty. */
  readonly historyMinutes: number;
  readonly retention: Retention;
  /** Companies whose trades the bridge takes in from existing publishers; left out, `defaultBridgedCompanies`. */
  readonly bridgedCompanies: readonly string[];
  /** Backlog of unaggregated trades per company, in bytes, at which the publisher waits. */
  readonly maxBacklogBytes: number;
}

export const tradesTopic = 'trades';
export const aggregatorGroup = 'aggregator';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export function settingsFrom(options: Values<typeof stocksOptions>): StocksSettings {
  return {
    seed: options.stocksSeed,
    companies: options.stocksCompanies ? companiesNamed(options.stocksCompanies) : defaultCompanies,
    bridgedCompanies: options.stocksCompanies ?? defaultBridgedCompanies,
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
