/** The modules of the house. To add one: its import and its name here. */
import type { Module } from '#core/module.ts';
import type { Web } from '#http/types.ts';
import { coinsModule } from '#modules/coins/module.ts';
import { errandsModule } from '#modules/errands/module.ts';
import { flightsModule } from '#modules/flights/module.ts';
import { overviewModule } from '#modules/overview/module.ts';
import { peopleModule } from '#modules/people/module.ts';
import { shopModule } from '#modules/shop/module.ts';
import { stocksModule } from '#modules/stocks/module.ts';

export const modules: readonly Module<Web>[] = [
  // In this order in the help and in the documentation.
  peopleModule,
  coinsModule,
  stocksModule,
  shopModule,
  flightsModule,
  errandsModule,
  overviewModule,
];
