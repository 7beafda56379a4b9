/** The shop's settings, as its options give them, and what is fixed. */
import type { HouseSettings } from '#core/module.ts';
import { isOn } from '#core/options/in-demo.ts';
import type { Values } from '#core/options/option.ts';
import type { shopOptions } from '../options.ts';
import type { TaxMode } from './arithmetic.ts';

export interface ShopSettings {
  /** Whether the prices of the catalogue contain the tax, or it is added at checkout. */
  readonly taxMode: TaxMode;
  /** Fill an empty shop with the demonstration's goods. */
  readonly demoCatalogue: boolean;
  /** How long goods are kept for a cart that asked for it, or for an order that waits for its payment. */
  readonly reservationMs: number;
  /** Whether payments beside coins are only for requests to which the house is a demonstration. */
  readonly paymentsOnlyInDemo: boolean;
}

/** The account of the ledger that sales pay into. */
export const revenueAccount = 'revenue:shop';

/** How long the cart of a guest is kept. */
export const guestCartDays = 30;

const minuteMs = 60_000;

export function settingsFrom(options: Values<typeof shopOptions> & HouseSettings): ShopSettings {
  return {
    taxMode: options.shopTax,
    demoCatalogue: isOn(options.shopDemoGoods, options),
    reservationMs: options.shopReservationMinutes * minuteMs,
    paymentsOnlyInDemo: options.shopTestPayments === 'auto',
  };
}
