/** Routes by name. */
import type { Demand } from '#modules/flights/api/prices/contracts.ts';

export type DemandRoute = Demand['routes'][number];

export function keyOfRoute({ from, to }: Pick<DemandRoute, 'from' | 'to'>): string {
  return `${from}-${to}`;
}
