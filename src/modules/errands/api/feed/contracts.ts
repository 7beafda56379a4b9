/** The feed of results: long poll, and server-sent events. */
import { Type } from 'typebox';
import { contract, media } from '#http/contract.ts';
import { OrderId } from '../orders/schemas.ts';
import { itemFields } from '../results/schemas.ts';
import { maxFeedItems } from './feed.ts';

const tags = ['errands'];

const maxWaitSeconds = 25;
/** A stream of events ends then, and its client connects again: to any instance. */
export const maxStreamMs = 10 * 60_000;

const position = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const asked = {
  after: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description:
        'The `feed` number of the last result that the client has, 0 for all that are kept; left out, only what comes from now on',
    }),
  ),
  order: Type.Optional(OrderId),
};

const FeedItem = Type.Object(
  {
    ...itemFields,
    page: Type.Optional(
      Type.Union([Type.String(), Type.Null()], {
        description: 'With `pages`: the page, gzip in base64; null where there is none, or where it is large and has a route of its own',
      }),
    ),
  },
  { $id: 'ErrandFeedItem' },
);

export const readFeed = contract({
  method: 'GET',
  path: '/api/errands/feed/results',
  tags,
  summary: 'Results after a number of the feed, as they arrive',
  staysOpen: true,
  description:
    'Ask again with `after` set to `next`. The numbers mean the same on every instance. Orders that are only for changes leave results without one out.',
  access: 'account',
  query: Type.Object(
    {
      ...asked,
      wait: Type.Integer({
        minimum: 0,
        maximum: maxWaitSeconds,
        default: 0,
        description: 'Seconds to wait for a result where there is none',
      }),
      limit: Type.Integer({ minimum: 1, maximum: maxFeedItems, default: 100 }),
      pages: Type.Boolean({ default: false, description: 'Whether to send pages along' }),
    },
    { additionalProperties: false },
  ),
  response: {
    200: Type.Object({
      items: Type.Array(FeedItem),
      next: Type.Integer({ description: 'Send it as `after`' }),
      head: Type.Integer({ description: 'The number of the newest result of the account' }),
    }),
  },
});

export const followFeed = contract({
  method: 'GET',
  path: '/api/errands/feed/events',
  tags,
  summary: 'Results as server-sent events',
  staysOpen: true,
  description:
    'Each event is called `result`, its data is a result as JSON, and its id is the number of the feed. A stream ends after some minutes; connected again with Last-Event-ID, as browsers do by themselves, it goes on without a gap.',
  access: 'account',
  query: Type.Object(asked, { additionalProperties: false }),
  headers: Type.Object({ 'last-event-id': Type.Optional(position) }),
  response: { 200: media('text/event-stream', 'Events') },
  handlerTimeoutMs: maxStreamMs + 60_000,
});
