/** The feed over HTTP. */
import type { Clock } from '#core/ports/clock.ts';
import { type Route, route } from '#http/route.ts';
import { isStillKnown } from '#http/sessions.ts';
import * as contracts from './contracts.ts';
import type { Feed, FeedAsk } from './feed.ts';

/** How often an idle stream shows that it is alive. */
const beatMs = 15_000;
/** Results of one event loop's turn: little memory for a slow client. */
const streamLimit = 50;
/** A client that takes so long for what it was sent is let go. */
const maxBehindMs = 30_000;

export function feedRoutes(feed: Feed, clock: Clock): readonly Route[] {
  return [
    route(contracts.readFeed, async ({ account, query: { after, order, wait, limit, pages }, signal }) => {
      const leave = feed.admit();
      try {
        const ask = { accountId: account.id, orderId: order, after: after ?? (await feed.head(account.id)), limit, pages };
        return await feed.next(ask, wait * 1_000, signal);
      } finally {
        leave();
      }
    }),

    route(contracts.followFeed, async ({ account, query, headers, request, reply, signal }) => {
      // Proxies would hold events back.
      reply.header('x-accel-buffering', 'no');
      const leave = feed.admit();
      // Also when the client has left before the first event.
      signal.addEventListener('abort', leave, { once: true });
      const after =
        headers['last-event-id'] ??
        query.after ??
        (await feed.head(account.id).catch((error: unknown) => {
          leave();
          throw error;
        }));
      const ask = { accountId: account.id, orderId: query.order, after, limit: streamLimit, pages: false };
      const stream = { signal, leave, letGo: () => reply.raw.destroy(), isKnown: () => isStillKnown(request) };
      return events(feed, clock, ask, stream);
    }),
  ];
}

interface Follower {
  readonly signal: AbortSignal;
  leave(): void;
  /** Ends the connection of a client that does not read. */
  letGo(): void;
  /** Whether the session or the token has not ended in between. */
  isKnown(): Promise<boolean>;
}

async function* events(feed: Feed, clock: Clock, ask: FeedAsk, { signal, leave, letGo, isKnown }: Follower): AsyncGenerator<string> {
  const endsMs = clock.monotonicMs() + contracts.maxStreamMs;
  let { after } = ask;
  try {
    yield `retry: 1000\nid: ${after}\n\n`;
    while (!signal.aborted && !feed.stopping.aborted && clock.monotonicMs() < endsMs) {
      const { items, next } = await feed.next({ ...ask, after }, beatMs, signal);
      if (!(await isKnown())) return;
      after = next;
      const read = new AbortController();
      void clock.sleep(maxBehindMs, read.signal).then(() => {
        if (!read.signal.aborted) letGo();
      });
      try {
        // An event without data moves the client's number on, and shows that the stream is alive.
        yield `${items.map((item) => `event: result\nid: ${item.feed}\ndata: ${JSON.stringify(item)}\n\n`).join('')}id: ${next}\n\n`;
      } finally {
        read.abort('read, or gone');
      }
    }
  } finally {
    leave();
  }
}
