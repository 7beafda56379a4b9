/** Turns contracts and handlers into routes of the server. The compiler checks each handler against the schemas of its contract. */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema, RouteOptions } from 'fastify';
import { type Static, type TSchema, Type } from 'typebox';
import type { Account, Identity } from '#core/account.ts';
import { invariant, KontorError } from '#core/errors.ts';
import { type Line, readLines } from './body-lines.ts';
import {
  type Access,
  type AnswerBody,
  type Contract,
  type Empty,
  empty,
  type Given,
  type Lines,
  type Media,
  type PartOf,
  type Redirect,
  type RequestBody,
} from './contract.ts';
import { addJsonParser } from './json-body.ts';
import { takePlaces } from './open-places.ts';
import { identityOf, requireAccount, requireAdmin, requireAdminUnlessDemo, requireSession, requireTrades } from './sessions.ts';

/** A contract with its handler, for `addRoutes`. One whose answers are kept answers by itself: see kept-route.ts. */
export type Route =
  | { readonly contract: Contract; readonly handler: (input: never) => unknown }
  | { readonly contract: Contract; readonly kept: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply> };

type Input<C extends Contract> = {
  readonly params: PartOf<C, 'params'>;
  readonly query: PartOf<C, 'query'>;
  readonly headers: PartOf<C, 'headers'>;
  readonly body: C extends { readonly body: infer Body } ? Taken<Body> : undefined;
  /** For what the contract does not have, such as the client's address. */
  readonly request: FastifyRequest;
  /** To set headers; the answer itself is returned. */
  readonly reply: FastifyReply;
  /** Aborts when the client disconnects or the time limit passes. */
  readonly signal: AbortSignal;
} & Caller<C['access']>;

type Caller<A extends Access> = A extends 'anyone' | 'admin-unless-demo' | 'trades'
  ? Record<never, never>
  : { readonly account: Account; readonly identity: Identity };

type Taken<Body> = Body extends readonly (infer Kind)[]
  ? Taken<Kind>
  : Body extends Media
    ? Buffer
    : Body extends Lines
      ? AsyncIterable<Line>
      : Body extends TSchema
        ? Static<Body>
        : never;

type Written = string | Uint8Array | AsyncIterable<string | Uint8Array>;

/** What a handler returns for a body: for a redirect, the address. */
type Answered<Body> = Body extends Media
  ? Written
  : Body extends Empty
    ? undefined
    : Body extends Redirect
      ? string
      : Body extends TSchema
        ? Given<Static<Body>> | Rendered<Given<Static<Body>>>
        : never;

/** An answer as JSON already. */
export class Rendered<out Value> {
  declare readonly of: Value;
  readonly json: string;

  constructor(json: string) {
    this.json = json;
  }
}

/** The body alone where the contract has one status, `{ status, body }` where it has several. */
type Answer<C extends Contract> = AnswerOf<C['response'], keyof C['response']>;

type AnswerOf<Response, Status extends keyof Response, All extends keyof Response = Status> = Status extends unknown
  ? [All] extends [Status]
    ? Answered<Response[Status]>
    : Response[Status] extends Empty
      ? { readonly status: Status }
      : { readonly status: Status; readonly body: Answered<Response[Status]> }
  : never;

/** The handler of a route without an answer body may return nothing. */
type Returned<A> = [A] extends [undefined] ? A | Promise<void> : A | Promise<A>;

/** The condition is always true. It makes the compiler infer literals, such as `'buy'`, in what a handler returns. */
type HandlerOf<C> = C extends Contract ? (input: Input<C>) => Returned<Answer<C>> : never;

export function route<C extends Contract>(contract: C, handler: HandlerOf<C>): Route {
  return { contract, handler };
}

export function addRoutes(server: FastifyInstance, routes: readonly Route[]): void {
  for (const each of routes) {
    const kinds = bodyKinds(each.contract);
    if (kinds.every(isJson)) server.route(optionsOf(each));
    else {
      // Fastify has content type parsers per scope.
      server.register(async (scope) => {
        scope.removeAllContentTypeParsers();
        for (const kind of kinds) addParser(scope, kind);
        scope.route(optionsOf(each));
      });
    }
  }
}

function optionsOf(route: Route): RouteOptions {
  const { contract } = route;
  const check = checks[contract.access];
  return {
    method: contract.method,
    url: contract.path,
    schema: schemaOf(contract, 'kept' in route ? { 304: unchanged } : {}),
    handler: 'kept' in route ? route.kept : handlerOf(contract, route.handler as Handler),
    // This runs before the body is read, but after the rate limit (an onRequest hook), which so limits the guessing of secrets.
    ...(check === undefined ? {} : { preParsing: async (request: FastifyRequest) => void (await check(request)) }),
    ...(contract.staysOpen === true ? { preHandler: takePlaces } : {}),
    ...(contract.bodyLimit === undefined ? {} : { bodyLimit: contract.bodyLimit }),
    ...(contract.handlerTimeoutMs === undefined ? {} : { handlerTimeout: contract.handlerTimeoutMs }),
  };
}

const checks: Readonly<Record<Access, ((request: FastifyRequest) => Promise<unknown>) | undefined>> = {
  anyone: undefined,
  account: requireAccount,
  session: requireSession,
  admin: requireAdmin,
  'admin-unless-demo': requireAdminUnlessDemo,
  trades: requireTrades,
};

/** The `security` of a route in OpenAPI; an empty requirement makes the others optional. The scopes are those that a token needs. */
function securityOf({ access, method }: Contract): readonly Readonly<Record<string, readonly string[]>>[] {
  const scope = method === 'GET' ? 'read' : 'write';
  const session = { session: [] };
  switch (access) {
    case 'anyone':
      return [];
    case 'account':
      return [session, { accessToken: [scope] }];
    case 'session':
      return [session];
    case 'admin':
      return [session, { accessToken: [scope, 'admin'] }];
    case 'admin-unless-demo':
      return [{}, session, { accessToken: [scope, 'admin'] }];
    case 'trades':
      return [session, { accessToken: ['trades'] }];
  }
}

const linesMediaType = 'application/x-ndjson';

type Handler = (input: object) => unknown;

function handlerOf({ access, body, response, cacheControl }: Contract, handler: Handler) {
  const statuses = Object.entries(response).map(([status, body]) => ({ status: Number(status), body }));
  const [only] = statuses;
  invariant(only, 'a contract has at least one answer');
  const cached = cacheControl ?? (access === 'anyone' ? undefined : 'no-store');
  const needsIdentity = access !== 'anyone' && access !== 'admin-unless-demo' && access !== 'trades';

  return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    if (body !== undefined && request.body === undefined) throw new KontorError('invalid_input', 'The body is missing.');
    if (cached !== undefined) reply.header('cache-control', cached);
    const answer = await handler(inputOf(request, reply, needsIdentity ? await identityOf(request) : undefined));
    if (statuses.length === 1) return send(reply, only.status, only.body, answer);
    const several = answer as { status: number; body: unknown };
    return send(reply, several.status, response[several.status], several.body);
  };
}

function inputOf(request: FastifyRequest, reply: FastifyReply, identity: Identity | undefined): object {
  const { params, query, headers, body } = request;
  return {
    params,
    query,
    headers,
    body,
    request,
    reply,
    identity,
    account: identity?.account,
    // A getter, because Fastify creates the signal when it is first read.
    get signal() {
      return request.signal;
    },
  };
}

function send(reply: FastifyReply, status: number, kind: AnswerBody | undefined, body: unknown): unknown {
  reply.code(status);
  if (isKind(kind, 'empty')) return reply.send(null);
  if (isKind(kind, 'redirect')) return reply.redirect(String(body), status);
  if (body instanceof Rendered) return reply.type(contentTypeOf(kind)).send(body.json);
  if (!isKind(kind, 'media')) return body;
  reply.type(contentTypeOf(kind));
  const written = body as Written;
  return reply.send(typeof written === 'string' || written instanceof Uint8Array ? written : Readable.from(written));
}

export function contentTypeOf(kind: AnswerBody | undefined): string {
  if (!isKind(kind, 'media')) return 'application/json; charset=utf-8';
  return kind.mediaType.startsWith('text/') ? `${kind.mediaType}; charset=utf-8` : kind.mediaType;
}

function addParser(scope: FastifyInstance, kind: RequestBody): void {
  if (isKind(kind, 'media')) {
    scope.addContentTypeParser(kind.mediaType, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  } else if (isKind(kind, 'lines')) {
    scope.addContentTypeParser(linesMediaType, (request, source, done) => done(null, readLines(source, request.routeOptions.bodyLimit)));
  } else addJsonParser(scope, scope.initialConfig.bodyLimit);
}

const unchanged = empty('Nothing changed since the answer with that ETag');

function schemaOf(contract: Contract, others: Contract['response']): FastifySchema {
  const { tags, summary, description, access, params, query, headers } = contract;
  const response = [...Object.entries(contract.response), ...Object.entries(others)];
  const schema: Record<string, unknown> = { tags, summary, security: securityOf(contract), 'x-access': access };
  const parts = { description, params, querystring: query, headers, body: bodySchema(bodyKinds(contract)) };
  for (const [name, part] of Object.entries(parts)) if (part !== undefined) schema[name] = part;
  schema.response = Object.fromEntries(response.map(([status, kind]) => [status, answerSchema(kind)]));
  return schema;
}

function bodyKinds({ body }: Contract): readonly RequestBody[] {
  return body === undefined ? [] : [body].flat();
}

function bodySchema(kinds: readonly RequestBody[]): object | undefined {
  const [only] = kinds;
  if (only === undefined || (kinds.length === 1 && isJson(only))) return only;
  return { content: Object.fromEntries(kinds.map((kind) => [mediaTypeOf(kind), { schema: documentedBody(kind) }])) };
}

/** A schema for the documentation only: the handler validates the body. */
function documentedBody(kind: RequestBody): TSchema {
  if (isKind(kind, 'media')) {
    const { description, example } = kind;
    return Type.Unsafe({ type: 'string', description, ...(example === undefined ? {} : { examples: [example] }) });
  }
  if (isKind(kind, 'lines')) return Type.Unsafe({ ...kind.value, description: kind.description });
  return kind;
}

function answerSchema(kind: AnswerBody): object {
  if (isKind(kind, 'media')) return { description: kind.description, content: { [kind.mediaType]: { schema: Type.String() } } };
  if (isKind(kind, 'empty') || isKind(kind, 'redirect')) return Type.Null({ description: kind.description });
  return kind;
}

function mediaTypeOf(kind: RequestBody): string {
  if (isKind(kind, 'media')) return kind.mediaType;
  return isKind(kind, 'lines') ? linesMediaType : 'application/json';
}

function isJson(kind: RequestBody): boolean {
  return !isKind(kind, 'media') && !isKind(kind, 'lines');
}

function isKind<Name extends OtherKind['kind']>(kind: object | undefined, name: Name): kind is Extract<OtherKind, { kind: Name }> {
  return (kind as { kind?: unknown } | undefined)?.kind === name;
}

type OtherKind = Media | Lines | Empty | Redirect;
