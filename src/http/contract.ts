/** What a route of the API takes and answers, as plain data. Its schemas check, type, serialise and document the route, and type the browser's client. */
import type { Static, TObject, TSchema } from 'typebox';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * Who may call a route. `session` refuses access tokens; `admin-unless-demo` is open to all in a demonstration; `trades` is
 * for access tokens with that scope and for sessions, of admins.
 */
export type Access = 'anyone' | 'account' | 'session' | 'admin' | 'admin-unless-demo' | 'trades';

/** A body that is not JSON: a request hands over its bytes, an answer may be a text, bytes or a stream of them. */
export interface Media<Type extends string = string> {
  readonly kind: 'media';
  readonly mediaType: Type;
  readonly description: string;
}

/** A request's body of one JSON value a line, `application/x-ndjson`, read as it arrives. */
export interface Lines<Value extends TSchema = TSchema> {
  readonly kind: 'lines';
  /** Of one line, for the documentation: the handler checks each value, and can name the line. */
  readonly value: Value;
  readonly description: string;
}

/** An answer without a body, such as 204 or 304. */
export interface Empty {
  readonly kind: 'empty';
  readonly description: string;
}

/** An answer that sends the client elsewhere. */
export interface Redirect {
  readonly kind: 'redirect';
  readonly description: string;
}

/** JSON by its schema, or one of the other kinds. */
export type RequestBody = TSchema | Media | Lines;
export type AnswerBody = TSchema | Media | Empty | Redirect;

export interface Contract {
  readonly method: Method;
  /** Such as `/api/shop/products/:id`; `params` names what stands behind each colon. */
  readonly path: string;
  readonly tags: readonly string[];
  /** One line for lists of routes. */
  readonly summary: string;
  readonly description?: string;
  /** Enforced before the body is read. */
  readonly access: Access;
  readonly params?: TObject;
  readonly query?: TObject;
  readonly headers?: TObject;
  /** Several kinds where the client may choose, at most one for each content type. */
  readonly body?: RequestBody | readonly RequestBody[];
  /** By status. Refusals are not listed: they are thrown, and documented for every route. */
  readonly response: { readonly [Status in number]: AnswerBody };
  /** Bytes, where the server's default does not fit. JSON beside another kind of body keeps the default. */
  readonly bodyLimit?: number;
  readonly handlerTimeoutMs?: number;
  /** `no-store` if left out, unless anyone may call. */
  readonly cacheControl?: string;
}

export function contract<const C extends Contract>(given: C & ParamsAsInPath<C>): C {
  return given;
}

export function media<const Type extends string>(mediaType: Type, description: string): Media<Type> {
  return { kind: 'media', mediaType, description };
}

export function lines<Value extends TSchema>(value: Value, description: string): Lines<Value> {
  return { kind: 'lines', value, description };
}

export function empty(description: string): Empty {
  return { kind: 'empty', description };
}

export function redirect(description: string): Redirect {
  return { kind: 'redirect', description };
}

type NamesIn<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | NamesIn<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

/** Makes a path whose names are not those of `params` an error. */
type ParamsAsInPath<C extends Contract> = [NamesIn<C['path']>] extends [never]
  ? { readonly params?: never }
  : { readonly params: TObject<{ [Name in NamesIn<C['path']>]: TSchema }> };

/** As stores give it: nothing may be changed, and what is optional may be there without a value. */
export type Given<Value> = Value extends readonly unknown[]
  ? { readonly [Index in keyof Value]: Given<Value[Index]> }
  : Value extends object
    ? { readonly [Key in keyof Value]: Given<Value[Key]> | Missing<Value, Key> }
    : Value;
type Missing<Value, Key extends keyof Value> = string extends Key
  ? never
  : Record<never, never> extends Pick<Value, Key>
    ? undefined
    : never;

/** What a part of a contract is to its handler; nothing may be read from a part that the contract leaves out. */
export type PartOf<C extends Contract, Part extends 'params' | 'query' | 'headers'> = C extends {
  readonly [Name in Part]: infer Schema extends TSchema;
}
  ? Static<Schema>
  : Record<never, never>;

type Statuses<C extends Contract> = keyof C['response'] & number;

/** The schemas of what the client gets when all went well. */
export type Success<C extends Contract> = {
  [Status in Statuses<C>]: `${Status}` extends `2${string}` ? C['response'][Status] : never;
}[Statuses<C>];
