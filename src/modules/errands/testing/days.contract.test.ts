/** The contract of days on the embedded State. */
import { temporaryState } from '#testkit/temporary-state.ts';
import { daysContract } from './contract/days.ts';

daysContract('sqlite', { open: (t) => temporaryState(t) });
