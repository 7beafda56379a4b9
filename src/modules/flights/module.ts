/** Everything the house must know of flights. */
import type { Module } from '#core/module.ts';
import type { Web } from '#http/types.ts';
import { explainCommand } from './commands/explain.ts';
import { flightsImportCommand } from './commands/import.ts';
import { lakeCommand } from './commands/lake.ts';
import { replayCommand } from './commands/replay.ts';
import { repriceCommand } from './commands/reprice.ts';
import { accessTopic, recorderGroup } from './domain/access.ts';
import { revenueAccount } from './domain/settings.ts';
import { openFlightsEngines } from './engines/open.ts';
import { flightsLaws } from './laws.ts';
import { flightsOptions } from './options.ts';
import type { OwnPorts } from './ports/ports.ts';
import { pricerRole } from './roles/flights-pricer.ts';
import { recorderRole } from './roles/flights-recorder.ts';
import { flightsWebRole } from './roles/flights-web.ts';

import { flightsKeys } from './store/access/keys.ts';
import { leaveFlights } from './store/booking/farewell.ts';
import { flightsMigrations } from './store/migrations.ts';

export const flightsModule: Module<Web, typeof flightsOptions, OwnPorts> = {
  name: 'flights',
  says: 'Flights: search, prices, booking.',
  options: flightsOptions,
  migrations: flightsMigrations,
  sealed: [flightsKeys],
  commands: [flightsImportCommand, repriceCommand, explainCommand, replayCommand, lakeCommand],
  accounts: [revenueAccount],
  pulses: [
    { name: 'views', metric: 'kontor_flights_accesses_total' },
    { name: 'landed', metric: 'kontor_flights_accesses_landed_total' },
    { name: 'bookings', metric: 'kontor_flights_bookings_total' },
  ],
  topics: () => [
    {
      name: accessTopic,
      keepMs: 5 * 60_000,
      keepBytes: 64 * 1_024 * 1_024,
      maxBacklogBytes: 256 * 1_024 * 1_024,
      readers: [recorderGroup],
    },
  ],
  openEngines: openFlightsEngines,
  placement: [
    { role: 'flights-web', name: 'flights-web', processes: 2, stage: 'front', serves: '/api/flights/' },
    { role: 'flights-recorder', name: 'recorder', processes: 1, stage: 'workers' },
    { role: 'flights-pricer', name: 'pricer', processes: 1, stage: 'workers' },
  ],
  roles: (settings) => [flightsWebRole(settings), recorderRole(settings), pricerRole(settings)],
  farewell: leaveFlights,
  laws: flightsLaws,
};
