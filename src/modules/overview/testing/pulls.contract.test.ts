/** The store of pulls on SQLite. */
import { temporaryState } from '#testkit/temporary-state.ts';
import { pullsContract } from './pulls-contract.ts';

pullsContract('sqlite', (t) => temporaryState(t));
