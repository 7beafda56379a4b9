/** What the roles and laws of the wallet say, in German. */
import type { HouseTexts } from '#web/area.ts';

export const houseTexts: HouseTexts = {
  'expired holds are not released and balances not folded': 'abgelaufene Vormerkungen werden nicht frei und Kontostände nicht verdichtet',
  'nothing: so many are left to a full audit': 'nichts: so viele bleiben der vollen Prüfung',
  '… accounts': '… Konten',
  '… wallets, … entries': '… Geldbeutel, … Buchungen',
  '… requests': '… Aufträge',
};
