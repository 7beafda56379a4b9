/** The model's arithmetic as a page shows it: factors of demand and sales, and their product with the base price. */

const million = 1_000_000;
export const demandWeight = 0.18;
export const salesWeight = 0.45;

/** `demand` and `sales` are in millionths, from −1 to 1. */
export function demandFactor(demand: number): number {
  return Math.exp((demandWeight * demand) / million);
}

export function salesFactor(sales: number): number {
  return Math.exp((salesWeight * sales) / million);
}

/** Before floor and ceiling. */
export function unlimitedTarget({ base, demand, sales }: { base: number; demand: number; sales: number }): number {
  return base * demandFactor(demand) * salesFactor(sales);
}
