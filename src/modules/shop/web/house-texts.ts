/** What the roles and laws of the shop say, in German. */
import type { HouseTexts } from '#web/area.ts';

export const houseTexts: HouseTexts = {
  'reservations that are over are not released': 'abgelaufene Reservierungen werden nicht frei',
  '… variants, … orders': '… Größen, … Bestellungen',
  '… variants, the newest … of … orders': '… Größen, die neuesten … von … Bestellungen',
};
