/** Chance that nobody can guess. */
import { randomBytes, randomInt } from 'node:crypto';
import type { Random } from '#core/ports/random.ts';

/** A double has 53 bits for its fraction. */
const steps = 2 ** 48;

export const realRandom: Random = {
  int: (below) => (below <= 1 ? 0 : randomInt(below)),
  float: () => randomInt(steps - 1) / steps,
  id: () => randomBytes(16).toString('hex'),
};
