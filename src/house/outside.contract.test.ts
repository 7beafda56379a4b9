/** The house's clock, chance and holder keep every promise of their ports. */
import { clockContract } from '#testkit/contracts/clock.ts';
import { holderContract } from '#testkit/contracts/holder.ts';
import { randomContract } from '#testkit/contracts/random.ts';
import { processHolder } from './process-holder.ts';
import { realClock } from './real-clock.ts';
import { realRandom } from './real-random.ts';

clockContract('real', { open: () => realClock });
randomContract('real', () => realRandom);
holderContract('of this process', processHolder);
