/** Lists wishes, and makes them. */
import { houseRefusals } from '#core/house-refusals.ts';
import type { Ports } from '#core/ports/ports.ts';
import { refuse } from '#core/refuse.ts';
import { type Route, route } from '#http/route.ts';
import { plainWish } from '../domain/wish.ts';
import { wishesRefusals } from '../refusals.ts';
import * as store from '../store/wishes.ts';
import { listWishes, makeWish } from './contracts.ts';

export interface WishesContext {
  readonly ports: Pick<Ports, 'state' | 'clock' | 'metrics'>;
  readonly price: number;
}

export function wishesRoutes({ ports: { state, clock, metrics }, price }: WishesContext): readonly Route[] {
  const made = metrics.counter('kontor_wishes_made_total', 'Wishes made and paid.');
  return [
    route(listWishes, async ({ query }) => ({ ...(await state.read((queries) => store.readWishes(queries, query))), price })),
    route(makeWish, async ({ body, headers, account }) => {
      const text = plainWish(body.text);
      if (text === undefined) throw refuse(wishesRefusals, 'wish-empty', {}, 'text');
      const request = { accountId: account.id, key: headers['idempotency-key'], text, price };
      const { outcome, wish } = await state.write(async (queries) => {
        const answer = await store.makeWish(queries, { ...request, now: clock.now() });
        // Thrown inside, so that nothing of it is committed.
        if (answer.outcome === 'insufficient') throw refuse(wishesRefusals, 'wish-unpaid', { price, available: answer.available });
        if (answer.outcome === 'key-reused') throw refuse(houseRefusals, 'key-reused', {}, 'idempotency-key');
        return answer;
      });
      if (outcome === 'made') made.add(1);
      return wish;
    }),
  ];
}
