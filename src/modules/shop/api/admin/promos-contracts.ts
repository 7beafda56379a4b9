/** Promo codes, for admins. */
import { type Static, Type } from 'typebox';
import { contract } from '#http/contract.ts';
import { Next, pageQuery } from '#http/paging.ts';
import { PromoCode } from '../schemas.ts';

const tags = ['shop admin'];
const time = Type.Union([Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 }), Type.Null()]);
const count = Type.Union([Type.Integer({ minimum: 1, maximum: 1_000_000_000 }), Type.Null()]);

const PromoRules = Type.Object(
  {
    kind: Type.Union([Type.Literal('percent'), Type.Literal('amount')]),
    value: Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'Percent (at most 100), or coins' }),
    minSubtotal: Type.Integer({ minimum: 0, maximum: 1_000_000_000, description: 'The least an order must come to' }),
    startsAt: time,
    endsAt: time,
    maxUses: count,
    maxUsesPerAccount: count,
    active: Type.Boolean(),
  },
  { additionalProperties: false },
);
export type PromoRules = Static<typeof PromoRules>;

const Promo = Type.Object({ code: PromoCode, uses: Type.Integer(), ...PromoRules.properties }, { $id: 'Promo' });
export type Promo = Static<typeof Promo>;

export const listPromos = contract({
  method: 'GET',
  path: '/api/shop/admin/promos',
  tags,
  summary: 'Promo codes, newest first',
  access: 'admin',
  query: Type.Object(pageQuery({ defaultLimit: 50 }), { additionalProperties: false }),
  response: { 200: Type.Object({ promos: Type.Array(Promo), next: Next }) },
});

export const savePromo = contract({
  method: 'PUT',
  path: '/api/shop/admin/promos/:code',
  tags,
  summary: 'Add a promo code, or change it',
  access: 'admin',
  params: Type.Object({ code: PromoCode }),
  body: PromoRules,
  response: { 200: Promo },
});
