/** The words of this area. */
import { useAreaWords } from '#web/language/area-words.ts';
import { english, type PeopleWords } from './english.ts';
import { german } from './german.ts';

const dictionaries = { en: english, de: german };

export function usePeopleWords(): PeopleWords {
  return useAreaWords(dictionaries);
}
