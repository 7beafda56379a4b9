/** A note of an order: the house's own in the reader's language, all others as they were written. */
import type { Order } from '#modules/shop/api/orders/contracts.ts';
import { useShopWords } from './words.ts';

type Note = Pick<Order['history'][number], 'note' | 'houseNote'>;

export function useNoteText(): (said: Note) => string {
  const { notes } = useShopWords();
  return ({ note, houseNote }) => (houseNote === null ? note : notes[houseNote]);
}
