/** What the roles and laws of stocks say, in German. */
import type { HouseTexts } from '#web/area.ts';

export const houseTexts: HouseTexts = {
  'publishing … trades a second per company': 'veröffentlicht … Abschlüsse je Sekunde und Unternehmen',
  'publishing as fast as possible': 'veröffentlicht so schnell wie möglich',
  'counting … company': 'zählt … Unternehmen',
  'counting … companies': 'zählt … Unternehmen',
  'reading its first figures': 'liest die ersten Zahlen',
  'cannot read the results': 'kann die Ergebnisse nicht lesen',
  'took in … trades from … queues': 'nahm … Abschlüsse aus … Warteschlangen auf',
  'took in … trades from … queues; … messages put aside, such as':
    'nahm … Abschlüsse aus … Warteschlangen auf; … Nachrichten beiseite gelegt, etwa',
  'old results are not removed': 'alte Ergebnisse werden nicht entfernt',
  'the rate is not read, and stays as it was': 'das Tempo wird nicht gelesen und bleibt, wie es war',
  'the ends of tapes are not noted': 'die Enden der Ticker werden nicht vermerkt',
  '… companies, … trades': '… Unternehmen, … Abschlüsse',
  '… batches in … companies, … of them recomputed': '… Bündel in … Unternehmen, … davon nachgerechnet',
};
