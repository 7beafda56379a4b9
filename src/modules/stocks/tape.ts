/** The face of the stocks market for other modules: every market puts its sales on the tape here. */
import { invariant } from '#core/errors.ts';
import type { Queries } from '#core/ports/state.ts';
import { appendTrades } from './store/intake.ts';

/** What was sold, as a buy trade of the instrument that stands for it. */
export interface Sale {
  /** `MODULE.X`, such as SHOP.TEA: the module's name, a dot, and one of its kinds of goods; at most 12 characters. */
  readonly instrument: string;
  /** Of one piece, 1 to 134,217,727. */
  readonly priceCents: number;
  /** Pieces, 1 to 1,048,575; times the price at most 2^36. */
  readonly quantity: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

const instrumentForm = /^(?=.{1,12}$)[A-Z][A-Z0-9]*\.[A-Z0-9.-]+$/;

/**
 * Records sales in the caller's transaction. Promises:
 * - a sale is on the tape exactly when the transaction commits, once, and in the order of the calls for each instrument;
 * - an instrument needs no registration, and the limit of companies from outside does not count instruments: a sale is never
 *   refused for what others have sent;
 * - trades of instruments come from here only: nobody can send one, simulate one or replay one.
 *
 * Rejects with `overloaded`, which is worth another try, only while the whole outbox is full.
 */
export async function recordSales(queries: Queries, sales: readonly Sale[], now: number): Promise<void> {
  const trades = sales.map(({ instrument, priceCents, quantity, at }) => {
    invariant(instrumentForm.test(instrument), `${instrument} is no instrument of a module, such as SHOP.TEA`);
    return { company: instrument, side: 'buy', priceCents, quantity, at } as const;
  });
  await appendTrades(queries, trades, now);
}
