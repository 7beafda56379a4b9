/** Where goods are sent, by the names of each language. */
import type { Language } from '#web/language/formats.ts';

const usual = 'DE AT BE CA CH CZ DK EE ES FI FR GB IE IS IT JP LT LU LV NL NO PL PT SE US'.split(' ');

/** With the one that an earlier order went to, whichever it was. */
export function countries(further: string | undefined): readonly string[] {
  return further === undefined || usual.includes(further) ? usual : [...usual, further];
}

export function countryName(code: string, language: Language): string {
  return new Intl.DisplayNames(language, { type: 'region' }).of(code) ?? code;
}
