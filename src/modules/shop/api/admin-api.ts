/** The shop's routes for admins: goods, orders, and promo codes. */
import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { refusal } from '#core/errors.ts';
import { requireAdmin } from '#http/sessions.ts';
import { findPromo, listPromos, plainCode, savePromo } from '../store/cart/promos.ts';
import { addGoodsRoutes } from './admin-goods-api.ts';
import { addAdminOrderRoutes } from './admin-orders-api.ts';
import { PromoRules, Promos, PromoView } from './admin-schemas.ts';
import type { ShopApi } from './api.ts';
import type { ShopReasons } from './reasons.ts';
import { conflict, invalidField } from './refusals.ts';
import { PromoCode } from './schemas.ts';

const tags = ['shop admin'];
const shownPromos = 500;

const OnePromo = Type.Object({ code: PromoCode });

export function addShopAdminRoutes(server: FastifyInstance, api: ShopApi): void {
  // In a scope of its own: whoever is no admin gets no further, before anything is read or checked.
  server.register(async (scope) => {
    scope.addHook('onRequest', async (request) => void (await requireAdmin(request)));
    addGoodsRoutes(scope, api);
    addAdminOrderRoutes(scope, api);
    addPromoRoutes(scope, api);
  });
}

function addPromoRoutes(server: FastifyInstance, { ports }: ShopApi): void {
  const { state, clock } = ports;

  server.get('/api/shop/admin/promos', { schema: { tags, summary: 'Promo codes, newest first', response: { 200: Promos } } }, async () => ({
    promos: [...(await state.read((queries) => listPromos(queries, shownPromos)))],
  }));

  server.put<{ Params: Static<typeof OnePromo>; Body: PromoRules }>(
    '/api/shop/admin/promos/:code',
    { schema: { tags, summary: 'Add a promo code, or change it', params: OnePromo, body: PromoRules, response: { 200: PromoView } } },
    async ({ params, body }) => {
      const code = plainCode(params.code);
      if (code.length < 2)
        throw invalidField('code', { name: 'promo-too-short', values: {} }, 'A promo code has at least two characters beside spaces.');
      if (body.kind === 'percent' && body.value > 100)
        throw invalidField('value', { name: 'promo-percent', values: {} }, 'value must be at most 100 percent.');
      if (body.startsAt !== null && body.endsAt !== null && body.endsAt <= body.startsAt)
        throw invalidField('endsAt', { name: 'promo-ends-first', values: {} }, 'endsAt must be after startsAt.');
      return state.write(async (queries) => {
        if (!(await savePromo(queries, { ...body, code }, clock.now())))
          throw conflict(
            'maxUses',
            { name: 'promo-used-more', values: { code } },
            `${code} was used more often already: let maxUses be at least that, or make the code inactive.`,
          );
        const saved = await findPromo(queries, code);
        if (saved === undefined)
          throw refusal<ShopReasons>('not_found', { name: 'no-promo', values: { code } }, `There is no promo code ${code}.`);
        return saved;
      });
    },
  );
}
