/** Where goods are sent, by the names of each language. */
import type { Language } from '#web/language/formats.ts';

const usual = 'DE AT BE CA CH CZ DK EE ES FI FR GB IE IS IT JP LT LU LV NL NO PL PT SE US'.split(' ');

/** By their names, with the one that an earlier order went to. */
export function countries(further: string | undefined, language: Language): readonly { readonly value: string; readonly text: string }[] {
  const codes = new Set(further === undefined ? usual : [...usual, further]);
  const named = [...codes].map((code) => ({ value: code, text: countryName(code, language) }));
  return named.sort((one, other) => one.text.localeCompare(other.text, language));
}

export function countryName(code: string, language: Language): string {
  return new Intl.DisplayNames(language, { type: 'region' }).of(code) ?? code;
}
