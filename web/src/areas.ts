/** The areas of the browser app, one line each. */
// biome-ignore-all lint/performance/noBarrelFile: re-exports keep the registration of an area to one line.
export { coinsArea } from '#modules/coins/web/area.ts';
export { errandsArea } from '#modules/errands/web/area.ts';
export { flightsArea } from '#modules/flights/web/area.ts';
export { overviewArea } from '#modules/overview/web/area.ts';
export { peopleArea } from '#modules/people/web/area.ts';
export { shopArea } from '#modules/shop/web/area.ts';
export { stocksArea } from '#modules/stocks/web/area.ts';
