/** The words of an area that is loaded when somebody goes there: its dictionaries come along with it. */
import type { Language } from './formats.ts';
import { useLanguage } from './language.ts';

export function useAreaWords<Words>(dictionaries: Readonly<Record<Language, Words>>): Words {
  return dictionaries[useLanguage()];
}
