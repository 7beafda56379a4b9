/** The words of the shop’s pages for admins. */
import { areaWords } from '#web/language/area-words.ts';
import { english } from './english.ts';
import { german } from './german.ts';

export const useShopAdminWords = areaWords({ en: english, de: german });
