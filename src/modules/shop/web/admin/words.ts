/** The words of this area. */
import { useAreaWords } from '#web/language/area-words.ts';
import { type AdminWords, english } from './english.ts';
import { german } from './german.ts';

const dictionaries = { en: english, de: german };

export function useAdminWords(): AdminWords {
  return useAreaWords(dictionaries);
}
