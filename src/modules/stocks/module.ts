/** Everything the house must know of the stocks market. */
import type { Module } from '#core/module.ts';
import type { Web } from '#http/types.ts';
import { stocksCompaniesCommand, stocksRestoreCommand, stocksRetireCommand } from './commands/companies.ts';
import { stocksRateCommand } from './commands/rate.ts';
import { stocksReplayCommand } from './commands/replay.ts';
import { aggregatorGroup, settingsFrom, tradesTopic } from './domain/settings.ts';
import { openStocksEngines } from './engines/open.ts';
import { stocksLaws } from './laws.ts';
import { stocksOptions } from './options.ts';
import type { OwnPorts } from './ports/ports.ts';
import { aggregatorRole } from './roles/aggregator.ts';
import { bridgeRole } from './roles/bridge.ts';
import { intakeRole } from './roles/intake.ts';
import { liveviewRole } from './roles/liveview.ts';
import { publisherRole } from './roles/publisher.ts';
import { stocksMigrations } from './store/tables.ts';
import { forgetWatched } from './store/watched.ts';

export const stocksModule: Module<Web, typeof stocksOptions, OwnPorts> = {
  name: 'stocks',
  says: 'The stocks market.',
  options: stocksOptions,
  migrations: stocksMigrations,
  commands: [stocksRateCommand, stocksReplayCommand, stocksCompaniesCommand, stocksRetireCommand, stocksRestoreCommand],
  pulses: [
    { name: 'trades', metric: 'kontor_stocks_counted_trades_total' },
    { name: 'batches', metric: 'kontor_stocks_closed_batches_total' },
  ],
  // Counted frames are kept for a while, so that results that lost their last moments can be counted again: 64 MiB of a company
  // are more than a second at full speed, which is more than the State's write-ahead log ever holds.
  topics: ({ stocksMaxBacklogBytes, streamTradesUrl }) => [
    {
      name: tradesTopic,
      keepMs: 5 * 60_000,
      keepBytes: 64 * 1_024 * 1_024,
      maxBacklogBytes: stocksMaxBacklogBytes,
      streamUrl: streamTradesUrl,
      readers: [aggregatorGroup],
    },
  ],
  placement: [
    { role: 'stocks-aggregator', name: 'aggregator', processes: 3, stage: 'workers' },
    { role: 'stocks-publisher', name: 'publisher', processes: 1, stage: 'sources' },
  ],
  farewell: forgetWatched,
  openEngines: openStocksEngines,
  roles(settings) {
    const stocks = settingsFrom(settings);
    return [aggregatorRole(stocks), publisherRole(stocks), liveviewRole(stocks), intakeRole(stocks), bridgeRole(stocks)];
  },
  laws: (settings) => stocksLaws(settingsFrom(settings)),
};
