/** The words of an area. Its dictionaries are loaded with its pages. */
import type { Language } from './formats.ts';
import { useLanguage } from './language.ts';

/** Makes the hook that returns the words of an area in the user's language. */
export function areaWords<Words>(dictionaries: Readonly<Record<Language, Words>>): () => Words {
  return function useAreaWords() {
    return dictionaries[useLanguage()];
  };
}

/** A name in the user's language. */
export function useName(name: Readonly<Record<Language, string>>): string {
  return name[useLanguage()];
}
