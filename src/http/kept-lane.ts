/**
 * Answers requests whose answer is kept before the framework sees them: one look-up by address, and what must be done for each request.
 * Whatever is unusual, new, refused or too old goes on to the framework, which answers the same.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { BoundedMap } from '#core/bounded-map.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import type { Gauge, Metrics } from '#core/ports/metrics.ts';
import { type Caller, Callers } from './callers.ts';
import { etagMatches } from './etags.ts';
import type { Gate } from './gate.ts';
import { type KeptAnswer, KeptAnswers } from './kept-answers.ts';
import { answerKey, type KeptRoute } from './kept-route.ts';
import type { Observer } from './observe.ts';
import { type RateLimit, rateHeaders } from './rate-limit.ts';
import { securityHeaderList } from './security-headers.ts';

interface KeptOptions {
  readonly gate: Gate;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly observer: Observer;
  readonly rates: RateLimit | undefined;
  /** While the server stops, the framework answers. */
  draining(): boolean;
  requestId(request: IncomingMessage): string;
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly kept: KeptLane;
  }
}

/** What an address asks for, once the framework has read it. */
interface Place {
  readonly route: KeptRoute;
  readonly key: string;
}

/** Addresses that are known. */
const maxPlaces = 10_000;
/** Longer ones are always read by the framework. */
const maxAddressCharacters = 500;

export class KeptLane {
  readonly answers: KeptAnswers;
  readonly callers: Callers;
  readonly #options: KeptOptions;
  readonly #places = new BoundedMap<string, Place>(maxPlaces);
  readonly #gauges: Readonly<Record<'answers' | 'bytes' | 'addresses', Gauge>>;

  constructor(options: KeptOptions) {
    this.#options = options;
    this.answers = new KeptAnswers(options.clock);
    this.callers = new Callers(options.gate, options.clock);
    const { metrics } = options;
    this.#gauges = {
      answers: metrics.gauge('http_kept_answers', 'Answers that are kept in memory for all who ask the same'),
      bytes: metrics.gauge('http_kept_bytes', 'Bytes of the answers that are kept in memory'),
      addresses: metrics.gauge('http_kept_addresses', 'Addresses of which it is known which kept answer they ask for'),
    };
  }

  /** The framework has answered this address from this route. */
  remember(address: string, route: KeptRoute, key: string): void {
    if (address.length > maxAddressCharacters || this.#places.get(address)?.key === key) return;
    this.#places.set(address, { route, key });
  }

  /** Brings the metrics up to date. */
  update(): void {
    const { answers, bytes } = this.answers.size;
    this.#gauges.answers.set(answers);
    this.#gauges.bytes.set(bytes);
    this.#gauges.addresses.set(this.#places.size);
  }

  /** False if the framework must answer. */
  serve(request: IncomingMessage, response: ServerResponse): boolean {
    const { gate, rates, observer, clock, draining } = this.#options;
    const place = this.#places.get(request.url ?? '');
    if (place === undefined || draining() || !isPlain(request) || !gate.requestAllowed(request)) return false;
    const { route, key } = place;
    const answer = this.answers.fresh(answerKey(route, key, request.headers));
    if (answer === undefined) return false;
    const caller = route.plan.each === undefined ? this.callers.stranger(request) : this.callers.known(request);
    if (caller === undefined) return false;
    const allowance = rates?.take(caller.address);
    if (allowance?.refused) return false;
    const told = this.#tell(route, caller, answer);
    if (told === undefined) return false;

    const beganMs = clock.monotonicMs();
    observer.began();
    const id = this.#options.requestId(request);
    response.once('close', () => {
      observer.ended();
      const { statusCode: status } = response;
      const tookMs = clock.monotonicMs() - beganMs;
      observer.answered({ id, method: 'GET', route: route.path, url: request.url ?? '', status, tookMs });
    });
    const headers = securityHeaderList.concat(route.headers, 'etag', answer.etag, 'x-request-id', id);
    if (allowance !== undefined) headers.push(...rateHeaders(allowance));
    if (told.cookie !== undefined) headers.push('set-cookie', told.cookie);
    write(response, headers, etagMatches(request.headers['if-none-match'], answer.etag) ? undefined : { answer, route });
    return true;
  }

  /** Undefined if that failed: the framework tries again, and answers if it fails again. */
  #tell({ path, plan }: KeptRoute, caller: Caller, { about }: KeptAnswer): { readonly cookie: string | undefined } | undefined {
    try {
      return { cookie: plan.each?.(caller, about) };
    } catch (error) {
      this.#options.log.warn({ route: path, err: error }, 'a kept answer could not be given');
      return undefined;
    }
  }
}

function write(response: ServerResponse, headers: string[], body: { answer: KeptAnswer; route: KeptRoute } | undefined): void {
  if (body === undefined) {
    response.writeHead(304, headers).end();
    return;
  }
  const { answer, route } = body;
  headers.push('content-type', route.mediaType, 'content-length', String(answer.body.length));
  response.writeHead(200, headers).end(answer.body, 'latin1');
}

/** By GET, without a body, and without a token, which the framework reads. */
function isPlain({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'GET' &&
    headers.authorization === undefined &&
    headers['content-length'] === undefined &&
    headers['transfer-encoding'] === undefined
  );
}
