/** The migrations of all tables of errands, in their order. */
import type { Migration } from '#core/ports/state.ts';
import { deliveryMigrations } from './delivery/tables.ts';
import { hostMigrations } from './hosts/tables.ts';
import { orderMigrations } from './orders/tables.ts';
import { queueMigrations } from './queue/tables.ts';
import { resultMigrations } from './results/tables.ts';
import { trustMigrations } from './trust/tables.ts';

export const errandsMigrations: readonly Migration[] = [
  ...orderMigrations,
  ...queueMigrations,
  ...resultMigrations,
  ...trustMigrations,
  ...hostMigrations,
  ...deliveryMigrations,
];
