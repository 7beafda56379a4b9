/** What the roles and laws of flights say, in German. */
import type { HouseTexts } from '#web/area.ts';

export const houseTexts: HouseTexts = {
  'waiting for its time': 'wartet auf seine Zeit',
  'looked at … prices and changed …': 'sah … Preise an und änderte …',
  'prices stay as they are': 'die Preise bleiben, wie sie sind',
  'old prices stay': 'alte Preise bleiben liegen',
  'simulated visitors stay away': 'simulierte Besucher bleiben aus',
  recording: 'schreibt auf',
  'accesses wait on the stream': 'Zugriffe warten auf dem Strom',
  'files of the lake are neither merged nor listed': 'Dateien des Sees werden weder vereint noch verzeichnet',
  'expired quotes are not forgotten': 'abgelaufene Angebote werden nicht vergessen',
  'no new flights are added to the timetable': 'der Flugplan bekommt keine neuen Flüge',
  '… bookings and every fare': '… Buchungen und jeder Tarif',
  'the newest … bookings and their flights': 'die neuesten … Buchungen und ihre Flüge',
  '… changes of prices': '… Preisänderungen',
  '… partitions': '… Partitionen',
};
