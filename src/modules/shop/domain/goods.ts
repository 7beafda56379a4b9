/** Goods as carts and orders see them, and what is left of them on the shelf. */

/** A variant with its product. */
export interface Offer {
  readonly variantId: string;
  readonly variantName: string;
  readonly productId: string;
  readonly productName: string;
  readonly instrument: string;
  readonly unitPrice: number;
  readonly taxBasisPoints: number;
  /** The address of the product's picture, if one was put. */
  readonly picture?: string | null;
  /** False when it is no longer sold. */
  readonly active: boolean;
  readonly available: number;
}

export interface Shelf {
  readonly onHand: number;
  readonly reserved: number;
}

/** Pieces of a variant: in a cart, or kept for somebody. */
export interface Pieces {
  readonly variantId: string;
  readonly quantity: number;
}

/** Fewer pieces are left than are wanted. */
export interface Short {
  readonly outcome: 'short';
  readonly variantId: string;
  readonly wanted: number;
  readonly available: number;
}

/** Pieces that a customer may take who has `own` pieces reserved. */
export function availableTo(shelf: Shelf | undefined, own = 0): number {
  return shelf === undefined ? 0 : shelf.onHand - shelf.reserved + own;
}

/** Pieces by variant. */
export function countPieces(pieces: readonly Pieces[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { variantId, quantity } of pieces) counts.set(variantId, (counts.get(variantId) ?? 0) + quantity);
  return counts;
}

/** How the catalogue can be sorted. Without a text to look for, `relevance` means popular. */
export const sortOrders = ['relevance', 'popular', 'newest', 'name', 'price', 'price-down'] as const;
export type SortOrder = (typeof sortOrders)[number];
