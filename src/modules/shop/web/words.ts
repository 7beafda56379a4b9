/** The words of the shop. */
import { areaWords } from '#web/language/area-words.ts';
import { english } from './english.ts';
import { german } from './german.ts';

export const useShopWords = areaWords({ en: english, de: german });
