/** The words of the overview. */
import { areaWords } from '#web/language/area-words.ts';
import { english } from './english.ts';
import { german } from './german.ts';

export const useOverviewWords = areaWords({ en: english, de: german });
