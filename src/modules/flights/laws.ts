/** What holds in the tables of flights at every committed moment. */
import type { Law } from '#core/laws/law.ts';
import { accessesLaw } from './store/access/accesses-law.ts';
import { seatsLaw } from './store/booking/seats-law.ts';
import { pricesLaw } from './store/prices/prices-law.ts';

export function flightsLaws(): readonly Law[] {
  return [seatsLaw, pricesLaw, accessesLaw];
}
