/** What holds in the tables of errands at every committed moment. */
import type { Law } from '#core/laws/law.ts';
import { coinsLaw } from './store/orders/coins-law.ts';
import { promiseLaw } from './store/orders/promise-law.ts';
import { resultsLaw } from './store/results/results-law.ts';

export function errandsLaws(): readonly Law[] {
  return [coinsLaw, resultsLaw, promiseLaw];
}
