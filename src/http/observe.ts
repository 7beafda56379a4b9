/** Counts, measures and logs every request. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '#core/ports/log.ts';
import type { Metrics } from '#core/ports/metrics.ts';

const durationBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** The error behind a failed request, kept until the request is logged. */
const causes = new WeakMap<FastifyRequest, unknown>();

export function rememberCause(request: FastifyRequest, cause: unknown): void {
  causes.set(request, cause);
}

export function observeRequests(server: FastifyInstance, log: Log, metrics: Metrics): void {
  const duration = metrics.histogram('http_request_duration_seconds', 'Time from the request to the end of the answer', durationBuckets, [
    'method',
    'route',
    'status',
  ]);
  const inFlightGauge = metrics.gauge('http_requests_in_flight', 'Requests in progress');
  let inFlight = 0;

  server.addHook('onRequest', (_request, reply, done) => {
    inFlight += 1;
    inFlightGauge.set(inFlight);
    // `close` is emitted for every answer, also when the client disconnects early.
    reply.raw.once('close', () => {
      inFlight -= 1;
      inFlightGauge.set(inFlight);
    });
    done();
  });

  server.addHook('onResponse', (request, reply, done) => {
    // The label is the pattern: each distinct path would be a time series of its own.
    const route = request.routeOptions.url ?? 'none';
    duration.observe(reply.elapsedTime / 1_000, { method: request.method, route, status: String(reply.statusCode) });
    logRequest(log, request, reply, route);
    done();
  });
}

function logRequest(log: Log, request: FastifyRequest, reply: FastifyReply, route: string): void {
  const fields = {
    requestId: request.id,
    method: request.method,
    route,
    path: request.url.split('?', 1)[0],
    status: reply.statusCode,
    tookMs: Math.round(reply.elapsedTime * 10) / 10,
  };
  if (reply.statusCode < 500 || request.routeOptions.config.health === true) {
    log.debug(fields, 'request answered');
    return;
  }
  const cause = causes.get(request);
  log.warn(cause === undefined ? fields : { ...fields, err: cause }, 'request failed');
}
