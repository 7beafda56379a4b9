/** The words of the pages of flights for admins. */
import { areaWords } from '#web/language/area-words.ts';
import { english } from './english.ts';
import { german } from './german.ts';

export const useFlightsAdminWords = areaWords({ en: english, de: german });
