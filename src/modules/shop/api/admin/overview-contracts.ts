/** The shop at a glance, for admins. */
import { type Static, Type } from 'typebox';
import { contract } from '#http/contract.ts';
import { Sums } from '#http/sums.ts';
import { OrderState } from '../orders/contracts.ts';
import { StockLevel } from './goods-contracts.ts';

const ShopOverview = Type.Object(
  {
    sales: Sums,
    refunds: Sums,
    owed: Type.Object(
      { count: Type.Integer(), coins: Type.Integer() },
      { description: 'Refunds that the payment provider has not taken note of' },
    ),
    open: Type.Array(
      Type.Object({ state: OrderState, orders: Type.Integer(), more: Type.Boolean({ description: 'Whether there are more than that' }) }),
      { description: 'Orders that somebody has to do something for' },
    ),
    low: Type.Array(StockLevel, { description: 'What runs low, the least first' }),
  },
  { $id: 'ShopOverview' },
);
export type ShopOverview = Static<typeof ShopOverview>;

export const readOverview = contract({
  method: 'GET',
  path: '/api/shop/admin/overview',
  tags: ['shop admin'],
  summary: 'Sales, refunds, open orders, and what runs low',
  access: 'admin',
  response: { 200: ShopOverview },
});
