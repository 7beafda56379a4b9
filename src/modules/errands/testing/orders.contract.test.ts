/** The contract of orders on the embedded State. */
import { temporaryState } from '#testkit/temporary-state.ts';
import { ordersContract } from './contract/orders.ts';

ordersContract('sqlite', { open: (t) => temporaryState(t) });
