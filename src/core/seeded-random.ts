/** Random numbers from a seed: the same seed gives the same numbers, so that a run can be repeated. */
import type { Random } from './ports/random.ts';

/** SplitMix32 (public domain, by Guy Steele and others): small and fast, good enough for tests and drills, not for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;

  function next32(): number {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  }

  // 53 bits, so that `int` reaches every safe integer.
  const float = () => ((next32() >>> 5) * 2 ** 26 + (next32() >>> 6)) / 2 ** 53;

  return {
    float,
    int: (below) => Math.floor(float() * below),
    id: () => [next32(), next32(), next32(), next32()].map((part) => part.toString(16).padStart(8, '0')).join(''),
  };
}
