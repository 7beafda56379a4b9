/** The contract of trust on the embedded State. */
import { temporaryState } from '#testkit/temporary-state.ts';
import { trustContract } from './contract/trust.ts';

trustContract('sqlite', { open: (t) => temporaryState(t) });
