/** Counts, measures and logs every request. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import type { Metrics } from '#core/ports/metrics.ts';

const durationBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

interface AnsweredRequest {
  readonly id: string;
  readonly method: string;
  /** The pattern: each distinct path would be a time series of its own. */
  readonly route: string;
  readonly url: string;
  readonly status: number;
  readonly tookMs: number;
}

export interface Observer {
  /** A request begins; `ended` follows, also when the client disconnects early. */
  began(): void;
  ended(): void;
  /** Measures an answer; the caller logs those that failed. */
  answered(request: AnsweredRequest): void;
  /** Brings the metrics of requests in progress up to date: before somebody reads them. */
  update(): void;
}

export function openObserver(log: Log, metrics: Metrics, clock: Clock): Observer {
  const duration = metrics.histogram('http_request_duration_seconds', 'Time from the request to the end of the answer', durationBuckets, [
    'method',
    'route',
    'status',
  ]);
  const { change, update } = inFlightCount(metrics, clock);
  return {
    began: () => change(1),
    ended: () => change(-1),
    update,
    answered(request) {
      const { method, route, status, tookMs } = request;
      duration.observe(tookMs / 1_000, { method, route, status: String(status) });
      if (status < 500) log.debug(fieldsOf(request), 'request answered');
    },
  };
}

/** The number of requests in progress now, and the sum of their times, which a scraper turns into an average. */
function inFlightCount(metrics: Metrics, clock: Clock) {
  const now = metrics.gauge('http_requests_in_flight', 'Requests in progress');
  const seconds = metrics.counter(
    'http_requests_in_flight_seconds_total',
    'Time spent by all requests in progress: its increase a second is the average number of requests in progress',
  );
  let inFlight = 0;
  let unreportedMs = 0;
  let changedAt = clock.monotonicMs();

  function change(by: number): void {
    const changesAt = clock.monotonicMs();
    unreportedMs += inFlight * (changesAt - changedAt);
    changedAt = changesAt;
    inFlight += by;
  }

  function update(): void {
    change(0);
    seconds.add(unreportedMs / 1_000);
    unreportedMs = 0;
    now.set(inFlight);
  }

  return { change, update };
}

/** The error behind a failed request, kept until the request is logged. */
const causes = new WeakMap<FastifyRequest, unknown>();

export function rememberCause(request: FastifyRequest, cause: unknown): void {
  causes.set(request, cause);
}

export function observeRequests(server: FastifyInstance, observer: Observer, log: Log): void {
  server.addHook('onRequest', (_request, reply, done) => {
    observer.began();
    // `close` is emitted for every answer, also when the client disconnects early.
    reply.raw.once('close', observer.ended);
    done();
  });

  server.addHook('onResponse', (request, reply, done) => {
    const answered = answeredRequest(request, reply);
    observer.answered(answered);
    if (answered.status >= 500) logFailure(log, request, answered);
    done();
  });
}

function answeredRequest({ id, method, url, routeOptions }: FastifyRequest, { statusCode, elapsedTime }: FastifyReply): AnsweredRequest {
  return { id, method, route: routeOptions.url ?? 'none', url, status: statusCode, tookMs: elapsedTime };
}

function logFailure(log: Log, request: FastifyRequest, answered: AnsweredRequest): void {
  const fields = fieldsOf(answered);
  if (request.routeOptions.config.health === true) {
    log.debug(fields, 'request answered');
    return;
  }
  const cause = causes.get(request);
  log.warn(cause === undefined ? fields : { ...fields, err: cause }, 'request failed');
}

function fieldsOf({ id, method, route, url, status, tookMs }: AnsweredRequest) {
  return { requestId: id, method, route, path: url.split('?', 1)[0], status, tookMs: Math.round(tookMs * 10) / 10 };
}
