/** The stages of the loop, and how much goes into each: pure functions over what the house counts. */
import type { Edge } from '#modules/overview/api/schemas.ts';

const stages = ['order', 'collect', 'stream', 'aggregate', 'price', 'sell'] as const;
type Stage = (typeof stages)[number];

type Unit = 'orders' | 'runs' | 'trades' | 'batches' | 'views' | 'sales';

/** What goes into each stage, and which of the house's counts it is made of. */
const flows: Readonly<Record<Stage, { readonly unit: Unit; readonly edges: readonly string[] }>> = {
  order: { unit: 'orders', edges: ['orders', 'bookings', 'errands'] },
  collect: { unit: 'runs', edges: ['runs'] },
  stream: { unit: 'trades', edges: ['trades'] },
  aggregate: { unit: 'batches', edges: ['batches'] },
  price: { unit: 'views', edges: ['views'] },
  sell: { unit: 'sales', edges: ['sales'] },
};

export interface Flow {
  readonly stage: Stage;
  readonly unit: Unit;
  /** Null where nothing in the house counts it. */
  readonly perSecond: number | null;
}

export function flowsOf(edges: readonly Edge[]): readonly Flow[] {
  return stages.map((stage) => {
    const { unit, edges: names } = flows[stage];
    const found = edges.filter(({ name }) => names.includes(name));
    return { stage, unit, perSecond: found.length === 0 ? null : found.reduce((sum, { perSecond }) => sum + perSecond, 0) };
  });
}

/** How fast the picture moves: 0 stands still, 5 is as fast as an eye can follow. A step is a power of ten. */
export function paceOf(perSecond: number | null): number {
  if (perSecond === null || perSecond <= 0) return 0;
  return Math.min(5, Math.max(1, Math.floor(Math.log10(perSecond)) + 2));
}
