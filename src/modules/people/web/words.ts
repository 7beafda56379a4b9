/** The words of the pages around accounts. */
import { areaWords } from '#web/language/area-words.ts';
import { english } from './english.ts';
import { german } from './german.ts';

export const usePeopleWords = areaWords({ en: english, de: german });
