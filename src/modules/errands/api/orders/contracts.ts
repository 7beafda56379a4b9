/** Orders: placed, followed, changed, carried from house to house. */
import { Type } from 'typebox';
import { contract } from '#http/contract.ts';
import { IdempotencyHeaders, requestKeyFilter } from '#http/idempotency.ts';
import { Next, PageQuery, pageQuery } from '#http/paging.ts';
import { at, Export, maybeAt, NextTimes, OneOrder, Order, OrderId, OrderInput, OrderStateName, Price } from './schemas.ts';

const tags = ['errands'];

export const quoteOrder = contract({
  method: 'POST',
  path: '/api/errands/orders/quote',
  tags,
  summary: 'What an order would cost, and when it would be due',
  description: 'It is checked as when it is ordered, and nothing is stored.',
  access: 'account',
  body: OrderInput,
  response: { 200: Type.Object({ price: Price, nextTimes: NextTimes }) },
});

export const placeOrder = contract({
  method: 'POST',
  path: '/api/errands/orders',
  tags,
  summary: 'Order a recurring fetch',
  description: 'The order, its coins and its first runs in one transaction: either all of it happened, or nothing.',
  access: 'account',
  headers: IdempotencyHeaders,
  body: OrderInput,
  response: { 201: Order },
});

export const listOrders = contract({
  method: 'GET',
  path: '/api/errands/orders',
  tags,
  summary: 'One’s own orders, the newest first',
  access: 'account',
  query: Type.Object(
    {
      ...pageQuery(),
      state: Type.Optional(OrderStateName),
      search: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'A part of the title, the address or the id' })),
      key: requestKeyFilter,
    },
    { additionalProperties: false },
  ),
  response: { 200: Type.Object({ orders: Type.Array(Order), next: Next }) },
});

export const readOrder = contract({
  method: 'GET',
  path: '/api/errands/orders/:id',
  tags,
  summary: 'One of one’s own orders',
  access: 'account',
  params: OneOrder,
  response: { 200: Order },
});

export const changeOrder = contract({
  method: 'PUT',
  path: '/api/errands/orders/:id',
  tags,
  summary: 'Change an order',
  description:
    'All terms are sent. A changed schedule begins a new generation of runs, and coins follow: what more repetitions cost is taken, what fewer cost comes back. Runs that are due already go on.',
  access: 'account',
  params: OneOrder,
  body: OrderInput,
  response: { 200: Order },
});

export const pauseOrder = contract({
  method: 'POST',
  path: '/api/errands/orders/:id/pause',
  tags,
  summary: 'Pause an order',
  description: 'Runs that are due already go on. What is due during the pause is not made up for, and costs no repetition.',
  access: 'account',
  params: OneOrder,
  response: { 200: Order },
});

export const resumeOrder = contract({
  method: 'POST',
  path: '/api/errands/orders/:id/resume',
  tags,
  summary: 'Let an order go on',
  access: 'account',
  params: OneOrder,
  response: { 200: Order },
});

export const cancelOrder = contract({
  method: 'POST',
  path: '/api/errands/orders/:id/cancellation',
  tags,
  summary: 'Cancel an order',
  description: 'Coins of what no miner has begun come back at once; what miners are at goes on.',
  access: 'account',
  params: OneOrder,
  response: { 200: Order },
});

export const runOrder = contract({
  method: 'POST',
  path: '/api/errands/orders/:id/runs',
  tags,
  summary: 'Run an order now, beside its schedule',
  description: 'Such a run costs coins of its own, and counts as no repetition.',
  access: 'account',
  params: OneOrder,
  headers: IdempotencyHeaders,
  response: { 201: Type.Object({ orderId: OrderId, generation: Type.Integer(), slot: Type.Integer() }) },
});

const OpenRun = Type.Object(
  {
    generation: Type.Integer({ description: '0 for those asked for by hand' }),
    slot: Type.Integer(),
    copy: Type.Integer(),
    state: Type.Enum(['ahead', 'waiting', 'claimed'], { description: 'Not due yet, waiting for a miner, or with one' }),
    dueAt: at('When it is due'),
    visibleAt: at('When it can be claimed, or until when it is with its miner'),
    failsAt: at('When it fails and is refunded'),
    attempts: Type.Integer(),
    claimedAt: maybeAt('When it was claimed'),
    miner: Type.Union([Type.String(), Type.Null()], { description: 'Who claimed it: an alias, the same within the order, or `house`' }),
    failure: Type.Union([Type.String(), Type.Null()], { description: 'Why the last attempt failed' }),
  },
  { $id: 'ErrandsOpenRun' },
);

export const listRuns = contract({
  method: 'GET',
  path: '/api/errands/orders/:id/runs',
  tags,
  summary: 'The runs of an order that are open at present, by their time',
  access: 'account',
  params: OneOrder,
  query: PageQuery,
  response: { 200: Type.Object({ runs: Type.Array(OpenRun), next: Next }) },
});

export const cloneOrder = contract({
  method: 'POST',
  path: '/api/errands/orders/:id/clone',
  tags,
  summary: 'Order the same once more',
  description: 'From now on, where the start is over.',
  access: 'account',
  params: OneOrder,
  headers: IdempotencyHeaders,
  response: { 201: Order },
});

export const exportOrders = contract({
  method: 'GET',
  path: '/api/errands/orders/export',
  tags,
  summary: 'One’s own orders that are neither done nor cancelled, as a file that can be imported',
  access: 'account',
  query: Type.Object({ id: Type.Optional(OrderId) }, { additionalProperties: false }),
  response: { 200: Export },
});

export const importOrders = contract({
  method: 'POST',
  path: '/api/errands/orders/import',
  tags,
  summary: 'Place all orders of an export, or none',
  access: 'account',
  headers: IdempotencyHeaders,
  body: Export,
  bodyLimit: 4 * 1_024 * 1_024,
  response: { 201: Type.Object({ ids: Type.Array(OrderId) }) },
});
