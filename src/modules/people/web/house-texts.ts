/** What the role of accounts says, in German. */
import type { HouseTexts } from '#web/area.ts';

export const houseTexts: HouseTexts = {
  'expired sessions and tokens are not removed': 'abgelaufene Anmeldungen und Schlüssel werden nicht entfernt',
  'letters that wait are not sent': 'wartende Briefe werden nicht verschickt',
};
