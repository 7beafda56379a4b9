/** The words of an area: its dictionaries come along with it, when somebody goes there. */
import type { Language } from './formats.ts';
import { useLanguage } from './language.ts';

/** The hook that gives an area's words in the reader's language. */
export function areaWords<Words>(dictionaries: Readonly<Record<Language, Words>>): () => Words {
  return function useAreaWords() {
    return dictionaries[useLanguage()];
  };
}

/** One name in the reader's language. */
export function useName(name: Readonly<Record<Language, string>>): string {
  return name[useLanguage()];
}
