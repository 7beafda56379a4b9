/** A test fetch, before anything is paid. */

import { Type } from 'typebox';
import { contract } from '#http/contract.ts';
import { orNull } from '../or-null.ts';
import { NextTimes, OrderInput } from '../orders/schemas.ts';

export const maxTextChars = 20_000;
export const maxPreviewMs = 28_000;

export const previewOrder = contract({
  method: 'POST',
  path: '/api/errands/preview',
  tags: ['errands'],
  summary: 'Fetch the page of an order once, and show what would be kept of it and when',
  description:
    'It is checked as when it is ordered. It costs nothing, and nothing is stored. One at a time for each account: ten at once and then one every six seconds, and twenty of a host at once and then one every three. `Retry-After` says how long to wait.',
  access: 'account',
  body: OrderInput,
  response: {
    200: Type.Object({
      failure: orNull(Type.String({ description: 'Why there is no page' })),
      page: orNull(
        Type.Object({
          status: Type.Integer({ description: 'Of HTTP' }),
          address: Type.String({ description: 'Where it came from, after redirects' }),
          contentType: orNull(Type.String()),
          bytes: Type.Integer(),
          totalMs: Type.Integer({ description: 'How long it took' }),
        }),
      ),
      text: orNull(Type.String({ description: 'As people see it, its beginning; null for what is no text' })),
      found: orNull(
        Type.Object(
          { value: orNull(Type.String()), number: orNull(Type.Number()), problem: orNull(Type.String()) },
          { description: 'What was extracted; null for the whole page' },
        ),
      ),
      nextTimes: NextTimes,
    }),
  },
  handlerTimeoutMs: maxPreviewMs + 5_000,
});
