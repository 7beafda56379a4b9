/** What the shop can be told: filled in by the house from the configuration. */
import type { Payments } from '#core/ports/payment.ts';
import type { Queries } from '#core/ports/state.ts';
import type { TaxMode } from './arithmetic.ts';

/** A sale as the stocks tape takes it: a trade of the instrument that stands for the category. */
export interface Sale {
  readonly company: string;
  readonly side: 'buy';
  readonly priceCents: number;
  readonly quantity: number;
  readonly at: number;
}

export interface ShopOptions {
  /** Whether the prices of the catalogue contain the tax, or it is added at checkout. */
  readonly taxMode: TaxMode;
  /** Fill an empty shop with the demonstration's goods. */
  readonly demoCatalogue: boolean;
  /** How long goods are kept for a cart that asked for it, or for an order that waits for its payment. */
  readonly reservationMs: number;
  /** Payment beside coins; undefined where none is offered. */
  readonly payments: Payments | undefined;
  /** Puts sales on the tape in the caller's transaction. The house gives it, because one market knows nothing of another. */
  putOnTape(queries: Queries, sales: readonly Sale[], now: number): Promise<void>;
}
