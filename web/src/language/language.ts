/** The language of the app: the chosen one, otherwise the browser's. */
import { useSyncExternalStore } from 'react';
import { readChoice, writeChoice } from '../browser.ts';
import { english, type Words } from './english.ts';
import { type Formats, formatsFor, type Language } from './formats.ts';
import { german } from './german.ts';

export const languages: readonly { readonly language: Language; readonly name: string }[] = [
  { language: 'de', name: 'Deutsch' },
  { language: 'en', name: 'English' },
];

const words: Readonly<Record<Language, Words>> = { de: german, en: english };
const formats: Readonly<Record<Language, Formats>> = { de: formatsFor('de'), en: formatsFor('en') };
const listeners = new Set<() => void>();
let current = firstLanguage();
document.documentElement.lang = current;

export function setLanguage(language: Language): void {
  current = language;
  document.documentElement.lang = language;
  writeChoice('language', language);
  for (const listener of listeners) listener();
}

export function useLanguage(): Language {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}

export function useWords(): Words {
  return words[useLanguage()];
}

export function useFormats(): Formats {
  return formats[useLanguage()];
}

function firstLanguage(): Language {
  const chosen = readChoice('language');
  if (chosen === 'de' || chosen === 'en') return chosen;
  const preferred = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag === 'de' || tag === 'en');
  return preferred === 'de' ? 'de' : 'en';
}
