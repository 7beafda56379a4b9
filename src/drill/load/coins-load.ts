/** Two people who send each other coins. The key of each transfer is also its memo. */
import type { Random } from '#core/ports/random.ts';
import type { Journal } from '../journal.ts';
import type { Customer } from './customers.ts';
import type { HouseClient } from './house-client.ts';
import type { WalletReader } from './wallet-reader.ts';

const pauseMs = 120;
const mostCoins = 20;

export interface CoinsLoad {
  readonly client: HouseClient;
  readonly journal: Journal;
  readonly random: Random;
  readonly both: readonly [Customer, Customer];
  readonly wallet: WalletReader;
}

export function keepSending({ client, journal, random, both, wallet }: CoinsLoad): Promise<void> {
  let count = 0;
  return client.repeat(pauseMs, async () => {
    count += 1;
    const [from, to] = random.int(2) === 0 ? both : [both[1], both[0]];
    const [key, coins] = [`coins-${count}`, 1 + random.int(mostCoins)];
    const body = { to: to.id, amount: coins, memo: key };
    const request = { method: 'POST', path: '/api/coins/transfers', as: from.as, key: `drill-${key}`, body } as const;
    const moves = [
      { wallet: from.id, coins: -coins },
      { wallet: to.id, coins },
    ];
    // A transfer has no name of its own in the answer: its memo is its name.
    const answer = await client.operate({ part: 'coins', kind: 'transfer', key, moves }, request, () => key);
    if (answer.kind === 'answered') journal.worked('coins', answer.begunMs);
    await wallet.maybeRead('coins', from);
    await wallet.maybeRead('coins', to);
  });
}
