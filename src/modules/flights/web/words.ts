/** The words of flights. */
import { areaWords } from '#web/language/area-words.ts';
import { english } from './english.ts';
import { german } from './german.ts';

export const useFlightsWords = areaWords({ en: english, de: german });
