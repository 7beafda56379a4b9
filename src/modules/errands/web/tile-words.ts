/** The words of the errands' tile: few, because every visitor of the overview loads them. */
import { areaWords } from '#web/language/area-words.ts';

const english = {
  delivered: 'delivered in the last minute',
  waiting: 'Waiting',
  orders: 'Running orders',
  latency: 'From due to delivered',
  go: 'Have a page fetched',
};
const german: typeof english = {
  delivered: 'in der letzten Minute geliefert',
  waiting: 'Warten',
  orders: 'Laufende Aufträge',
  latency: 'Von fällig bis geliefert',
  go: 'Eine Seite holen lassen',
};

export const useTileWords = areaWords({ en: english, de: german });
