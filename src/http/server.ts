/** The HTTP server of a process: it serves the routes and sockets of all roles, with the same limits, checks, errors and metrics. */
import type { IncomingMessage, Server } from 'node:http';
import { type AddressInfo, Server as ConnectionServer } from 'node:net';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, type FastifySchema, fastify } from 'fastify';
import { BrokenInvariant, KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import type { Random } from '#core/ports/random.ts';
import { addDocumentation } from './documentation.ts';
import { addressOf, type Gate, hostAdvice, openGate, originAdvice } from './gate.ts';
import { addHealthRoutes, type MetricsSource, type Readiness } from './health.ts';
import { addJsonParser } from './json-body.ts';
import { KeptLane } from './kept-lane.ts';
import { defaultLimits, type HttpLimits } from './limits.ts';
import { otherMethods, type RouteTable } from './methods.ts';
import { createServer } from './node-http.ts';
import { type Observer, observeRequests, openObserver, rememberCause } from './observe.ts';
import { OpenPlaces } from './open-places.ts';
import { failureOf, problemMediaType, problemOf, rawProblem } from './problems.ts';
import { RateLimit, rateHeaders } from './rate-limit.ts';
import { securityHeaders } from './security-headers.ts';
import { addSessions, noAccounts, type SessionOptions } from './sessions.ts';
import { openSockets } from './sockets.ts';
import type { SocketEndpoint, Web } from './types.ts';
import { serializerCompiler, validatorCompiler } from './validation.ts';

export interface WebServerOptions {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly webs: readonly Web[];
  ready(): Readiness | Promise<Readiness>;
  /** Called when a handler finds a broken invariant: the books may be wrong, so the process must stop. */
  readonly fail?: (error: unknown) => void;
  readonly log: Log;
  readonly metrics: MetricsSource;
  readonly clock: Clock;
  readonly random: Random;
  readonly version: string;
  readonly allowedHosts?: readonly string[];
  readonly trustedProxies?: readonly string[];
  readonly limits?: Partial<HttpLimits>;
  /** Left out where there are no accounts: then every client is a stranger. */
  readonly sessions?: SessionOptions;
}

export interface WebServer {
  /** Such as `http://127.0.0.1:3000`. */
  readonly url: string;
  readonly port: number;
  /**
   * Takes no new connections, and waits for running requests and sockets until `signal` aborts. New requests on open connections get
   * 503; from trusted proxies only after `proxyGraceMs`, in which they are served and their connections closed.
   */
  drain(signal: AbortSignal): Promise<void>;
  /** Closes all open connections without waiting for their clients. */
  stop(): Promise<void>;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A health route; see health.ts. */
    readonly health?: boolean;
  }
}

export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const { host, port, webs, log, metrics, clock, random } = options;
  const limits: HttpLimits = { ...defaultLimits, ...options.limits };
  const gate = openGate({ host, allowedHosts: options.allowedHosts ?? [], trustedProxies: options.trustedProxies ?? [] });
  const requestId = (request: IncomingMessage) => validRequestId(request.headers['x-request-id']) ?? random.id();
  const { identify } = options.sessions ?? noAccounts;
  const places = new OpenPlaces(limits, gate);
  const { metrics: counters } = metrics;
  const sockets = openSockets({ endpoints: socketsOf(webs), limits, places, gate, clock, log, metrics: counters, identify, requestId });
  const state = { draining: false, refusing: false };
  const observer = openObserver(log, counters, clock);
  const rates = limits.requestsPerMinute > 0 ? new RateLimit(limits.requestsPerMinute, clock) : undefined;
  const kept = new KeptLane({ gate, clock, log, metrics: counters, observer, rates, draining: () => state.draining, requestId });

  const server = await buildServer({ options, limits, places, gate, state, requestId, observer, rates, kept });
  server.server.on('upgrade', sockets.upgrade);
  try {
    await server.ready();
    await listen(server.server, host, port);
  } catch (error) {
    sockets.stop();
    await server.close();
    throw error;
  }
  // Such as too many open files: clients wait, the process continues.
  server.server.on('error', (error) => log.error({ err: error }, 'the web server could not take a connection'));
  const address = server.server.address() as AddressInfo;

  async function drain(signal: AbortSignal): Promise<void> {
    state.draining = true;
    const over = new AbortController();
    const aborted = new Promise<void>((resolve) => over.signal.addEventListener('abort', () => resolve(), { once: true }));
    const end = () => over.abort();
    signal.addEventListener('abort', end, { once: true });
    // Not the method of http.Server, which also closes idle connections.
    const closed = new Promise<void>((resolve) => ConnectionServer.prototype.close.call(server.server, () => resolve()));
    const done = Promise.all([closed, sockets.drain(signal)]).then(end);
    if (signal.aborted) end();
    if ((options.trustedProxies ?? []).length > 0) await Promise.race([done, clock.sleep(limits.proxyGraceMs, over.signal)]);
    state.refusing = true;
    server.server.closeIdleConnections();
    await Promise.race([done, aborted]);
    signal.removeEventListener('abort', end);
  }

  async function stop(): Promise<void> {
    state.draining = true;
    state.refusing = true;
    sockets.stop();
    server.server.close();
    server.server.closeAllConnections();
    await server.close();
  }

  return { url: `http://${urlHost(host)}:${address.port}`, port: address.port, drain, stop };
}

/** What the parts of one server share. */
interface Context {
  readonly options: WebServerOptions;
  readonly limits: HttpLimits;
  readonly places: OpenPlaces;
  readonly gate: Gate;
  readonly state: {
    /** Takes no new connections, and closes open ones after the next answer. */
    readonly draining: boolean;
    /** Answers 503 on open connections. */
    readonly refusing: boolean;
  };
  readonly requestId: (request: IncomingMessage) => string;
  readonly observer: Observer;
  readonly rates: RateLimit | undefined;
  readonly kept: KeptLane;
}

async function buildServer(context: Context): Promise<FastifyInstance> {
  const { options, limits, places, gate, state, requestId, observer, kept } = context;
  const { webs, log, metrics } = options;
  const answerProblem = problemHandler(context);

  const server = fastify({
    serverFactory: (handler) =>
      httpServer(limits).on('request', (request, response) => {
        if (!kept.serve(request, response)) handler(request, response);
      }),
    genReqId: requestId,
    requestIdHeader: false,
    trustProxy: (address) => gate.proxyTrusted(address),
    bodyLimit: limits.bodyBytes,
    handlerTimeout: limits.handlerTimeoutMs,
    // While draining, refusalBeforeRouting() answers with a problem instead.
    return503OnClosing: false,
    clientErrorHandler: (error, socket) => {
      if (error.code === 'ECONNRESET' || socket.destroyed) return socket.destroy();
      socket.end(rawProblem(failureOf(malformed(error), limits.bodyBytes), options.random.id()), () => socket.destroy());
    },
    frameworkErrors: answerProblem,
  });
  const routes = collectRoutes(server, limits);
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  // This also removes text/plain, which a form of another site can send without a preflight request.
  server.removeAllContentTypeParsers();
  addJsonParser(server);
  server.setErrorHandler(answerProblem);

  addSessions(server, options.sessions);
  server.decorate('openPlaces', places);
  server.decorate('kept', kept);
  observeRequests(server, observer, log);
  addRequestHooks(server, context);
  server.setNotFoundHandler(async (request, reply) => {
    throw notFound(routes, request, reply);
  });
  addDocumentation(server, { version: options.version, sockets: socketsOf(webs) });
  const update = () => {
    observer.update();
    kept.update();
  };
  addHealthRoutes(server, { ready: options.ready, draining: () => state.draining, metrics, update });
  for (const web of webs) {
    // The scope keeps a role's hooks and content types with its own routes.
    await server.register(async (scope) => web.routes?.(scope));
  }
  return server;
}

/** Records the methods of each route, and documents the body limit of those that take a body. */
function collectRoutes(server: FastifyInstance, limits: HttpLimits): RouteTable {
  const routes: RouteTable = new Map();
  server.addHook('onRoute', (route) => {
    const { method, url, schema, bodyLimit = limits.bodyBytes } = route;
    if (schema?.body !== undefined) route.schema = documented(schema, bodyLimit);
    const methods = routes.get(url) ?? new Set();
    for (const name of [method].flat()) methods.add(name);
    routes.set(url, methods);
  });
  return routes;
}

function addRequestHooks(server: FastifyInstance, context: Context): void {
  const { state } = context;
  server.addHook('onRequest', (request, reply, done) => {
    setCommonHeaders(request, reply);
    if (changesState(request)) watchForDisconnect(request, reply);
    if (state.draining) reply.header('connection', 'close');
    done(refusalBeforeRouting(context, request) ?? refusalByRate(context, request, reply));
  });
  server.addHook('onSend', (_request, reply, _payload, done) => {
    if (state.draining) reply.header('connection', 'close');
    done();
  });
}

function refusalBeforeRouting({ state, gate }: Context, request: FastifyRequest): KontorError | undefined {
  const { host, origin } = request.headers;
  if (state.refusing && request.routeOptions.config.health !== true)
    return new KontorError('unavailable', 'This instance is stopping: send the request again.');
  if (!gate.requestAllowed(request.raw)) return new KontorError('forbidden', hostAdvice);
  if (changesState(request) && !gate.originAllowed(origin, host)) return new KontorError('forbidden', originAdvice);
  return undefined;
}

/** Health and metrics are not counted. */
function refusalByRate({ rates, gate }: Context, request: FastifyRequest, reply: FastifyReply): KontorError | undefined {
  if (rates === undefined || request.routeOptions.config.health === true) return undefined;
  const allowance = rates.take(addressOf(request.raw, gate));
  const headers = rateHeaders(allowance);
  for (let at = 0; at < headers.length; at += 2) reply.header(headers[at] ?? '', headers[at + 1]);
  if (!allowance.refused) return undefined;
  const { perMinute, resetSeconds } = allowance;
  reply.header('retry-after', resetSeconds);
  return new KontorError('too_many_requests', `At most ${perMinute} requests a minute from one address: try again in ${resetSeconds} s.`);
}

function notFound(routes: RouteTable, { method, url }: FastifyRequest, reply: FastifyReply): KontorError {
  const [path = ''] = url.split('?', 1);
  const allowed = otherMethods(routes, path);
  if (allowed.length === 0) return new KontorError('not_found', `There is nothing at ${path}; /api/docs lists all routes.`);
  reply.header('allow', allowed.join(', '));
  return new KontorError('method_not_allowed', `${path} does not take ${method}; it takes ${allowed.join(', ')}.`);
}

function problemHandler({ options: { log, fail }, limits }: Context) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const problem = failureOf(error, request.routeOptions?.bodyLimit ?? limits.bodyBytes);
    rememberCause(request, error);
    if (error instanceof BrokenInvariant) {
      log.error({ requestId: request.id, err: error }, 'a request found a broken invariant');
      fail?.(error);
    }
    const body = problemOf(problem, request.id);
    if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', problem.retryAfterSeconds);
    // Some errors occur before the onRequest hook has set these.
    setCommonHeaders(request, reply);
    return reply.code(body.status).header('cache-control', 'no-store').type(problemMediaType).send(JSON.stringify(body));
  };
}

function documented(schema: FastifySchema, maxBodyBytes: number): FastifySchema {
  return Object.assign({ 'x-max-body-bytes': maxBodyBytes }, schema);
}

function socketsOf(webs: readonly Web[]): readonly SocketEndpoint[] {
  return webs.flatMap((web) => web.sockets ?? []);
}

function httpServer(limits: HttpLimits): Server {
  const server = createServer({
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.min(limits.headersTimeoutMs, 5_000),
    // Other upgrades, such as h2c, are ignored, as HTTP allows.
    shouldUpgradeCallback: (request) => request.headers.upgrade?.toLowerCase() === 'websocket',
  });
  server.maxHeadersCount = limits.headersCount;
  server.maxConnections = limits.connections;
  server.timeout = limits.connectionTimeoutMs;
  return server;
}

/** Sets the headers of every answer. */
function setCommonHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-request-id', request.id).headers(securityHeaders);
}

/**
 * Fastify reads the `close` event of a request as a disconnect: it aborts `request.signal` and stops the handler's timeout.
 * But a request also closes when its body has been read (fastify#6725), so this listens for an unfinished answer that closes instead.
 */
function watchForDisconnect({ raw }: FastifyRequest, reply: FastifyReply): void {
  for (const onDisconnect of raw.listeners('close')) {
    raw.off('close', onDisconnect as () => void);
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) onDisconnect();
    });
  }
}

function changesState(request: FastifyRequest): boolean {
  return request.method !== 'GET' && request.method !== 'HEAD' && request.method !== 'OPTIONS';
}

/** A client may send a request id, to find the request in both logs. */
function validRequestId(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && /^[\w.-]{8,64}$/.test(header) ? header : undefined;
}

function malformed(error: { code?: string }): KontorError {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return new KontorError('too_large', 'The headers are too large.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new KontorError('timed_out', 'The request did not arrive in time.');
    default:
      return new KontorError('invalid_input', 'This is not a valid HTTP request.');
  }
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException) => reject(listenFailure(error, host, port));
    server.once('error', refuse);
    server.listen({ host, port }, () => {
      server.off('error', refuse);
      resolve();
    });
  });
}

function listenFailure(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new KontorError(
        'address_in_use',
        `port ${port} on ${host} is in use by another process: stop that process, or choose another port, such as PORT=${port + 1}`,
        { cause: error },
      );
    case 'EACCES':
      return new KontorError(
        'invalid_option',
        `port ${port} on ${host} needs privileges that this user does not have: choose a port above 1023, such as PORT=3000`,
        { cause: error },
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new KontorError('invalid_option', `${host} is not an address of this machine: choose another, such as HOST=127.0.0.1`, {
        cause: error,
      });
    default:
      return error;
  }
}

/** The host for a URL that can be opened on this machine. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
