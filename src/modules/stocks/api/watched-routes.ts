/** The watch list of an account. */
import type { Ports } from '#core/ports/ports.ts';
import type { Queries } from '#core/ports/state.ts';
import { refuse } from '#core/refuse.ts';
import { type Route, route } from '#http/route.ts';
import { stocksRefusals } from '../refusals.ts';
import { maxWatched, readWatched, unwatch, watch } from '../store/watched.ts';
import { listWatched, unwatchCompany, watchCompany } from './contracts.ts';
import type { MarketView } from './view/view.ts';

export function watchedRoutes({ state, clock }: Pick<Ports, 'state' | 'clock'>, view: Pick<MarketView, 'knows'>): readonly Route[] {
  const listOf = async (queries: Queries, accountId: string) => ({ companies: [...(await readWatched(queries, accountId))] });
  return [
    route(listWatched, ({ account }) => state.read((queries) => listOf(queries, account.id))),
    route(watchCompany, ({ account, params: { code } }) => {
      if (!view.knows(code)) throw refuse(stocksRefusals, 'no-company', { company: code });
      return state.write(async (queries) => {
        if (!(await watch(queries, account.id, code, clock.now()))) throw refuse(stocksRefusals, 'watched-full', { most: maxWatched });
        return listOf(queries, account.id);
      });
    }),
    route(unwatchCompany, ({ account, params: { code } }) =>
      state.write(async (queries) => {
        await unwatch(queries, account.id, code);
        return listOf(queries, account.id);
      }),
    ),
  ];
}
