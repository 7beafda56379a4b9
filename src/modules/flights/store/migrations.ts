/** The migrations of all tables of flights, in their order. */
import type { Migration } from '#core/ports/state.ts';
import { accessMigrations, lakeUpkeepMigrations } from './access/tables.ts';
import { bookingMigrations } from './booking/tables.ts';
import { priceMigrations, pricePruningMigrations } from './prices/tables.ts';
import { timetableMigrations } from './timetable/tables.ts';

export const flightsMigrations: readonly Migration[] = [
  ...timetableMigrations,
  ...bookingMigrations,
  ...accessMigrations,
  ...priceMigrations,
  ...lakeUpkeepMigrations,
  ...pricePruningMigrations,
];
