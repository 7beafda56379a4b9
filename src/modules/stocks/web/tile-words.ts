/** The words of what the overview and the foot of every page show of the stocks: few, because every visitor loads them. */
import { areaWords } from '#web/language/area-words.ts';

const english = {
  rate: 'trades a second',
  none: 'As soon as the publisher writes its first trade, companies appear here.',
  watch: 'Watch the market',
  published: 'Published',
  counted: 'Counted',
  open: 'Open',
  underWay: 'Under way',
  perSecond: 'Trades a second',
  explanation:
    'Every trade the publishers wrote is in exactly one place: counted in a closed batch, waiting in an open one, or still under way. Nothing is lost and nothing counts twice, whichever part of the house is killed.',
  publishedUnknown: 'The broker cannot tell how much was published, so the sum stands without it.',
};

const german: typeof english = {
  rate: 'Abschlüsse je Sekunde',
  none: 'Mit dem ersten Abschluss erscheinen hier Unternehmen.',
  watch: 'Zum Markt',
  published: 'Veröffentlicht',
  counted: 'Gezählt',
  open: 'Offen',
  underWay: 'Unterwegs',
  perSecond: 'Abschlüsse je Sekunde',
  explanation:
    'Jeder veröffentlichte Abschluss ist an genau einer Stelle: in einem geschlossenen Bündel gezählt, in einem offenen, oder noch unterwegs. Nichts geht verloren und nichts zählt doppelt, welcher Teil des Hauses auch ausfällt.',
  publishedUnknown: 'Der Broker kann nicht sagen, wie viel veröffentlicht wurde; darum steht die Summe ohne ihn.',
};

export const useTileWords = areaWords({ en: english, de: german });
