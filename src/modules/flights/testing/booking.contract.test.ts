/** The contract of booking on the embedded State. */
import { temporaryState } from '#testkit/temporary-state.ts';
import { bookingContract } from './contract/booking.ts';

bookingContract('sqlite', { open: (t) => temporaryState(t) });
