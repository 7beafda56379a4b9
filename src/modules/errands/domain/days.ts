/** Days in UTC: results and answers are kept by them. */

export const dayMs = 86_400_000;

/** Days since 1970. */
export function dayOf(at: number): number {
  return Math.floor(at / dayMs);
}
