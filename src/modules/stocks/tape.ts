/** The face of the stocks market for other modules: every market puts its sales on the tape here. */
import type { Queries } from '#core/ports/state.ts';
import { putOnTape } from './store/intake.ts';

/** A sale as a trade of the instrument that stands for what was sold, such as `SHOP.TEA`. */
export interface Sale {
  readonly company: string;
  readonly side: 'buy';
  readonly priceCents: number;
  readonly quantity: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** In the caller's transaction, so that a sale is on the tape exactly when it is in the books. */
export async function recordSales(queries: Queries, sales: readonly Sale[], now: number): Promise<void> {
  await putOnTape(queries, sales, { simulated: new Set() }, now);
}
