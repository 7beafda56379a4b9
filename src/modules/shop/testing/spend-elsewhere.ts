/** Coins that are wanted for an order and for something else at the same moment: one of the two gets them. */
import assert from 'node:assert/strict';
import { houseAccounts, post, walletOf } from '#modules/coins/post.ts';
import { checkOut } from '../store/checkout/checkout.ts';
import { type ShopWorld, teaId, teaPrice } from './shop-world.ts';

const customerCount = 40;

export async function spendElsewhereAtOnce(world: ShopWorld): Promise<void> {
  const { state, clock } = world;
  const names = Array.from({ length: customerCount }, (_, index) => `spender-${index}`);
  const customers = await Promise.all(names.map((name) => world.customer(name, teaPrice)));
  await Promise.all(customers.map((customer) => world.fillCart(customer, { [teaId]: 1 })));
  const wish = { key: 'tea', bodyHash: '', guestCartId: undefined, payment: 'coins', expectedTotal: teaPrice, shipTo: '{}' } as const;
  const [orders, ...spent] = await Promise.all([
    state.write((queries) =>
      checkOut(
        queries,
        customers.map((accountId) => ({ ...wish, accountId })),
        world.context(),
      ),
    ),
    ...customers.map((customer) => {
      const accounts = { debit: walletOf(customer), credit: houseAccounts.fees };
      const transfer = { scope: 'test', key: `elsewhere ${customer}`, kind: 'transfer', amount: teaPrice, at: clock.now() } as const;
      return state.write((queries) => post(queries, [{ ...transfer, ...accounts }]));
    }),
  ]);
  for (const [index, customer] of customers.entries()) {
    const took = `${orders[index]?.outcome} and ${spent[index]?.[0]?.outcome}`;
    assert.ok(['ordered and insufficient', 'insufficient and posted'].includes(took), `${customer}: ${took}`);
  }
  assert.deepEqual(await world.violations(), []);
}
