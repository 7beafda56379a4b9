/** The routes of the wishes: what they take and answer. */
import { Type } from 'typebox';
import { contract } from '#http/contract.ts';
import { Next, PageQuery } from '#http/paging.ts';
import { maxWishLength } from '../domain/wish.ts';

const Wish = Type.Object({
  id: Type.String(),
  text: Type.String(),
  price: Type.Integer({ description: 'Coins' }),
  at: Type.Integer({ description: 'Milliseconds since 1970' }),
});

export const listWishes = contract({
  method: 'GET',
  path: '/api/wishes',
  tags: ['wishes'],
  summary: 'What people wish for, newest first',
  access: 'anyone',
  query: PageQuery,
  response: { 200: Type.Object({ items: Type.Array(Wish), next: Next, price: Type.Integer({ description: 'What a wish costs now' }) }) },
});

export const makeWish = contract({
  method: 'POST',
  path: '/api/wishes',
  tags: ['wishes'],
  summary: 'Make a wish, and pay for it',
  access: 'account',
  headers: Type.Object({
    'idempotency-key': Type.String({
      pattern: '^[!-~]{8,200}$',
      description: 'New for every new wish. Sent again with the same wish it costs nothing, and is answered as before',
    }),
  }),
  body: Type.Object({ text: Type.String({ minLength: 1, maxLength: maxWishLength }) }, { additionalProperties: false }),
  response: { 201: Wish },
});
