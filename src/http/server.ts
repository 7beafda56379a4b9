/** The one HTTP server of a process: routes and sockets of its roles, behind the same limits, checks, errors and numbers. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest, type FastifySchema, fastify } from 'fastify';
import { BrokenInvariant, KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import type { Random } from '#core/ports/random.ts';
import { addDocumentation } from './documentation.ts';
import { type Gate, openGate } from './gate.ts';
import { addHealthRoutes, type MetricsSource, type Readiness } from './health.ts';
import { addJsonParser } from './json-body.ts';
import { defaultLimits, type HttpLimits } from './limits.ts';
import { otherMethods, type RouteTable } from './methods.ts';
import { observeRequests, rememberCause } from './observe.ts';
import { swaggerOptions } from './openapi.ts';
import { failureOf, problemMediaType, problemOf, rawProblem } from './problems.ts';
import { securityHeaders } from './security-headers.ts';
import { addSessions, type SessionOptions } from './sessions.ts';
import { hostMend, openSockets, originMend } from './sockets.ts';
import type { Web } from './types.ts';
import { serializerCompiler, validatorCompiler } from './validation.ts';

export interface WebServerOptions {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly webs: readonly Web[];
  ready(): Readiness | Promise<Readiness>;
  /** Called when a handler finds an invariant broken: the books may be wrong, the process must not go on. */
  readonly fail?: (error: unknown) => void;
  readonly log: Log;
  readonly metrics: MetricsSource;
  readonly clock: Clock;
  readonly random: Random;
  readonly version: string;
  readonly allowedHosts?: readonly string[];
  readonly trustedProxies?: readonly string[];
  readonly limits?: Partial<HttpLimits>;
  /** Left out where nobody has an account: then everybody is a stranger. */
  readonly sessions?: SessionOptions;
}

export interface WebServer {
  /** Such as `http://127.0.0.1:3000`. */
  readonly url: string;
  readonly port: number;
  /** Takes no new connections, answers 503 on old ones, and waits for running requests and sockets until `signal` aborts. */
  drain(signal: AbortSignal): Promise<void>;
  /** Cuts what is still open. Never waits for a client. */
  stop(): Promise<void>;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Asked by machines: see health.ts. */
    readonly health?: boolean;
  }
}

export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const { host, port, webs, log, metrics, clock, random } = options;
  const limits: HttpLimits = { ...defaultLimits, ...options.limits };
  const gate = openGate({ host, allowedHosts: options.allowedHosts ?? [], trustedProxies: options.trustedProxies ?? [] });
  const requestId = (request: IncomingMessage) => saneRequestId(request.headers['x-request-id']) ?? random.id();
  const endpoints = webs.flatMap((web) => web.sockets ?? []);
  const sockets = openSockets({ endpoints, limits, gate, clock, log, metrics: metrics.metrics, requestId });
  const state = { draining: false };

  const server = await buildServer(options, limits, gate, state, requestId);
  server.server.on('upgrade', sockets.upgrade);
  try {
    await server.ready();
    await listen(server.server, host, port);
  } catch (error) {
    sockets.stop();
    await server.close();
    throw error;
  }
  // Such as too many open files: clients wait, the process goes on.
  server.server.on('error', (error) => log.error({ err: error }, 'the web server could not take a connection'));
  const address = server.server.address() as AddressInfo;

  async function drain(signal: AbortSignal): Promise<void> {
    state.draining = true;
    const closed = new Promise<void>((resolve) => server.server.close(() => resolve()));
    const aborted = new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    await Promise.race([Promise.all([closed, sockets.drain(signal)]), aborted]);
  }

  async function stop(): Promise<void> {
    state.draining = true;
    sockets.stop();
    server.server.close();
    server.server.closeAllConnections();
    await server.close();
  }

  return { url: `http://${urlHost(host)}:${address.port}`, port: address.port, drain, stop };
}

async function buildServer(
  options: WebServerOptions,
  limits: HttpLimits,
  gate: Gate,
  state: { readonly draining: boolean },
  requestId: (request: IncomingMessage) => string,
): Promise<FastifyInstance> {
  const { webs, log, metrics } = options;
  const routes: RouteTable = new Map();

  const server = fastify({
    serverFactory: (handler) => httpServer(limits).on('request', handler),
    genReqId: requestId,
    requestIdHeader: false,
    trustProxy: (address) => gate.proxyTrusted(address),
    bodyLimit: limits.bodyBytes,
    handlerTimeout: limits.handlerTimeoutMs,
    // Draining answers in our own words; see the first hook.
    return503OnClosing: false,
    clientErrorHandler: (error, socket) => {
      if (error.code === 'ECONNRESET' || socket.destroyed) return socket.destroy();
      const why = malformed(error);
      socket.end(rawProblem(failureOf(why, limits.bodyBytes), requestId({ headers: {} } as IncomingMessage)), () => socket.destroy());
    },
    frameworkErrors: (error, request, reply) => answerProblem(error, request, reply),
  });

  server.addHook('onRoute', (route) => {
    const { method, url, schema, bodyLimit = limits.bodyBytes } = route;
    if (schema?.body !== undefined) route.schema = documented(schema, bodyLimit);
    const methods = routes.get(url) ?? new Set();
    for (const name of [method].flat()) methods.add(name);
    routes.set(url, methods);
  });
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  // Without text/plain, which a form of another site can send without asking first.
  server.removeAllContentTypeParsers();
  addJsonParser(server);
  server.setErrorHandler((error: FastifyError, request, reply) => answerProblem(error, request, reply));

  addSessions(server, options.sessions);
  observeRequests(server, log, metrics.metrics);
  server.addHook('onRequest', (request, reply, done) => {
    setStandingHeaders(request, reply);
    if (changesSomething(request)) watchForLeaving(request, reply);
    if (state.draining) reply.header('connection', 'close');
    done(refusalAtTheDoor(request));
  });
  server.addHook('onSend', (_request, reply, _payload, done) => {
    if (state.draining) reply.header('connection', 'close');
    done();
  });
  if (limits.requestsPerMinute > 0) {
    await server.register(rateLimit, {
      max: limits.requestsPerMinute,
      timeWindow: 60_000,
      // Kept per address; beyond so many addresses the least recent ones are forgotten.
      cache: 10_000,
      errorResponseBuilder: (_request, { after, max }) =>
        new KontorError('too_many_requests', `At most ${max} requests a minute from one address: try again in ${after}.`),
    });
    server.setNotFoundHandler({ preHandler: server.rateLimit() }, answerNotFound);
  } else {
    server.setNotFoundHandler(answerNotFound);
  }
  await server.register(swagger, swaggerOptions(options.version));

  addHealthRoutes(server, { ready: options.ready, draining: () => state.draining, metrics });
  addDocumentation(
    server,
    webs.flatMap((web) => web.sockets ?? []),
  );
  for (const web of webs) {
    // In a scope of its own, a role's hooks and content types stay with its routes.
    await server.register(async (scope) => web.routes?.(scope));
  }
  return server;

  function refusalAtTheDoor(request: FastifyRequest): KontorError | undefined {
    const { host, origin } = request.headers;
    if (state.draining && request.routeOptions.config.health !== true)
      return new KontorError('unavailable', 'This instance is stopping: send the request again.');
    if (!gate.requestAllowed(request.raw)) return new KontorError('forbidden', hostMend);
    if (changesSomething(request) && !gate.originAllowed(origin, host)) return new KontorError('forbidden', originMend);
    return undefined;
  }

  function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const problem = failureOf(error, request.routeOptions?.bodyLimit ?? limits.bodyBytes);
    rememberCause(request, error);
    if (error instanceof BrokenInvariant) {
      log.error({ requestId: request.id, err: error }, 'a request found an invariant broken');
      options.fail?.(error);
    }
    const body = problemOf(problem, request.id);
    if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', problem.retryAfterSeconds);
    // For what fails before the first hook has set them.
    setStandingHeaders(request, reply);
    return reply.code(body.status).header('cache-control', 'no-store').type(problemMediaType).send(JSON.stringify(body));
  }

  async function answerNotFound(request: FastifyRequest, reply: FastifyReply): Promise<never> {
    const [path = ''] = request.url.split('?', 1);
    const allowed = otherMethods(routes, path);
    if (allowed.length > 0) {
      reply.header('allow', allowed.join(', '));
      throw new KontorError('method_not_allowed', `${request.method} is not for ${path}; it takes ${allowed.join(', ')}.`);
    }
    throw new KontorError('not_found', `There is nothing at ${path}; /api/docs lists what there is.`);
  }
}

function documented(schema: FastifySchema, maxBodyBytes: number): FastifySchema {
  return Object.assign({ 'x-max-body-bytes': maxBodyBytes }, schema);
}

function httpServer(limits: HttpLimits): Server {
  const server = createServer({
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.min(limits.headersTimeoutMs, 5_000),
    // Other upgrades (h2c) are declined by answering as if they had not been asked for, as HTTP says.
    shouldUpgradeCallback: (request) => request.headers.upgrade?.toLowerCase() === 'websocket',
  });
  server.maxHeadersCount = limits.headersCount;
  server.maxConnections = limits.connections;
  server.timeout = limits.connectionTimeoutMs;
  return server;
}

/** What stands on every answer. */
function setStandingHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-request-id', request.id).headers(securityHeaders);
}

/**
 * Fastify takes a request that closes for a client that left, and then aborts `request.signal` and stops the handler's clock.
 * A request also closes when its body has been read (fastify#6725): only an unfinished answer that closes tells that the client left.
 */
function watchForLeaving({ raw }: FastifyRequest, reply: FastifyReply): void {
  for (const left of raw.listeners('close')) {
    raw.off('close', left as () => void);
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) left();
    });
  }
}

function changesSomething(request: FastifyRequest): boolean {
  return request.method !== 'GET' && request.method !== 'HEAD' && request.method !== 'OPTIONS';
}

/** A client may name its request, so that its logs and ours can be joined; within what fits a log line. */
function saneRequestId(header: string | string[] | undefined): string | undefined {
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
        `port ${port} on ${host} is taken by another process: stop that one, or choose another port, such as PORT=${port + 1}`,
        { cause: error },
      );
    case 'EACCES':
      return new KontorError(
        'invalid_option',
        `port ${port} on ${host} needs rights that this user does not have: choose one above 1023, such as PORT=3000`,
        { cause: error },
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new KontorError('invalid_option', `${host} is no address of this machine: choose another, such as HOST=127.0.0.1`, {
        cause: error,
      });
    default:
      return error;
  }
}

/** The host as it stands in a URL that a person can open on this machine. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
