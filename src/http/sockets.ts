/** WebSockets: routes upgrades to endpoints by exact path, within limits, and closes dead connections. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Identify, Identity } from '#core/account.ts';
import { KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import type { Metrics } from '#core/ports/metrics.ts';
import { Refill } from '#core/refill.ts';
import { addressOf, type Gate, hostAdvice, originAdvice, protocolOf } from './gate.ts';
import type { HttpLimits } from './limits.ts';
import type { OpenPlaces } from './open-places.ts';
import { type Failure, failure, failureOf, rawProblem } from './problems.ts';
import { credentialsIn } from './sessions.ts';
import type { SocketEndpoint, SocketRequest } from './types.ts';

export interface SocketsOptions {
  readonly endpoints: readonly SocketEndpoint[];
  readonly limits: HttpLimits;
  readonly places: OpenPlaces;
  readonly gate: Gate;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly identify: Identify;
  requestId(request: IncomingMessage): string;
}

export interface Sockets {
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void;
  /** Refuses new sockets, gives endpoints `socketGraceMs` to close theirs, closes the rest with 1001, and waits until all are closed or `signal` aborts. */
  drain(signal: AbortSignal): Promise<void>;
  /** Terminates all open sockets. */
  stop(): void;
}

/** The open sockets, and whether each has answered the last ping. */
type OpenSockets = Map<WebSocket, { answered: boolean }>;

/** Close codes of RFC 6455. */
const goingAway = 1001;
const internalError = 1011;
const policyViolation = 1008;
const tryAgainLater = 1013;
/** How long a client that floods has to close. */
const closeMs = 1_000;

export function openSockets({ endpoints, limits, places, gate, clock, log, metrics, identify, requestId }: SocketsOptions): Sockets {
  const byPath = endpointsByPath(endpoints);
  const acceptors = new Map(endpoints.map((endpoint) => [endpoint, acceptorFor(endpoint, limits)]));
  const openGauge = metrics.gauge('http_sockets_open', 'Open WebSockets');
  const refused = metrics.counter('http_sockets_refused_total', 'Refused WebSockets', ['code']);
  const open: OpenSockets = new Map();
  const stopping = new AbortController();
  let draining = false;
  let onAllClosed: (() => void) | undefined;

  function upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    // Without a listener, a peer that disconnects during the handshake would end the process.
    stream.on('error', () => stream.destroy());
    const id = requestId(request);
    const path = pathOf(request);
    const target = endpointFor(request, stream, path);
    if ('code' in target) {
      refused.add(1, { code: target.code });
      log.debug({ requestId: id, path, code: target.code }, 'socket refused');
      stream.end(rawProblem(target, id), () => stream.destroy());
      return;
    }
    acceptors
      .get(target)
      ?.handleUpgrade(request, stream, head, (socket) => accept(target, socket, askedBy(request, id, socket, { gate, identify, places })));
  }

  function endpointFor(request: IncomingMessage, stream: Duplex, path: string): SocketEndpoint | Failure {
    const { host, origin } = request.headers;
    if (draining) return failure('unavailable', 'This instance is stopping: connect again.');
    if (!gate.requestAllowed(request)) return failure('forbidden', hostAdvice);
    if (!gate.originAllowed(origin, host)) return failure('forbidden', originAdvice);
    const endpoint = byPath.get(path);
    if (endpoint === undefined)
      return failure('not_found', `There is no socket at ${path}; this process has ${[...byPath.keys()].join(', ') || 'no sockets'}.`);
    if (open.size >= limits.sockets)
      return failure('overloaded', 'This instance has reached its limit of sockets: connect again later, or to another instance.');
    try {
      stream.once('close', places.ofClient(request));
    } catch (error) {
      return failureOf(error, limits.bodyBytes);
    }
    return endpoint;
  }

  function accept(endpoint: SocketEndpoint, socket: WebSocket, request: SocketRequest): void {
    const life = { answered: true };
    open.set(socket, life);
    openGauge.set(open.size);
    heedPongs(socket, life);
    // ws closes the socket after an error, such as a message that is too large; without a listener it would throw.
    socket.on('error', (error) => log.debug({ requestId: request.id, err: error }, 'socket failed'));
    socket.on('close', () => {
      open.delete(socket);
      openGauge.set(open.size);
      if (open.size === 0) onAllClosed?.();
    });
    if (endpoint.holdsBack !== true) limitMessages(socket, limits, clock);
    try {
      endpoint.open(socket, request);
    } catch (error) {
      log.error({ requestId: request.id, path: endpoint.path, err: error }, 'socket endpoint failed');
      socket.close(internalError, 'something broke on our side');
    }
  }

  async function drain(signal: AbortSignal): Promise<void> {
    draining = true;
    if (open.size === 0) return;
    const over = new AbortController();
    const end = () => over.abort();
    const ended = new Promise((resolve) => over.signal.addEventListener('abort', resolve, { once: true }));
    onAllClosed = end;
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
    await clock.sleep(limits.socketGraceMs, over.signal);
    for (const socket of open.keys()) socket.close(goingAway, 'this instance is stopping');
    await ended;
    signal.removeEventListener('abort', end);
  }

  function stop(): void {
    draining = true;
    stopping.abort();
    for (const socket of open.keys()) socket.terminate();
    for (const acceptor of acceptors.values()) acceptor.close();
  }

  void terminateDead(open, clock, limits.socketPingMs, stopping.signal);
  return { upgrade, drain, stop };
}

type Asking = Pick<SocketsOptions, 'gate' | 'identify' | 'places'>;

function askedBy(request: IncomingMessage, id: string, socket: WebSocket, { gate, identify, places }: Asking): SocketRequest {
  const credentials = credentialsIn(request.headers, protocolOf(request, gate));
  let counted = false;
  return {
    id,
    address: addressOf(request, gate),
    async identity() {
      const identity = credentials === undefined ? undefined : await identify(credentials);
      if (identity === undefined || counted) return identity;
      counted = true;
      return countForAccount(socket, identity, places);
    },
  };
}

/** Closes the socket where its account has all that it may have. */
function countForAccount(socket: WebSocket, identity: Identity, places: OpenPlaces): Identity | undefined {
  try {
    const leave = places.ofAccount(identity.account.id);
    if (socket.readyState === socket.CLOSED) leave();
    else socket.once('close', leave);
    return identity;
  } catch (error) {
    socket.close(tryAgainLater, (error as Error).message.slice(0, 120));
    return undefined;
  }
}

function acceptorFor({ messageBytes }: SocketEndpoint, limits: HttpLimits): WebSocketServer {
  return new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: messageBytes ?? limits.socketMessageBytes,
    // Compression costs up to 300 KB of memory for each socket, and CPU time for each message.
    perMessageDeflate: false,
  });
}

function endpointsByPath(endpoints: readonly SocketEndpoint[]): ReadonlyMap<string, SocketEndpoint> {
  const byPath = new Map<string, SocketEndpoint>();
  for (const endpoint of endpoints) {
    if (byPath.has(endpoint.path))
      throw new KontorError('internal', `two roles of this process offer the socket ${endpoint.path}: run them in separate processes`);
    byPath.set(endpoint.path, endpoint);
  }
  return byPath;
}

function heedPongs(socket: WebSocket, life: { answered: boolean }): void {
  socket.on('pong', () => {
    life.answered = true;
  });
}

/** Closes the socket of a client that floods it. */
function limitMessages(socket: WebSocket, { socketMessages, socketMessagesPerSecond }: HttpLimits, clock: Clock): void {
  const allowed = new Refill(socketMessages, socketMessagesPerSecond, clock);
  const count = () => {
    if (allowed.take()) return;
    // What is still on its way is not read.
    socket.removeAllListeners('message');
    socket.removeListener('ping', count);
    socket.close(policyViolation, 'too many messages');
    socket.pause();
    void clock.sleep(closeMs).then(() => socket.terminate());
  };
  socket.on('message', count);
  socket.on('ping', count);
}

/** Pings every socket each `periodMs`, and terminates those that did not answer the last ping. */
async function terminateDead(open: OpenSockets, clock: Clock, periodMs: number, signal: AbortSignal): Promise<void> {
  for (;;) {
    await clock.sleep(periodMs, signal);
    if (signal.aborted) return;
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

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/';
}
