/** Cryptographic randomness. */
import { randomFillSync, randomInt } from 'node:crypto';
import type { Random } from '#core/ports/random.ts';

/** A double has 53 bits for its fraction. */
const steps = 2 ** 48;

const idBytes = 16;
/** Every request needs an id, and drawing many at once costs little more than one. */
const pool = Buffer.alloc(256 * idBytes);
let used = pool.length;

export const realRandom: Random = {
  int: (below) => (below <= 1 ? 0 : randomInt(below)),
  float: () => randomInt(steps - 1) / steps,
  id() {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    used += idBytes;
    return pool.toString('hex', used - idBytes, used);
  },
};
