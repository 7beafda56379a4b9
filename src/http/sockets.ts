/** WebSockets: upgrades go by exact path to an endpoint, within limits, and dead connections are found and cut. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import type { Metrics } from '#core/ports/metrics.ts';
import { clientAddress, type Gate } from './gate.ts';
import type { HttpLimits } from './limits.ts';
import { type Failure, failure, rawProblem } from './problems.ts';
import type { SocketEndpoint } from './types.ts';

export interface SocketsOptions {
  readonly endpoints: readonly SocketEndpoint[];
  readonly limits: HttpLimits;
  readonly gate: Gate;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  requestId(request: IncomingMessage): string;
}

export interface Sockets {
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void;
  /** Refuses new sockets; gives endpoints a moment to end theirs, closes the rest with 1001, and waits until all are gone or `signal` aborts. */
  drain(signal: AbortSignal): Promise<void>;
  /** Cuts what is still open. */
  stop(): void;
}

/** Close codes of RFC 6455. */
const goingAway = 1001;
const internalError = 1011;

export function openSockets({ endpoints, limits, gate, clock, log, metrics, requestId }: SocketsOptions): Sockets {
  const byPath = new Map<string, SocketEndpoint>();
  for (const endpoint of endpoints) {
    if (byPath.has(endpoint.path))
      throw new KontorError('internal', `two roles of this process offer the socket ${endpoint.path}: run them in processes of their own`);
    byPath.set(endpoint.path, endpoint);
  }
  const acceptor = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: limits.socketMessageBytes,
    // Compressing costs each socket up to 300 KB of memory and each message its share of the core.
    perMessageDeflate: false,
  });
  const openGauge = metrics.gauge('http_sockets_open', 'WebSockets that are open');
  const refused = metrics.counter('http_sockets_refused_total', 'WebSockets that were refused', ['code']);
  /** Each open socket, and whether it answered since the last ping. */
  const open = new Map<WebSocket, { answered: boolean }>();
  const stopping = new AbortController();
  let draining = false;
  let nothingOpen: (() => void) | undefined;

  function upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    // A peer that goes away during the handshake must not take the process with it.
    stream.on('error', () => stream.destroy());
    const id = requestId(request);
    const path = pathOf(request);
    const endpoint = byPath.get(path);
    const refusal = refusalOf(request, path, endpoint);
    if (refusal !== undefined || endpoint === undefined) {
      const why = refusal ?? failure('not_found', 'There is no such socket.');
      refused.add(1, { code: why.code });
      log.debug({ requestId: id, path, code: why.code }, 'socket refused');
      stream.end(rawProblem(why, id), () => stream.destroy());
      return;
    }
    acceptor.handleUpgrade(request, stream, head, (socket) => {
      const peer = request.socket.remoteAddress ?? '';
      welcome(endpoint, socket, id, clientAddress(gate, peer, request.headers['x-forwarded-for']));
    });
  }

  function refusalOf(request: IncomingMessage, path: string, endpoint: SocketEndpoint | undefined): Failure | undefined {
    if (draining) return failure('unavailable', 'This instance is stopping: connect again.');
    if (!gate.requestAllowed(request)) return failure('forbidden', hostMend);
    if (!gate.originAllowed(request.headers.origin, request.headers.host)) return failure('forbidden', originMend);
    if (endpoint === undefined)
      return failure('not_found', `There is no socket at ${path}; there is ${[...byPath.keys()].join(', ') || 'none'}.`);
    if (open.size >= limits.sockets)
      return failure('overloaded', 'This instance has as many sockets as it serves: connect again later, or to another.');
    return undefined;
  }

  function welcome(endpoint: SocketEndpoint, socket: WebSocket, id: string, address: string): void {
    const life = { answered: true };
    open.set(socket, life);
    openGauge.set(open.size);
    socket.on('pong', () => {
      life.answered = true;
    });
    // ws closes the socket itself after an error, such as a message that is too large; without a listener it would throw.
    socket.on('error', (error) => log.debug({ requestId: id, err: error }, 'socket failed'));
    socket.on('close', () => {
      open.delete(socket);
      openGauge.set(open.size);
      if (open.size === 0) nothingOpen?.();
    });
    try {
      endpoint.open(socket, { id, address });
    } catch (error) {
      log.error({ requestId: id, path: endpoint.path, err: error }, 'socket endpoint failed');
      socket.close(internalError, 'something broke on our side');
    }
  }

  async function findDead(): Promise<void> {
    for (;;) {
      await clock.sleep(limits.socketPingMs, stopping.signal);
      if (stopping.signal.aborted) return;
      for (const [socket, life] of open) {
        if (!life.answered) {
          socket.terminate();
          continue;
        }
        life.answered = false;
        socket.ping();
      }
    }
  }
  void findDead();

  async function drain(signal: AbortSignal): Promise<void> {
    draining = true;
    if (open.size === 0) return;
    const empty = new Promise<void>((resolve) => {
      nothingOpen = resolve;
    });
    const over = new AbortController();
    const cut = () => over.abort();
    if (signal.aborted) cut();
    signal.addEventListener('abort', cut, { once: true });
    void empty.then(cut);
    await clock.sleep(limits.socketGraceMs, over.signal);
    for (const socket of open.keys()) socket.close(goingAway, 'this instance is stopping');
    if (!over.signal.aborted)
      await Promise.race([empty, new Promise((resolve) => over.signal.addEventListener('abort', resolve, { once: true }))]);
    signal.removeEventListener('abort', cut);
  }

  function stop(): void {
    draining = true;
    stopping.abort();
    for (const socket of open.keys()) socket.terminate();
    acceptor.close();
  }

  return { upgrade, drain, stop };
}

export const hostMend = 'The house does not answer to this host name. Use localhost, or start it with ALLOWED_HOSTS naming the host.';
export const originMend =
  'Pages of another site may not do this. If the site is yours, start the house with ALLOWED_HOSTS naming its host.';

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/';
}
