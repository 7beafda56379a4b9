/** One's own machines and answers as a miner, over HTTP. */
import type { Ports } from '#core/ports/ports.ts';
import { type Route, route } from '#http/route.ts';
import { listAnswers, listMachines } from '../../store/trust/own-work.ts';
import * as contracts from './list-contracts.ts';

export function minerListRoutes({ state }: Pick<Ports, 'state'>): readonly Route[] {
  return [
    route(contracts.listMachines, async ({ account, query }) => {
      const { items, next } = await state.read((queries) => listMachines(queries, { ...query, accountId: account.id }));
      const machines = items.map(({ name, version, network, concurrency, pages, failures, last_at: lastAt }) => {
        return { name, version, network, concurrency, pages, failures, lastAt };
      });
      return { machines, next };
    }),

    route(contracts.listAnswers, async ({ account, query }) => {
      const { items, next } = await state.read((queries) => listAnswers(queries, { ...query, accountId: account.id }));
      const answers = items.map((row) => {
        const { order_id: order, generation, slot, copy, verdict, reason, payment, answered_at: answeredAt, settles_at: settlesAt } = row;
        return { order, generation, slot, copy, verdict, reason, payment, answeredAt, settlesAt };
      });
      return { answers, next };
    }),
  ];
}
