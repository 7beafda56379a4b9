/** A client of the API, typed by its contracts: it imports their types, but no code of the server. */
import type { Static, TSchema } from 'typebox';
import type { Contract, Empty, Given, Lines, Media, PartOf, Redirect, Success } from './contract.ts';

/** The contracts among a file's exports: `ContractsOf<typeof import('…/contracts.ts')>`. */
export type ContractsOf<Exports> = Extract<Exports[keyof Exports], Contract>;

export type Call<All extends Contract> = <
  Method extends All['method'],
  Path extends Extract<All, { readonly method: Method }>['path'],
  One extends Contract = Extract<All, { readonly method: Method; readonly path: Path }>,
>(
  method: Method,
  path: Path,
  ...input: Arguments<Asked<One>>
) => Promise<Got<Success<One>>>;

export interface SentRequest {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string | Blob;
  readonly signal?: AbortSignal;
}

type Arguments<Wanted> = Record<never, never> extends Wanted ? [input?: Wanted] : [input: Wanted];

type Asked<C extends Contract> = { readonly signal?: AbortSignal } & ParamsAsked<C> & {
    // Values with a default may be left out; only the server knows which those are.
    readonly query?: Given<Partial<PartOf<C, 'query'>>>;
  } & (Record<never, never> extends PartOf<C, 'headers'>
    ? { readonly headers?: PartOf<C, 'headers'> }
    : { readonly headers: PartOf<C, 'headers'> }) &
  (C extends { readonly body: infer Body } ? BodyAsked<Body> : { readonly body?: undefined });

type ParamsAsked<C extends Contract> = C extends { readonly params: TSchema }
  ? { readonly params: PartOf<C, 'params'> }
  : { readonly params?: undefined };

type BodyAsked<Body> = Body extends readonly (infer Kind)[]
  ? BodyAsked<Kind>
  : Body extends Media | Lines
    ? { readonly body: string | Blob; readonly contentType: Body extends Media<infer Type> ? Type : 'application/x-ndjson' }
    : Body extends TSchema
      ? { readonly body: Static<Body> }
      : never;

type Got<Body> = Body extends Empty | Redirect ? undefined : Body extends Media ? string : Body extends TSchema ? Static<Body> : never;

interface AnyInput {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

/** `send` fetches and rejects on a failure status. It resolves to the answer's JSON, or its text, or undefined for an empty answer. */
export function openClient<All extends Contract>(send: (address: string, request: SentRequest) => Promise<unknown>): Call<All> {
  const call = (method: string, path: string, { params, query, headers = {}, body, contentType, signal }: AnyInput = {}) => {
    const place = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params?.[name])));
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query ?? {})) {
      for (const each of [value].flat()) if (each !== undefined) search.append(name, String(each));
    }
    const sent = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    const type = contentType ?? (body === undefined ? undefined : 'application/json');
    return send(search.size === 0 ? place : `${place}?${search}`, {
      method,
      headers: type === undefined ? sent : { ...sent, 'content-type': type },
      ...(body === undefined ? {} : { body: contentType === undefined ? JSON.stringify(body) : (body as string | Blob) }),
      ...(signal === undefined ? {} : { signal }),
    });
  };
  return call as Call<All>;
}
