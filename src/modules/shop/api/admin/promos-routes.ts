/** Promo codes for admins over HTTP. */
import { refuse } from '#core/refuse.ts';
import { type Route, route } from '#http/route.ts';
import { checkPromo, plainCode } from '../../domain/promos.ts';
import { shopRefusals } from '../../refusals.ts';
import { listPromos, savePromo } from '../../store/cart/promos.ts';
import type { ShopApi } from '../shop-api.ts';
import * as contracts from './promos-contracts.ts';

export function promoRoutes({ ports: { state, clock } }: ShopApi): readonly Route[] {
  return [
    route(contracts.listPromos, async ({ query }) => {
      const { items, next } = await state.read((queries) => listPromos(queries, query));
      return { promos: items, next };
    }),

    route(contracts.savePromo, async ({ params, body }) => {
      const promo = { ...body, code: plainCode(params.code) };
      checkPromo(promo);
      const saved = await state.write((queries) => savePromo(queries, promo, clock.now()));
      if (saved === undefined) throw refuse(shopRefusals, 'promo-used-more', { code: promo.code }, 'maxUses');
      return saved;
    }),
  ];
}
