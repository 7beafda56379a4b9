/** kill -9 during checkouts, refunds and cancellations of the shop. */
import type { TestContext } from 'node:test';
import type { State } from '#core/ports/state.ts';
import { shopLaws } from '#modules/shop/laws.ts';
import { openShopWorld } from '#modules/shop/testing/shop-world.ts';
import type { Opener } from '#testkit/victim.ts';
import { countRows, killDuringSales } from './sale-kills.ts';

const shoppers = 8;
const plenty = 900_000;

export async function killDuringCheckouts(t: TestContext, state: State, opener: Opener): Promise<void> {
  const world = await openShopWorld(state, { tea: plenty, lamps: plenty });
  const customers = await Promise.all(Array.from({ length: shoppers }, (_, index) => world.customer(`shopper-${index}`, 100_000_000)));
  const victim = { kind: 'check-out', opener, customers } as const;
  await killDuringSales(t, { state, what: 'orders', stored: countRows('shop_order'), laws: shopLaws(), victim, seconds: 8 });
}
