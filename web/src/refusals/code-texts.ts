/** What pages say of a refusal without a reason, by its code; and the words around the fields at fault. */
import type { Language } from '../language/formats.ts';

export const codeTexts: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  unauthenticated: {
    en: 'Nobody is logged in here: log in, and try again.',
    de: 'Hier ist niemand angemeldet: melde dich an, und versuch es noch einmal.',
  },
  forbidden: {
    en: 'This is not allowed.',
    de: 'Das ist nicht erlaubt.',
  },
  not_found: {
    en: 'That is not there, or not any more.',
    de: 'Das gibt es hier nicht, oder nicht mehr.',
  },
  too_large: {
    en: 'That is too much at once: send it in parts.',
    de: 'Das ist zu viel auf einmal: schick es in Teilen.',
  },
  too_many_requests: {
    en: 'Too many requests: wait a moment, and try again.',
    de: 'Zu viele Anfragen: warte einen Augenblick, und versuch es noch einmal.',
  },
  timed_out: {
    en: 'It took too long: try again in a moment.',
    de: 'Das hat zu lange gedauert: versuch es gleich noch einmal.',
  },
  overloaded: {
    en: 'The house is too busy right now: try again in a moment.',
    de: 'Das Haus hat gerade zu viel zu tun: versuch es gleich noch einmal.',
  },
  unavailable: {
    en: 'A part of the house is not available: try again in a moment.',
    de: 'Ein Teil des Hauses ist gerade nicht da: versuch es gleich noch einmal.',
  },
  storage_full: {
    en: 'The disk of the house is full. Nothing was changed.',
    de: 'Die Platte des Hauses ist voll. Nichts wurde geändert.',
  },
  storage_busy: {
    en: 'The books are in use elsewhere: try again in a moment.',
    de: 'Die Bücher sind gerade anderswo in Gebrauch: versuch es gleich noch einmal.',
  },
  storage_read_only: {
    en: 'The books cannot be written right now. Nothing was changed.',
    de: 'In die Bücher kann gerade nichts geschrieben werden. Nichts wurde geändert.',
  },
  internal: {
    en: 'Something broke on our side. Nothing was changed, as far as we know.',
    de: 'Bei uns ist etwas kaputtgegangen. Soweit wir wissen, wurde nichts geändert.',
  },
};

/** Before what is wrong with each field. */
export const fieldsText: Readonly<Record<Language, string>> = {
  en: 'Something is not filled in right',
  de: 'Etwas ist nicht richtig ausgefüllt',
};

/** What the field `line 3` of a file is called. */
export const lineText: Readonly<Record<Language, (number: string) => string>> = {
  en: (number) => `Line ${number}`,
  de: (number) => `Zeile ${number}`,
};
