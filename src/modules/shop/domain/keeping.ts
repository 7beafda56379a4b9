/** How much one account may keep from all others without paying for it: in orders that wait for their payment, and in its cart. */
import { countPieces, type Pieces, type Shelf } from './goods.ts';

/** Orders of an account that wait for their payment at a time. */
const maxUnpaidOrders = 3;
/** Orders of an account in a day that are unpaid, or were never paid. After so many, the account can pay only in coins. */
export const maxUnpaidOrdersPerDay = 10;
/** Pieces that are kept for an account. */
const maxKeptPieces = 100;
/** Of each article at least this many, so that small stocks can be ordered too. */
const leastShare = 2;

/** What is kept for an account without payment, before the request that is decided. */
export interface Kept {
  /** Pieces of its orders that wait for their payment. */
  readonly pieces: readonly Pieces[];
  readonly unpaidOrders: number;
  /** Of the last 24 hours, those that wait among them. */
  readonly unpaidToday: number;
}

export const nothingKept: Kept = { pieces: [], unpaidOrders: 0, unpaidToday: 0 };

export type KeepsTooMuch =
  | { readonly outcome: 'unpaid-orders'; readonly most: number }
  | { readonly outcome: 'unpaid-today'; readonly most: number }
  | { readonly outcome: 'kept-pieces'; readonly most: number }
  | { readonly outcome: 'kept-share'; readonly variantId: string; readonly most: number };

/** Why no further order of the account may wait for its payment, or undefined. */
export function tooManyUnpaid({ unpaidOrders, unpaidToday }: Kept): KeepsTooMuch | undefined {
  if (unpaidOrders >= maxUnpaidOrders) return { outcome: 'unpaid-orders', most: maxUnpaidOrders };
  return unpaidToday >= maxUnpaidOrdersPerDay ? { outcome: 'unpaid-today', most: maxUnpaidOrdersPerDay } : undefined;
}

/** Why these pieces cannot be kept for the account beside what it has, or undefined. */
export function keepsTooMuch({ pieces }: Kept, items: readonly Pieces[], shelves: ReadonlyMap<string, Shelf>): KeepsTooMuch | undefined {
  const together = countPieces([...pieces, ...items]);
  const all = [...together.values()].reduce((sum, quantity) => sum + quantity, 0);
  if (all > maxKeptPieces) return { outcome: 'kept-pieces', most: maxKeptPieces };
  for (const { variantId } of items) {
    const most = mostOf(shelves.get(variantId));
    if ((together.get(variantId) ?? 0) > most) return { outcome: 'kept-share', variantId, most };
  }
  return undefined;
}

/** A quarter of what is in the house. */
function mostOf(shelf: Shelf | undefined): number {
  return Math.max(leastShare, Math.ceil((shelf?.onHand ?? 0) / 4));
}
