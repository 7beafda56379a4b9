/** Everything the house must know of the shop. */
import type { Module } from '#core/module.ts';
import type { Web } from '#http/types.ts';
import { revenueAccount, settingsFrom } from './domain/settings.ts';
import { openShopEngines } from './engines/open.ts';
import { shopLaws } from './laws.ts';
import { shopOptions } from './options.ts';
import type { OwnPorts } from './ports/ports.ts';
import { shopApiRole } from './roles/shop-api.ts';
import { leaveShop } from './store/farewell.ts';
import { shopMigrations } from './store/tables.ts';

export const shopModule: Module<Web, typeof shopOptions, OwnPorts> = {
  name: 'shop',
  says: 'The shop.',
  options: shopOptions,
  migrations: shopMigrations,
  commands: [],
  accounts: [revenueAccount],
  pulses: [{ name: 'orders', metric: 'kontor_shop_orders_total' }],
  openEngines: openShopEngines,
  roles: (settings) => [shopApiRole(settingsFrom(settings))],
  farewell: leaveShop,
  laws: shopLaws,
};
