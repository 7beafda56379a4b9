/** Choices of a simulated world, which follow from its seed. */
import type { Random } from '#core/ports/random.ts';
import { seededRandom } from '#core/seeded-random.ts';

/** Dice of its own for a part of the world: how often one part throws them does not change what another one gets. */
export function ownDice(random: Random): Random {
  return seededRandom(random.int(2 ** 32));
}

/** Undefined when there is nothing to choose from. */
export function anyOf<Value>(random: Random, values: readonly Value[]): Value | undefined {
  return values[random.int(Math.max(1, values.length))];
}
