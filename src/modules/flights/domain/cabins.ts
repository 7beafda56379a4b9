/** The cabins of an aircraft, the cheapest first. */
export const cabins = ['economy', 'business'] as const;
export type Cabin = (typeof cabins)[number];
