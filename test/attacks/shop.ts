/** What attackers buy in the shop, and where it is sent. */
import type { World } from './world.ts';

export const shipTo = { name: 'A', street: 'B 1', postcode: '1', city: 'C', country: 'DE' };

/** Any article in any form. */
export async function anyGoods({ ask }: World): Promise<{ readonly id: string; readonly price: number }> {
  const { products } = (await ask('GET', '/api/shop/products?limit=1')).json();
  return (await ask('GET', `/api/shop/products/${products[0].id}`)).json().variants[0];
}
