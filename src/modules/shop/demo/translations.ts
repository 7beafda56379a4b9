/** The demonstration's goods in the reader's language. What a house changed, or sells of its own, stays as it was written. */
import { type DemoText, demoTexts } from './demo-shop.ts';

/** What is written about products, in the language of the reader. */
export interface Texts {
  readonly language: 'en' | 'de';
  say(productId: string, stored: string): string;
}

export const asStored: Texts = { language: 'en', say: (_, stored) => stored };

let german: ReadonlyMap<string, ReadonlyMap<string, string>> | undefined;

function inGerman(productId: string, stored: string): string {
  german ??= new Map(demoTexts().map((text) => [text.productId, translationsOf(text)]));
  return german.get(productId)?.get(stored) ?? stored;
}

/** By what is stored, so that what was changed is left alone. */
function translationsOf({ english, german: translated }: DemoText): ReadonlyMap<string, string> {
  const pairs = english.map((text, index): [string, string] => [text, translated[index] ?? text]);
  return new Map(pairs);
}

const germanTexts: Texts = { language: 'de', say: inGerman };

/** By `Accept-Language`: the first of the two that it names. */
export function textsFor(acceptLanguage: string | undefined): Texts {
  const [, language] = /(?:^|[\s,])(en|de)\b/i.exec(acceptLanguage ?? '') ?? [];
  return language?.toLowerCase() === 'de' ? germanTexts : asStored;
}
