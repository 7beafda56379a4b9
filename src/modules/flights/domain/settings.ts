/** The settings of flights, as its options give them, and what is fixed. */
import type { HouseSettings } from '#core/module.ts';
import type { Values } from '#core/options/option.ts';
import type { flightsOptions } from '../options.ts';

export type FlightsSettings = Values<typeof flightsOptions> & HouseSettings;

/** The account of the ledger that sales pay into. */
export const revenueAccount = 'revenue:flights';
