/** The feed over WebSocket: a subscription a socket, from any number on, at the speed of its reader. */
import type { RawData, WebSocket } from 'ws';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import type { SocketEndpoint, SocketRequest } from '#http/types.ts';
import type { Feed, FeedAsk } from './feed.ts';

const path = '/api/errands/feed/socket';
/** Results of one message. */
const messageLimit = 50;
/** A socket on which nothing was subscribed to is closed. */
const firstMessageMs = 10_000;
/** A client that does not read what it was sent for so long is closed. It connects again and goes on. */
const maxBehindMs = 10_000;
const waitMs = 60_000;

/** Close codes of RFC 6455. */
const codes = { goingAway: 1001, policy: 1008, internal: 1011, tryAgainLater: 1013 } as const;

type Subscription = Pick<FeedAsk, 'orderId' | 'pages'> & { readonly after: number | undefined };

export function feedSocket(feed: Feed, clock: Clock, log: Log): SocketEndpoint {
  return {
    path,
    says: 'Results as they arrive. Send {"type":"subscribe","after":0,"order":"KE-…","pages":false}; the answers are {"type":"results","items":[…],"next":7}.',
    open: (socket, request) => {
      // What arrives before it is known who sends it waits.
      const first = firstMessage(socket, clock);
      void serve(socket, request, first).catch((error: unknown) => {
        log.warn({ requestId: request.id, err: error }, 'a socket of the feed failed');
        socket.close(codes.internal, 'something broke on our side: connect again');
      });
    },
  };

  async function serve(socket: WebSocket, request: SocketRequest, first: Promise<string | undefined>): Promise<void> {
    const identity = await request.identity();
    if (identity === undefined || !identity.scopes.includes('read'))
      return refused(socket, 'this needs a session, or an access token with the scope read');
    const text = await first;
    if (text === undefined) return refused(socket, `nothing was subscribed to within ${firstMessageMs / 1_000} seconds`);
    const wanted = subscriptionIn(text);
    if (wanted === undefined) return refused(socket, 'the first message is {"type":"subscribe"}, with after, order and pages where wanted');
    let leave: () => void;
    try {
      leave = feed.admit();
    } catch (error) {
      return socket.close(codes.tryAgainLater, (error as Error).message.slice(0, 100));
    }
    try {
      await sendAll(socket, request, identity.account.id, wanted);
    } finally {
      leave();
    }
  }

  async function sendAll(
    socket: WebSocket,
    request: SocketRequest,
    accountId: string,
    { after: from, orderId, pages }: Subscription,
  ): Promise<void> {
    const closed = new AbortController();
    socket.on('close', () => closed.abort('closed'));
    let after = from ?? (await feed.head(accountId));
    // The number that it goes on from, for a client that asked for none.
    let sent = await write(socket, { type: 'subscribed', next: after });
    while (sent && !closed.signal.aborted && !feed.stopping.aborted) {
      const { items, next } = await feed.next({ accountId, orderId, after, limit: messageLimit, pages }, waitMs, closed.signal);
      // A session or a token that ended in between gets nothing more.
      if ((await request.identity()) === undefined) return refused(socket, 'the session or the access token has ended');
      if (next === after) continue;
      after = next;
      sent = await write(socket, { type: 'results', items, next });
    }
    if (!sent) socket.close(codes.tryAgainLater, 'too slow: connect again and go on');
    else if (feed.stopping.aborted) socket.close(codes.goingAway, 'this instance is stopping: connect again and go on');
  }

  /** Resolves when the message has left; false when the client takes too long. */
  async function write(socket: WebSocket, message: object): Promise<boolean> {
    const left = new AbortController();
    let done = false;
    socket.send(JSON.stringify(message), { binary: false }, () => {
      done = true;
      left.abort('sent');
    });
    await clock.sleep(maxBehindMs, left.signal);
    return done;
  }
}

function refused(socket: WebSocket, why: string): void {
  socket.close(codes.policy, why.slice(0, 120));
}

function firstMessage(socket: WebSocket, clock: Clock): Promise<string | undefined> {
  const came = new AbortController();
  let text: string | undefined;
  const receive = (data: RawData, isBinary: boolean) => {
    // One subscription a socket: what follows is not read.
    if (text === undefined && !isBinary) text = data.toString();
    came.abort('came');
  };
  socket.on('message', receive);
  socket.on('close', () => came.abort('closed'));
  return clock.sleep(firstMessageMs, came.signal).then(() => text);
}

function subscriptionIn(text: string): Subscription | undefined {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { type, after, order, pages = false } = (message ?? {}) as Readonly<Record<string, unknown>>;
  if (type !== 'subscribe' || typeof pages !== 'boolean') return undefined;
  if (after !== undefined && !(Number.isSafeInteger(after) && (after as number) >= 0)) return undefined;
  if (order !== undefined && !(typeof order === 'string' && /^KE(-[0-9A-Z]{4}){3}$/.test(order))) return undefined;
  return { after: after as number | undefined, orderId: order, pages };
}
