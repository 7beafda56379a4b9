/** The words of the wallet. */
import { areaWords } from '#web/language/area-words.ts';
import { english } from './english.ts';
import { german } from './german.ts';

export const useWalletWords = areaWords({ en: english, de: german });
