/** The contract of the queue on the embedded State. */
import { temporaryState } from '#testkit/temporary-state.ts';
import { queueContract } from './contract/queue.ts';

queueContract('sqlite', { open: (t) => temporaryState(t) });
