/** The contract of limits on the embedded State. */
import { temporaryState } from '#testkit/temporary-state.ts';
import { limitsContract } from './contract/limits.ts';

limitsContract('sqlite', { open: (t) => temporaryState(t) });
