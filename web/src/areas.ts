/** The areas of the browser app, a line each. */
// biome-ignore-all lint/performance/noBarrelFile: this is the list of the areas, so that a new one is one line here.
export { coinsArea } from '#modules/coins/web/area.ts';
export { peopleArea } from '#modules/people/web/area.ts';
export { shopArea } from '#modules/shop/web/area.ts';
export { stocksArea } from '#modules/stocks/web/area.ts';
