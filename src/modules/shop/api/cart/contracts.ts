/** The cart of the customer who asks, as a guest or a member. */
import { type Static, Type } from 'typebox';
import { contract } from '#http/contract.ts';
import { at, coins, OneVariant, ProductId, PromoCode, picture, VariantId } from '../schemas.ts';

const tags = ['shop'];

const Reason = Type.Object({
  name: Type.String(),
  values: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
});

const CartLine = Type.Object({
  variantId: VariantId,
  productId: ProductId,
  productName: Type.String(),
  picture,
  variantName: Type.String(),
  unitPrice: coins('A piece'),
  quantity: Type.Integer(),
  available: Type.Integer({ description: 'Pieces that can be ordered now; fewer than `quantity` is a line to change' }),
  gross: coins('To be paid for the line'),
});
const CartView = Type.Object(
  {
    lines: Type.Array(CartLine),
    promo: Type.Union([
      Type.Object({
        code: Type.String(),
        refused: Type.Union([Type.String(), Type.Null()], { description: 'Why it does not count; null when it does' }),
        reason: Type.Union([Reason, Type.Null()], { description: 'The same by its stable name, and what it tells' }),
      }),
      Type.Null(),
    ]),
    subtotal: coins('Before discount, at listed prices'),
    discount: coins('Taken off'),
    tax: coins('Tax in the total'),
    total: coins('To be paid: send it as `expectedTotal` with the checkout'),
    ready: Type.Boolean({ description: 'Whether all of it can be ordered now' }),
  },
  { $id: 'Cart' },
);
export type CartView = Static<typeof CartView>;

export const readCart = contract({
  method: 'GET',
  path: '/api/shop/cart',
  tags,
  summary: 'One’s own cart',
  description: 'A guest’s cart joins the member’s after login.',
  access: 'anyone',
  response: { 200: CartView },
  cacheControl: 'no-store',
});

export const setPieces = contract({
  method: 'PUT',
  path: '/api/shop/cart/lines/:id',
  tags,
  summary: 'Put pieces into the cart, or take them out',
  access: 'anyone',
  params: OneVariant,
  body: Type.Object(
    { quantity: Type.Integer({ minimum: 0, maximum: 99, description: 'Pieces; 0 takes the line away' }) },
    { additionalProperties: false },
  ),
  response: { 200: CartView },
});

export const emptyCart = contract({
  method: 'DELETE',
  path: '/api/shop/cart',
  tags,
  summary: 'Empty the cart',
  access: 'anyone',
  response: { 200: CartView },
});

export const applyPromo = contract({
  method: 'PUT',
  path: '/api/shop/cart/promo',
  tags,
  summary: 'Use a promo code',
  description: 'Whether it counts is shown in the cart.',
  access: 'anyone',
  body: Type.Object({ code: PromoCode }, { additionalProperties: false }),
  response: { 200: CartView },
});

export const dropPromo = contract({
  method: 'DELETE',
  path: '/api/shop/cart/promo',
  tags,
  summary: 'Use no promo code',
  access: 'anyone',
  response: { 200: CartView },
});

export const reserveCart = contract({
  method: 'POST',
  path: '/api/shop/cart/reservation',
  tags,
  summary: 'Keep the pieces in the cart for a while',
  description: 'Until the time is over, the cart is changed, or it is ordered.',
  access: 'account',
  response: { 200: Type.Object({ expiresAt: at('Until when the pieces are kept') }) },
});
