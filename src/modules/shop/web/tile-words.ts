/** The words of the shop's tile: few, because every visitor of the overview loads them. */
import { areaWords } from '#web/language/area-words.ts';

const english = { sold: 'sold in 24 hours', none: 'The shelves are empty.', go: 'Go shopping' };
const german: typeof english = { sold: 'in 24 Stunden verkauft', none: 'Die Regale sind leer.', go: 'Zum Laden' };

export const useTileWords = areaWords({ en: english, de: german });
