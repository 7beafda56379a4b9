/** What the roles and laws of errands say, in German. */
import type { HouseTexts } from '#web/area.ts';

export const houseTexts: HouseTexts = {
  'the machines of miners are not counted': 'die Maschinen der Schürfer werden nicht gezählt',
  'runs are not handed out': 'Gänge werden nicht ausgegeben',
  'new results are not seen': 'neue Ergebnisse werden nicht gesehen',
  'answers of miners are not audited': 'Antworten der Schürfer werden nicht geprüft',
  'robots.txt of new hosts is not read': 'robots.txt neuer Rechner wird nicht gelesen',
  'the house fetches no pages': 'das Haus ruft keine Seiten ab',
  'no pages are made that find miners who do not fetch': 'es entstehen keine Seiten, die Schürfer finden, die nichts abrufen',
  'orders do not become runs': 'aus Aufträgen werden keine Gänge',
  'nobody notes that schedulers run': 'niemand vermerkt, dass Planer laufen',
  'old request keys and hosts are not forgotten': 'alte Auftragsschlüssel und Rechner werden nicht vergessen',
  'webhooks are not sent': 'Webhooks werden nicht gesendet',
  'miners are not paid': 'Schürfer werden nicht bezahlt',
  'runs that are overdue are not refunded': 'überfällige Gänge werden nicht erstattet',
  'letters about results are not written': 'Briefe über Ergebnisse werden nicht geschrieben',
  'old results are not removed, and days are not made ahead': 'alte Ergebnisse werden nicht entfernt, und Tage nicht vorbereitet',
  'nothing: the house has only just begun': 'nichts: das Haus hat eben erst begonnen',
  'runs and orders that are due': 'Gänge und Aufträge, die fällig sind',
  '… orders and the escrow': '… Aufträge und die Treuhand',
  'the newest … orders': 'die neuesten … Aufträge',
  '… results and … answers': '… Ergebnisse und … Antworten',
  'the newest … results and … answers': 'die neuesten … Ergebnisse und … Antworten',
};
