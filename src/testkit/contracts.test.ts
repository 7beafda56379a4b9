/** The test kit's clocks, random numbers and holders keep the promises of their ports. */

import { seededRandom } from '#core/seeded-random.ts';
import { type ManualClock, manualClock } from './clock.ts';
import { clockContract } from './contracts/clock.ts';
import { holderContract } from './contracts/holder.ts';
import { randomContract } from './contracts/random.ts';
import { processHolder } from './holder.ts';

clockContract('manual', { open: () => manualClock(), advance: (clock, ms) => (clock as ManualClock).advance(ms) });
clockContract('manual, flowing', { open: () => manualClock({ flowing: true }) });
clockContract('manual, flowing and pushed ahead', {
  open: () => manualClock({ flowing: true }),
  advance: (clock, ms) => (clock as ManualClock).advance(ms),
});
randomContract('seeded', () => seededRandom(42));
holderContract('for tests', () => processHolder('test'));
