/** For admins: the companies whose trades come from outside, and their retirement. */
import type { Ports } from '#core/ports/ports.ts';
import { refuse } from '#core/refuse.ts';
import { type Route, route } from '#http/route.ts';
import { stocksRefusals } from '../refusals.ts';
import { listOutsideCompanies, setRetired } from '../store/outside-companies.ts';
import { listOutside, retireCompany } from './contracts.ts';

export function outsideRoutes({ state, clock }: Pick<Ports, 'state' | 'clock'>): readonly Route[] {
  return [
    route(listOutside, async ({ query }) => {
      const { items, next } = await state.read((queries) => listOutsideCompanies(queries, query));
      return { companies: items, next };
    }),
    route(retireCompany, async ({ params: { code }, body: { retired } }) => {
      const company = await state.write((queries) => setRetired(queries, code, retired ? clock.now() : null));
      if (company === undefined) throw refuse(stocksRefusals, 'not-from-outside', { company: code });
      return company;
    }),
  ];
}
