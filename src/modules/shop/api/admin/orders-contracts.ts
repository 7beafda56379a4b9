/** Orders of all customers, for admins: moving them on, refunds, and who ordered. */
import { type Static, Type } from 'typebox';
import { contract } from '#http/contract.ts';
import { IdempotencyHeaders } from '#http/idempotency.ts';
import { Next, PageQuery, pageQuery } from '#http/paging.ts';
import { Order, OrderState, OrderSummary } from '../orders/contracts.ts';
import { accountName, houseNote, OneOrder, OrderId, prose, search } from '../schemas.ts';

const tags = ['shop admin'];

const AdminOrderSummary = Type.Object({ ...OrderSummary.properties, accountName }, { $id: 'AdminOrderSummary' });
export type AdminOrderSummary = Static<typeof AdminOrderSummary>;

const AdminOrderPage = Type.Object({ orders: Type.Array(AdminOrderSummary, { description: 'Newest first' }), next: Next });

const AdminOrder = Type.Object({ ...Order.properties, accountName }, { $id: 'AdminOrder' });
export type AdminOrder = Static<typeof AdminOrder>;

export const listOrders = contract({
  method: 'GET',
  path: '/api/shop/admin/orders',
  tags,
  summary: 'Everybody’s orders',
  description: 'A search looks for a whole number, or for what the name, the last name or the address of the customer begins with.',
  access: 'admin',
  query: Type.Object(
    {
      state: Type.Optional(OrderState),
      accountId: Type.Optional(Type.String({ pattern: '^[0-9A-Za-z_-]{1,100}$' })),
      search,
      ...pageQuery(),
    },
    { additionalProperties: false },
  ),
  response: { 200: AdminOrderPage },
});

export const readOrder = contract({
  method: 'GET',
  path: '/api/shop/admin/orders/:id',
  tags,
  summary: 'One order',
  access: 'admin',
  params: OneOrder,
  response: { 200: AdminOrder },
});

const StateInput = Type.Object(
  {
    state: Type.Union([Type.Literal('packed'), Type.Literal('shipped'), Type.Literal('delivered'), Type.Literal('cancelled')]),
    note: prose('For the history, such as a tracking number', 200),
  },
  { additionalProperties: false },
);
export type StateInput = Static<typeof StateInput>;

export const moveOrder = contract({
  method: 'POST',
  path: '/api/shop/admin/orders/:id/state',
  tags,
  summary: 'Move an order on',
  description: 'Cancelling gives back what was paid; a shipped order is refunded instead.',
  access: 'admin',
  params: OneOrder,
  body: StateInput,
  response: { 200: AdminOrder },
});

const RefundInput = Type.Object(
  {
    reason: prose('Told to the customer', 200),
    everything: Type.Optional(Type.Boolean({ description: 'All that is left of the order' })),
    restock: Type.Optional(Type.Boolean({ description: 'With `everything`: whether the goods go back on the shelf' })),
    lines: Type.Optional(
      Type.Array(
        Type.Object(
          {
            line: Type.Integer({ minimum: 1, maximum: 1_000 }),
            quantity: Type.Integer({ minimum: 1, maximum: 99 }),
            restock: Type.Boolean({ description: 'Whether they go back on the shelf' }),
          },
          { additionalProperties: false },
        ),
        { minItems: 1, maxItems: 50 },
      ),
    ),
    amount: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1_000_000_000, description: 'Coins on top; the goods stay with the customer' }),
    ),
  },
  { additionalProperties: false, description: 'Exactly one of `everything`, `lines` and `amount`' },
);
export type RefundInput = Static<typeof RefundInput>;

const RefundView = Type.Object({ id: Type.String(), orderId: OrderId, amount: Type.Integer() });

export const refundOrder = contract({
  method: 'POST',
  path: '/api/shop/admin/orders/:id/refunds',
  tags,
  summary: 'Give back what was paid, all of it or a part',
  access: 'admin',
  params: OneOrder,
  headers: IdempotencyHeaders,
  body: RefundInput,
  response: { 201: RefundView },
});

const ListedRefund = Type.Object({
  ...RefundView.properties,
  reason: Type.String(),
  houseNote,
  by: Type.String(),
  byName: accountName,
  at: Type.Integer(),
  settled: Type.Boolean({ description: 'False while it is owed: the payment provider has not taken note yet' }),
});
export type ListedRefund = Static<typeof ListedRefund>;

export const listRefunds = contract({
  method: 'GET',
  path: '/api/shop/admin/refunds',
  tags,
  summary: 'What went back, the newest first',
  description: 'What was paid through the provider is owed until the provider has taken note.',
  access: 'admin',
  query: Type.Object(
    {
      settled: Type.Optional(Type.Boolean({ description: 'Only those that are settled, or only those that are owed' })),
      ...pageQuery({ defaultLimit: 50 }),
    },
    { additionalProperties: false },
  ),
  response: { 200: Type.Object({ refunds: Type.Array(ListedRefund, { description: 'The newest first' }), next: Next }) },
});

const Customer = Type.Object({
  accountId: Type.String(),
  accountName,
  orders: Type.Integer(),
  spent: Type.Integer(),
  refunded: Type.Integer(),
  lastOrderAt: Type.Integer(),
});

export const listCustomers = contract({
  method: 'GET',
  path: '/api/shop/admin/customers',
  tags,
  summary: 'Who ordered something',
  description: 'The most recent first; the accounts themselves are at /api/people.',
  access: 'admin',
  query: PageQuery,
  response: { 200: Type.Object({ customers: Type.Array(Customer), next: Next }) },
});
