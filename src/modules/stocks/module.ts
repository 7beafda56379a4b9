/** Everything the house must know of the stocks market. */
import type { Market } from '#core/market.ts';
import type { Topic } from '#core/ports/stream.ts';
import type { Web } from '#http/types.ts';
import { bridgeMigrations } from './store/bridge.ts';
import { defaultBridgedCompanies } from './domain/companies.ts';
import { intakeMigrations } from './store/intake.ts';
import { stocksLaws } from './laws.ts';
import { type StocksOptions, tradesTopic } from './domain/settings.ts';
import { aggregatorRole } from './roles/aggregator.ts';
import { bridgeRole } from './roles/bridge.ts';
import { intakeRole } from './roles/intake.ts';
import { liveviewRole } from './roles/liveview.ts';
import { publisherRole } from './roles/publisher.ts';
import { stocksMigrations } from './store/publisher-settings.ts';

export function stocksMarket(options: StocksOptions): Market<Web> {
  return {
    name: 'stocks',
    migrations: [...stocksMigrations, ...intakeMigrations, ...bridgeMigrations],
    topics: [tapeTopic(options)],
    roles: [
      aggregatorRole(options),
      publisherRole(options),
      liveviewRole(options),
      intakeRole(options),
      bridgeRole({ bridgedCompanies: options.bridgedCompanies ?? defaultBridgedCompanies }),
    ],
    laws: stocksLaws(options),
  };
}

/**
 * Counted frames are kept for a while, so that results which lost their last moments can be counted up again: a company's 64 MiB
 * are more than a second at full speed, which is more than the State's write-ahead log ever holds.
 */
function tapeTopic({ maxBacklogBytes }: StocksOptions): Topic {
  return { name: tradesTopic, keepMs: 5 * 60_000, keepBytes: 64 * 1_024 * 1_024, maxBacklogBytes };
}
