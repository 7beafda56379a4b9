/** The contract of results on the embedded State. */
import { temporaryState } from '#testkit/temporary-state.ts';
import { resultsContract } from './contract/results.ts';

resultsContract('sqlite', { open: (t) => temporaryState(t) });
