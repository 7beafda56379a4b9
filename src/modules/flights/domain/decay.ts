/** How much an hour counts by its age: half every 12 hours, in 1/4,096, for 72 hours. Integers, so that sums are exact. */

export const windowHours = 72;
export const decayUnit = 4_096;
const halfLifeHours = 12;
/** 4,096 · 2^(−k/12), rounded. */
const firstHalf = [4_096, 3_866, 3_649, 3_444, 3_251, 3_069, 2_896, 2_734, 2_580, 2_435, 2_299, 2_170];

/** 0 for an hour outside the window. */
export function decayWeight(ageHours: number): number {
  if (ageHours < 0 || ageHours >= windowHours) return 0;
  return (firstHalf[ageHours % halfLifeHours] ?? 0) >> Math.floor(ageHours / halfLifeHours);
}
