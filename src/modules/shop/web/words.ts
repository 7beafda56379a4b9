/** The words of this area. */
import { useAreaWords } from '#web/language/area-words.ts';
import { english, type ShopWords } from './english.ts';
import { german } from './german.ts';

const dictionaries = { en: english, de: german };

export function useShopWords(): ShopWords {
  return useAreaWords(dictionaries);
}
