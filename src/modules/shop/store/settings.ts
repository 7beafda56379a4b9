/** What all instances of the shop share: the key of the cart cookie, and whether the shop was opened. */
import type { Random } from '#core/ports/random.ts';
import type { Queries, State } from '#core/ports/state.ts';
import { shopTables } from './tables.ts';

const cookieKey = 'cart_cookie_key';

/** All instances sign with the same key: the first that starts makes it. */
export async function cartCookieKey(state: State, random: Random): Promise<string> {
  return state.write(async (queries) => {
    const tables = shopTables(queries);
    await tables
      .insertInto('shop_setting')
      .values({ name: cookieKey, value: random.id() + random.id() })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute();
    return (await tables.selectFrom('shop_setting').select('value').where('name', '=', cookieKey).executeTakeFirstOrThrow()).value;
  });
}

/** Whether there is no product yet. Until the transaction ends, no other instance can ask. */
export async function isEmptyShop(queries: Queries): Promise<boolean> {
  const tables = shopTables(queries);
  await tables
    .insertInto('shop_setting')
    .values({ name: 'opened', value: 'demo' })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: 'demo' }))
    .execute();
  return (await tables.selectFrom('shop_product').select('id').limit(1).executeTakeFirst()) === undefined;
}
