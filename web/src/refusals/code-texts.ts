/** Texts for refusals without a reason, by code, and for invalid fields. */
import type { Language } from '../language/formats.ts';

export const codeTexts: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  unauthenticated: {
    en: 'You are not logged in: log in, and try again.',
    de: 'Hier ist niemand angemeldet: melde dich an, und versuch es noch einmal.',
  },
  forbidden: {
    en: 'This is not allowed.',
    de: 'Das ist nicht erlaubt.',
  },
  not_found: {
    en: 'This does not exist, or no longer exists.',
    de: 'Das gibt es hier nicht, oder nicht mehr.',
  },
  too_large: {
    en: 'This is too large: send it in parts.',
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
    en: 'The house is busy: try again in a moment.',
    de: 'Das Haus hat gerade zu viel zu tun: versuch es gleich noch einmal.',
  },
  unavailable: {
    en: 'A part of the house is not available: try again in a moment.',
    de: 'Ein Teil des Hauses ist gerade nicht da: versuch es gleich noch einmal.',
  },
  storage_full: {
    en: 'The disk of the server is full. Nothing was changed.',
    de: 'Die Platte des Hauses ist voll. Nichts wurde geändert.',
  },
  storage_busy: {
    en: 'The database is busy: try again in a moment.',
    de: 'Die Bücher sind gerade anderswo in Gebrauch: versuch es gleich noch einmal.',
  },
  storage_read_only: {
    en: 'The database is read-only. Nothing was changed.',
    de: 'In die Bücher kann gerade nichts geschrieben werden. Nichts wurde geändert.',
  },
  internal: {
    en: 'There was an error on our side, so we do not know whether this was done. Look before you try again.',
    de: 'Bei uns ist etwas kaputtgegangen: wir wissen nicht, ob es getan wurde. Sieh nach, bevor du es noch einmal versuchst.',
  },
};

/** Precedes the list of invalid fields. */
export const fieldsText: Readonly<Record<Language, string>> = {
  en: 'Some fields are not valid',
  de: 'Etwas ist nicht richtig ausgefüllt',
};

/** Names the field `line 3` of a file. */
export const lineText: Readonly<Record<Language, (number: string) => string>> = {
  en: (number) => `Line ${number}`,
  de: (number) => `Zeile ${number}`,
};
