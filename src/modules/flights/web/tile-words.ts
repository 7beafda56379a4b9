/** The words of the flights' tile: few, because every visitor of the overview loads them. */
import { areaWords } from '#web/language/area-words.ts';

const english = {
  looks: 'looks in the last hour',
  none: 'Prices follow what people look at. Look at a flight, and its price begins to move.',
  find: 'Find a flight',
  fromTo: (before: string, price: string) => `from ${before} to ${price} coins`,
};
const german: typeof english = {
  looks: 'Blicke in der letzten Stunde',
  none: 'Preise folgen dem, was angesehen wird. Sieh dir einen Flug an, und sein Preis bewegt sich.',
  find: 'Flug suchen',
  fromTo: (before, price) => `von ${before} auf ${price} Taler`,
};

export const useTileWords = areaWords({ en: english, de: german });
