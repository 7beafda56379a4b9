/** Everything the house must know of errands. */
import type { Module } from '#core/module.ts';
import type { Web } from '#http/types.ts';
import { errandsClientCommands } from './commands/client-commands.ts';
import { escrowAccount, resultsTopic, revenueAccount } from './domain/settings.ts';
import { openErrandsEngines } from './engines/open.ts';
import { errandsLaws } from './laws.ts';
import { errandsOptions } from './options.ts';
import type { OwnPorts } from './ports/ports.ts';
import { apiRole } from './roles/errands-api.ts';
import { deliveryRole } from './roles/errands-delivery.ts';
import { deskRole } from './roles/errands-desk.ts';
import { fetcherRole } from './roles/errands-fetcher.ts';
import { schedulerRole } from './roles/errands-scheduler.ts';
import { errandsMigrations } from './store/migrations.ts';
import { leaveErrands } from './store/orders/farewell.ts';
import { webhookSecrets } from './store/orders/tables.ts';

export const errandsModule: Module<Web, typeof errandsOptions, OwnPorts> = {
  name: 'errands',
  says: 'Errands: recurring web fetches, done by paid workers.',
  options: errandsOptions,
  migrations: errandsMigrations,
  sealed: [webhookSecrets],
  commands: [...errandsClientCommands],
  accounts: [escrowAccount, revenueAccount],
  openEngines: openErrandsEngines,
  pulses: [
    { name: 'errands', metric: 'errands_orders_total' },
    { name: 'runs', metric: 'errands_runs_made_total' },
    { name: 'fetches', metric: 'errands_answers_total' },
    { name: 'fetches', metric: 'errands_house_pages_total' },
  ],
  topics: () => [{ name: resultsTopic, keepMs: 60 * 60_000, keepBytes: 64 * 1_024 * 1_024, maxBacklogBytes: 256 * 1_024 * 1_024 }],
  placement: [
    { role: 'errands-scheduler', name: 'scheduler', processes: 2, stage: 'workers' },
    { role: 'errands-fetcher', name: 'fetcher', processes: 1, stage: 'workers' },
    { role: 'errands-desk', name: 'desk', processes: 2, stage: 'front', serves: '/api/errands/desk/' },
    { role: 'errands-delivery', name: 'courier', processes: 2, stage: 'front', serves: '/api/errands/feed/' },
  ],
  roles: (settings) => [apiRole(settings), schedulerRole(settings), deskRole(settings), deliveryRole(settings), fetcherRole(settings)],
  farewell: leaveErrands,
  laws: errandsLaws,
};
