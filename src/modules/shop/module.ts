/** Everything the house must know of the shop. */
import type { Market } from '#core/market.ts';
import type { Web } from '#http/types.ts';
import { shopLaws } from './laws.ts';
import type { ShopOptions } from './domain/settings.ts';
import { shopApiRole } from './roles/shop-api.ts';
import { shopMigrations } from './store/tables.ts';

export function shopMarket(options: ShopOptions): Market<Web> {
  return { name: 'shop', migrations: shopMigrations, topics: [], roles: [shopApiRole(options)], laws: shopLaws() };
}
