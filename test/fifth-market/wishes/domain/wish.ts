/** What a wish is. */

/** Characters. */
export const maxWishLength = 100;
/** The account of the ledger that wishes are paid into. */
export const revenueAccount = 'revenue:wishes';
/** What stands on the tape for a wish. */
export const instrument = 'WISHES.STAR';

export interface Wish {
  readonly id: string;
  readonly text: string;
  /** Coins. */
  readonly price: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** On one line, without what a store could not give back as it was; undefined for a wish without a letter. */
export function plainWish(text: string): string | undefined {
  const plain = text
    .toWellFormed()
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, maxWishLength);
  return /\p{Letter}/u.test(plain) ? plain : undefined;
}
