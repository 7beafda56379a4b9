/** What the house says of its roles and laws, in the reader's language: it says it in English, and the areas have tables for the rest. */
import type { HouseTexts } from './area.ts';
import type { Language } from './language/formats.ts';

let german: HouseTexts = {};

/** Called once, when the app starts. */
export function addHouseTexts(ofAreas: readonly HouseTexts[]): void {
  german = Object.assign({}, ...ofAreas);
}

interface Said {
  /** In the reader's language. */
  readonly text: string;
  /** What no table has, in English: all of it, or the reason that follows it. */
  readonly english: string;
}

export function houseText(said: string, language: Language): Said {
  if (language === 'en') return { text: said, english: '' };
  const whole = translated(said);
  if (whole !== undefined) return { text: whole, english: '' };
  const colon = said.indexOf(': ');
  const start = colon < 0 ? undefined : translated(said.slice(0, colon));
  return start === undefined ? { text: '', english: said } : { text: `${start}: `, english: said.slice(colon + 2) };
}

/** The numbers stand in the same order in both languages. */
function translated(said: string): string | undefined {
  const numbers = said.match(/\d+/g) ?? [];
  let next = 0;
  const phrase = said.replaceAll(/\d+/g, '…');
  return Object.hasOwn(german, phrase) ? german[phrase]?.replaceAll('…', () => numbers[next++] ?? '') : undefined;
}
