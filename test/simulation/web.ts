/** The HTTP of a simulated world, without sockets: the product's routes and handlers, called with requests and replies made here. */
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import type { TSchema } from 'typebox';
import Value from 'typebox/value';
import { errorCodes, KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import { Callers } from '#http/callers.ts';
import { openGate } from '#http/gate.ts';
import { KeptAnswers } from '#http/kept-answers.ts';
import { defaultLimits } from '#http/limits.ts';
import { failureOf } from '#http/problems.ts';
import type { SessionOptions } from '#http/sessions.ts';
import type { Web } from '#http/types.ts';

export interface WireRequest {
  readonly method: string;
  /** The path with its query. */
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Where it comes from. */
  readonly ip: string;
  readonly signal: AbortSignal;
}

export interface WireAnswer {
  readonly status: number;
  readonly cookies: readonly string[];
  readonly body: unknown;
  readonly error?: unknown;
}

interface KnownRoute {
  readonly options: RouteOptions;
  readonly form: RegExp;
  readonly names: readonly string[];
}

interface Schemas {
  readonly body?: TSchema;
  readonly querystring?: TSchema;
}

export interface SiteOptions {
  readonly webs: readonly Web[];
  readonly sessions: SessionOptions;
  readonly clock: Clock;
}

/** What one process serves. */
export class Site {
  readonly #routes: KnownRoute[] = [];
  readonly #server: object;

  constructor({ webs, sessions, clock }: SiteOptions) {
    const gate = openGate({ host: '127.0.0.1', allowedHosts: [], trustedProxies: [] });
    const kept = { answers: new KeptAnswers(clock), callers: new Callers(gate, clock), remember: () => {} };
    this.#server = {
      sessionOptions: sessions,
      kept,
      initialConfig: { bodyLimit: defaultLimits.bodyBytes },
      route: (options: RouteOptions) => this.#add(options),
      // Pages of the house itself, which nobody asks for here.
      get: () => {},
      register: (plugin: (scope: object) => unknown) => plugin(this.#server),
      removeAllContentTypeParsers: () => {},
      addContentTypeParser: () => {},
      getDefaultJsonParser: () => () => {},
    };
    for (const web of webs) web.routes?.(this.#server as FastifyInstance);
  }

  async answer(wire: WireRequest): Promise<WireAnswer> {
    const reply = new Reply();
    try {
      const { route, request } = this.#requestOf(wire);
      const hook = route.options.preParsing as ((request: FastifyRequest) => Promise<void>) | undefined;
      await hook?.(request);
      const handler = route.options.handler as (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;
      const given = await handler(request, reply as unknown as FastifyReply);
      return { status: reply.statusCode, cookies: reply.cookies, body: given === reply ? reply.sent : given };
    } catch (error) {
      const { code } = failureOf(error, defaultLimits.bodyBytes);
      return { status: errorCodes[code].status, cookies: reply.cookies, body: undefined, error };
    }
  }

  #add(options: RouteOptions): void {
    const names = [...options.url.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
    const form = new RegExp(`^${options.url.replace(/[.]/g, '\\.').replace(/:\w+/g, '([^/]+)')}$`);
    this.#routes.push({ options, form, names });
  }

  #requestOf({ method, address, headers, body, ip, signal }: WireRequest): { route: KnownRoute; request: FastifyRequest } {
    const { pathname, searchParams } = new URL(address, 'http://127.0.0.1:3000');
    const route = this.#routes.find(({ options, form }) => options.method === method && form.test(pathname));
    if (route === undefined) throw new KontorError('not_found', `${method} ${pathname} is served by no role of this process`);
    const schema = (route.options.schema ?? {}) as Schemas;
    const params = Object.fromEntries(
      route.names.map((name, index) => [name, decodeURIComponent(route.form.exec(pathname)?.[index + 1] ?? '')]),
    );
    const request = {
      method,
      params,
      query: fitted(schema.querystring, Object.fromEntries(searchParams)),
      headers,
      body: fitted(schema.body, body === undefined ? undefined : JSON.parse(body)),
      protocol: 'http',
      ip,
      signal,
      raw: { url: address, headers, rawHeaders: [], socket: { remoteAddress: ip } },
      server: this.#server,
      routeOptions: { bodyLimit: route.options.bodyLimit ?? defaultLimits.bodyBytes },
    };
    return { route, request: request as unknown as FastifyRequest };
  }
}

/** As the server validates it: with defaults, and numbers in queries read as such. */
function fitted(schema: TSchema | undefined, value: unknown): unknown {
  // Where there are several kinds of bodies, the handler validates.
  if (schema === undefined || value === undefined || 'content' in schema) return value;
  const whole = Value.Default(schema, Value.Convert(schema, value));
  if (Value.Check(schema, whole)) return whole;
  throw new KontorError('invalid_input', `${JSON.stringify(value)} does not fit its schema`);
}

class Reply {
  statusCode = 200;
  readonly cookies: string[] = [];
  sent: unknown;

  code(status: number): this {
    this.statusCode = status;
    return this;
  }

  header(name: string, value: unknown): this {
    if (name === 'set-cookie') this.cookies.push(String(value));
    return this;
  }

  type(): this {
    return this;
  }

  serialize(value: unknown): string {
    return JSON.stringify(value);
  }

  send(body: unknown): this {
    this.sent = body instanceof Uint8Array ? JSON.parse(Buffer.from(body).toString()) : body;
    return this;
  }
}
