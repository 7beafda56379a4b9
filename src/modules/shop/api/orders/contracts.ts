/** Checkout, one's own orders, and their payment through a provider. */
import { type Static, Type } from 'typebox';
import { contract, media } from '#http/contract.ts';
import { IdempotencyHeaders, requestKeyFilter } from '#http/idempotency.ts';
import { Next, pageQuery } from '#http/paging.ts';
import { orderStates } from '../../domain/arithmetic.ts';
import { Address, at, coins, houseNote, OneOrder, OrderId, ProductId, VariantId } from '../schemas.ts';

const tags = ['shop'];

const paymentMethod = Type.Union([Type.Literal('coins'), Type.Literal('provider')]);
const CheckoutInput = Type.Object(
  {
    payment: paymentMethod,
    expectedTotal: Type.Integer({ minimum: 1, description: 'The total of the cart as it was shown; another one is refused' }),
    shipTo: Address,
  },
  { additionalProperties: false },
);
export type CheckoutInput = Static<typeof CheckoutInput>;

export const OrderState = Type.Enum([...orderStates]);

export const OrderSummary = Type.Object(
  {
    id: OrderId,
    accountId: Type.String(),
    state: OrderState,
    total: coins('Paid or to be paid'),
    refunded: coins('What went back'),
    createdAt: at('When it was ordered'),
  },
  { $id: 'OrderSummary' },
);
export type OrderSummary = Static<typeof OrderSummary>;

const OrderLine = Type.Object({
  line: Type.Integer(),
  variantId: VariantId,
  productId: ProductId,
  productName: Type.String(),
  variantName: Type.String(),
  instrument: Type.String({ description: 'What its sale is called on the tape' }),
  unitPrice: coins('A piece'),
  quantity: Type.Integer(),
  taxBasisPoints: Type.Integer(),
  discount: coins('Taken off'),
  net: coins('Without tax'),
  tax: coins('Tax'),
  gross: coins('Paid for the line'),
  refundedQuantity: Type.Integer({ description: 'Pieces refunded so far' }),
});

export const Order = Type.Object(
  {
    id: OrderId,
    accountId: Type.String(),
    state: OrderState,
    taxMode: Type.Union([Type.Literal('included'), Type.Literal('added')]),
    subtotal: coins('Before discount'),
    discount: coins('Taken off'),
    tax: coins('Tax in the total'),
    total: coins('Paid or to be paid'),
    refunded: coins('What went back'),
    promoCode: Type.Union([Type.String(), Type.Null()]),
    shipTo: Address,
    createdAt: at('When it was ordered'),
    paidAt: Type.Union([Type.Integer(), Type.Null()]),
    lines: Type.Array(OrderLine),
    payment: Type.Union([Type.Object({ method: paymentMethod, amount: coins('Paid'), at: at('When') }), Type.Null()]),
    refunds: Type.Array(Type.Object({ id: Type.String(), amount: coins('Given back'), reason: Type.String(), houseNote, at: at('When') })),
    history: Type.Array(Type.Object({ state: OrderState, note: Type.String(), houseNote, at: at('When') }), {
      description: 'Oldest first',
    }),
    payAt: Type.Union([Type.String(), Type.Null()], { description: 'Where to pay, while it waits for the provider' }),
  },
  { $id: 'Order' },
);
export type Order = Static<typeof Order>;

const OrderPage = Type.Object({ orders: Type.Array(OrderSummary, { description: 'Newest first' }), next: Next });

export const checkOut = contract({
  method: 'POST',
  path: '/api/shop/checkout',
  tags,
  summary: 'Order what is in the cart',
  description: 'Order, stock and coins in one transaction: either all of it happened, or nothing.',
  access: 'account',
  headers: IdempotencyHeaders,
  body: CheckoutInput,
  response: { 201: Order },
});

export const listOrders = contract({
  method: 'GET',
  path: '/api/shop/orders',
  tags,
  summary: 'One’s own orders',
  access: 'account',
  query: Type.Object({ ...pageQuery(), key: requestKeyFilter }, { additionalProperties: false }),
  response: { 200: OrderPage },
});

export const readOrder = contract({
  method: 'GET',
  path: '/api/shop/orders/:id',
  tags,
  summary: 'One of one’s own orders',
  access: 'account',
  params: OneOrder,
  response: { 200: Order },
});

export const cancelOrder = contract({
  method: 'POST',
  path: '/api/shop/orders/:id/cancellation',
  tags,
  summary: 'Cancel an order that is not packed yet',
  description: 'What was paid goes back.',
  access: 'account',
  params: OneOrder,
  response: { 200: Order },
});

const TakenEvent = Type.Object({ outcome: Type.String({ description: 'applied, repeated or late' }) });

export const takePaymentEvent = contract({
  method: 'POST',
  path: '/api/shop/payment-events',
  tags,
  summary: 'For the payment provider: a payment succeeded or failed',
  description: 'Signed in the provider’s header; each event counts once, however often it is delivered.',
  access: 'anyone',
  // As bytes: the signature is of what was sent.
  body: media(
    'application/json',
    'The event as the provider signed it',
    '{"kind":"paid","paymentId":"payment_1","reference":"KO-7G2M-Q0ZD-41XB","amount":12,"eventId":"event_1"}',
  ),
  bodyLimit: 16_384,
  response: { 200: TakenEvent },
});

export const payAtTestProvider = contract({
  method: 'POST',
  path: '/api/shop/orders/:id/test-payment',
  tags,
  summary: 'Pay with the test provider, or fail to',
  description: 'No money moves. What follows goes the way of a real message: signed, checked and applied once.',
  access: 'account',
  params: OneOrder,
  body: Type.Object({ outcome: Type.Union([Type.Literal('paid'), Type.Literal('failed')]) }, { additionalProperties: false }),
  response: { 200: TakenEvent },
});
