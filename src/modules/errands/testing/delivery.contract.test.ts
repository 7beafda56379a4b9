/** The contract of delivery on the embedded State. */
import { temporaryState } from '#testkit/temporary-state.ts';
import { deliveryContract } from './contract/delivery.ts';

deliveryContract('sqlite', { open: (t) => temporaryState(t) });
