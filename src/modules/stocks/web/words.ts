/** The words of the stocks. */
import { areaWords } from '#web/language/area-words.ts';
import { english } from './english.ts';
import { german } from './german.ts';

export const useStocksWords = areaWords({ en: english, de: german });
