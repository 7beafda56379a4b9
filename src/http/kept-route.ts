/**
 * Routes whose answers are the same for everybody who asks the same. What makes an answer is told nothing of who asks, so nothing
 * private can be kept; what happens for each client that gets it is a separate function.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Static, TSchema } from 'typebox';
import { type Caller, callerOf } from './callers.ts';
import type { Contract, Given, Media, PartOf } from './contract.ts';
import { etagMatches } from './etags.ts';
import type { MadeAnswer } from './kept-answers.ts';
import { contentTypeOf, Rendered, type Route } from './route.ts';

/** For everybody, by GET, with one answer. */
type KeptContract = Contract & {
  readonly method: 'GET';
  readonly access: 'anyone';
  readonly headers?: never;
  readonly body?: never;
  readonly response: { readonly 200: TSchema | Media };
};

/** A request header that the answer depends on. */
export interface Variation {
  /** In lower case. */
  readonly header: string;
  /** What counts of it: one of a few values. */
  valueOf(header: string | undefined): string;
}

interface KeptPlan<C extends KeptContract, About> {
  /** How old the answer may be. */
  readonly keepMs: number;
  readonly varies?: Variation;
  make(asked: Asked<C>): Promise<Made<C, About>>;
  /** For each who gets the answer. It does not wait, and returns a cookie to set, if any. */
  each?(caller: Caller, about: About): string | undefined;
}

interface Asked<C extends KeptContract> {
  readonly params: PartOf<C, 'params'>;
  readonly query: PartOf<C, 'query'>;
  /** What counts of the header that the answer depends on. */
  readonly variant: string;
  /** By the contract's schema. */
  render(value: Value<C>): Rendered<Value<C>>;
}

interface Made<C extends KeptContract, About> {
  readonly answer: C['response'][200] extends Media ? string : Value<C> | Rendered<Value<C>>;
  /** What `each` is told. */
  readonly about: About;
  /** False where others must not get it: it would soon be wrong. */
  readonly keep?: boolean;
}

type Value<C extends KeptContract> = C['response'][200] extends TSchema ? Given<Static<C['response'][200]>> : never;

/** A plan without the types of its contract. */
interface AnyPlan {
  readonly keepMs: number;
  readonly varies?: Variation | undefined;
  make(asked: object): Promise<{ readonly answer: unknown; readonly about: unknown; readonly keep?: boolean }>;
  each?(caller: Caller, about: unknown): string | undefined;
}

/** What the lane needs to know of a route. */
export interface KeptRoute {
  readonly path: string;
  readonly plan: AnyPlan;
  readonly mediaType: string;
  /** The headers of every answer, also of 304: names and values in turn. */
  readonly headers: readonly string[];
}

export function keptRoute<const C extends KeptContract, About = undefined>(contract: C, plan: KeptPlan<C, About>): Route {
  return { contract, kept: handlerOf(contract, plan as unknown as AnyPlan) };
}

/** How Fastify answers. After that, the lane answers requests for the same address. */
function handlerOf(contract: Contract, plan: AnyPlan) {
  const route = keptRouteOf(contract, plan);
  const fields = Object.keys(contract.query?.properties ?? {});

  /** The same for all spellings of a question. */
  function keyOf({ params, query }: FastifyRequest): string {
    const asked = query as Readonly<Record<string, unknown>>;
    return `${route.path} ${JSON.stringify([params, fields.map((name) => asked[name])])}`;
  }

  async function make({ params, query, headers }: FastifyRequest, reply: FastifyReply): Promise<MadeAnswer> {
    const render = (value: unknown) => new Rendered(String(reply.serialize(value)));
    const { answer, about, keep = true } = await plan.make({ params, query, variant: variantOf(plan, headers), render });
    if (answer instanceof Rendered) return { text: answer.json, about, keep };
    return { text: typeof answer === 'string' ? answer : render(answer).json, about, keep };
  }

  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { kept } = request.server;
    const caller = plan.each === undefined ? undefined : await callerOf(request);
    const key = keyOf(request);
    const answer = await kept.answers.get(answerKey(route, key, request.headers), plan.keepMs, () => make(request, reply));
    kept.remember(request.raw.url ?? '', route, key);
    const cookie = caller && plan.each?.(caller, answer.about);
    if (cookie !== undefined) reply.header('set-cookie', cookie);
    for (let at = 0; at < route.headers.length; at += 2) reply.header(route.headers[at] ?? '', route.headers[at + 1]);
    reply.header('etag', answer.etag);
    if (etagMatches(request.headers['if-none-match'], answer.etag)) return reply.code(304).send();
    return reply.type(route.mediaType).send(Buffer.from(answer.body, 'latin1'));
  };
}

function keptRouteOf({ path, response, cacheControl }: Contract, plan: AnyPlan): KeptRoute {
  const headers: string[] = [];
  if (cacheControl !== undefined) headers.push('cache-control', cacheControl);
  if (plan.varies !== undefined) headers.push('vary', plan.varies.header);
  return { path, plan, headers, mediaType: contentTypeOf(response[200]) };
}

/** What an address asks for, in the variant for these headers. */
export function answerKey({ plan }: KeptRoute, key: string, headers: IncomingHttpHeaders): string {
  return plan.varies === undefined ? key : `${variantOf(plan, headers)} ${key}`;
}

function variantOf({ varies }: AnyPlan, headers: IncomingHttpHeaders): string {
  return varies === undefined ? '' : varies.valueOf(headers[varies.header] as string | undefined);
}
