/** The settings of errands, as its options give them, and what is fixed. */
import type { HouseSettings } from '#core/module.ts';
import type { Values } from '#core/options/option.ts';
import type { errandsOptions } from '../options.ts';

export type ErrandsSettings = Values<typeof errandsOptions> & HouseSettings;

/** Hosts that may be fetched from although they are private or use another port than 80 and 443. */
function allowedHosts({ errandsAllowedHosts = [], demo, ownHosts }: ErrandsSettings): readonly string[] {
  return demo ? [...errandsAllowedHosts, ...ownHosts] : errandsAllowedHosts;
}

/** Coins that customers have paid and that are neither earned nor refunded yet. */
export const escrowAccount = 'escrow:errands';
/** What the house earns with pages that it fetched itself. */
export const revenueAccount = 'revenue:errands';
/** The ledger's scope for what errands ask of it. */
export const ledgerScope = 'errands';
/** A page fetched by one miner. */
export const coinsPerPage = 1;
/** Every accepted result is an event on this topic. */
export const resultsTopic = 'errands-results';
/** Every page that is delivered is a trade of it on the tape. */
export const runInstrument = 'ERRANDS.RUN';

/** How politely hosts are asked, and by how many runs at once. */
export function hostRules(settings: ErrandsSettings) {
  return { delayMs: settings.errandsHostDelayMs, atOnce: settings.errandsHostAtOnce, allowed: allowedHosts(settings) };
}
