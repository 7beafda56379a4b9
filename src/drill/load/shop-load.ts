/** A customer who buys goods, one order after the other. The key of each order is also the name that it is sent to. */
import type { Random } from '#core/ports/random.ts';
import type { Journal } from '../journal.ts';
import type { Customer } from './customers.ts';
import type { HouseClient } from './house-client.ts';
import type { WalletReader } from './wallet-reader.ts';

const pauseMs = 120;
const address = { street: 'Am Kai 1', postcode: '20457', city: 'Hamburg', country: 'DE' };

export interface ShopLoad {
  readonly client: HouseClient;
  readonly journal: Journal;
  readonly random: Random;
  readonly customer: Customer;
  readonly articles: readonly string[];
  readonly wallet: WalletReader;
}

export function keepBuying({ client, journal, random, customer, articles, wallet }: ShopLoad): Promise<void> {
  let count = 0;
  return client.repeat(pauseMs, async () => {
    const article = articles[random.int(articles.length)];
    const cart = await client.ask<{ total: number }>('shop', {
      method: 'PUT',
      path: `/api/shop/cart/lines/${article}`,
      as: customer.as,
      body: { quantity: 1 + random.int(2) },
    });
    if (cart.kind !== 'answered') return;
    count += 1;
    const [key, total] = [`shop-${count}`, cart.body.total];
    const body = { payment: 'coins', expectedTotal: total, shipTo: { name: key, ...address } };
    const request = { method: 'POST', path: '/api/shop/checkout', as: customer.as, key: `drill-${key}`, body } as const;
    const moves = [{ wallet: customer.id, coins: -total }];
    const answer = await client.operate<{ id: string }>({ part: 'shop', kind: 'order', key, moves }, request, ({ id }) => id);
    if (answer.kind === 'answered') journal.worked('shop', answer.begunMs);
    await wallet.maybeRead('shop', customer);
  });
}
