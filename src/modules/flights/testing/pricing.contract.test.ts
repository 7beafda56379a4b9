/** The contract of prices on SQLite. */
import { temporaryState } from '#testkit/temporary-state.ts';
import { pricingContract } from './contract/pricing.ts';

pricingContract('sqlite', { open: (t) => temporaryState(t, []) });
