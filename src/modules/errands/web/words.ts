/** The words of errands. */
import { areaWords } from '#web/language/area-words.ts';
import { english } from './english.ts';
import { german } from './german.ts';

export const useErrandsWords = areaWords({ en: english, de: german });
