/** How results are sent to a customer's receivers. */
import { Type } from 'typebox';
import { contract } from '#http/contract.ts';
import { maybeAt, OneOrder } from '../orders/schemas.ts';

const tags = ['errands'];

const Webhook = Type.Object(
  {
    address: Type.Union([Type.String(), Type.Null()], { description: 'Where results are sent; null for nowhere' }),
    state: Type.Enum(['off', 'works', 'fails', 'given-up'], {
      description: '`given-up`: it took nothing for three days, and gets nothing any more',
    }),
    waiting: Type.Integer({ description: 'Results that wait; counted up to 1,000' }),
    nextAt: maybeAt('When the next one is sent'),
    takenAt: maybeAt('When the receiver last took a result'),
    takenNumber: Type.Union([Type.Integer(), Type.Null()], { description: 'Which it was' }),
    failure: Type.Union([Type.String(), Type.Null()], { description: 'Why the last attempt failed' }),
    failures: Type.Integer({ description: 'Failed attempts in a row' }),
    failedAt: maybeAt('When it failed'),
    gaveUpAt: maybeAt('When the house gave up'),
  },
  { $id: 'ErrandWebhook' },
);

export const readWebhook = contract({
  method: 'GET',
  path: '/api/errands/orders/:id/webhook',
  tags,
  summary: 'Whether the webhook of an order works',
  access: 'account',
  params: OneOrder,
  response: { 200: Webhook },
});

export const resumeWebhook = contract({
  method: 'POST',
  path: '/api/errands/orders/:id/webhook/resume',
  tags,
  summary: 'Send to a receiver again that the house has given up on',
  description: 'From the next result on; those in between are in the feed.',
  access: 'account',
  params: OneOrder,
  response: { 200: Webhook },
});

const Secret = Type.Object({ secret: Type.String({ description: 'Begins with whsec_, as libraries for Standard Webhooks take it' }) });

export const readSecret = contract({
  method: 'GET',
  path: '/api/errands/webhook-secret',
  tags,
  summary: 'The secret that one’s webhooks are signed with',
  access: 'session',
  response: { 200: Secret },
});

export const renewSecret = contract({
  method: 'POST',
  path: '/api/errands/webhook-secret/renewal',
  tags,
  summary: 'A new secret: from now on webhooks are signed with it only',
  access: 'session',
  response: { 200: Secret },
});
