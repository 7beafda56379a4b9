/** A contract describes what a route takes and answers, as plain data. Its schemas validate, type, serialise and document the route, and type its client. */
import type { Static, TObject, TSchema } from 'typebox';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * Who may call a route. `session` refuses access tokens; `admin-unless-demo` is open to all in a demonstration; `trades` is
 * for access tokens with that scope and for sessions, of admins.
 */
export type Access = 'anyone' | 'account' | 'session' | 'admin' | 'admin-unless-demo' | 'trades';

/** A body that is not JSON: bytes in a request; a text, bytes or a stream in an answer. */
export interface Media<Type extends string = string> {
  readonly kind: 'media';
  readonly mediaType: Type;
  readonly description: string;
  /** Of a body that is sent, for the documentation. */
  readonly example?: string;
}

/** A request body of one JSON value per line, `application/x-ndjson`, read as it arrives. */
export interface Lines<Value extends TSchema = TSchema> {
  readonly kind: 'lines';
  /** The schema of one line, for the documentation. The handler validates each value, so that it can name the line. */
  readonly value: Value;
  readonly description: string;
}

/** An answer without a body, such as 204 or 304. */
export interface Empty {
  readonly kind: 'empty';
  readonly description: string;
}

/** An answer that redirects the client. */
export interface Redirect {
  readonly kind: 'redirect';
  readonly description: string;
}

export type RequestBody = TSchema | Media | Lines;
export type AnswerBody = TSchema | Media | Empty | Redirect;

export interface Contract {
  readonly method: Method;
  /** Such as `/api/shop/products/:id`; `params` has the schema of each name behind a colon. */
  readonly path: string;
  readonly tags: readonly string[];
  /** One line, for lists of routes. */
  readonly summary: string;
  readonly description?: string;
  /** Checked before the body is read. */
  readonly access: Access;
  readonly params?: TObject;
  readonly query?: TObject;
  readonly headers?: TObject;
  /** Several kinds let the client choose: at most one for each content type. */
  readonly body?: RequestBody | readonly RequestBody[];
  /** Answers by status. Refusals are thrown, and documented for every route. */
  readonly response: { readonly [Status in number]: AnswerBody };
  /** Bytes, where the server's default does not fit. JSON beside another kind of body keeps the default. */
  readonly bodyLimit?: number;
  readonly handlerTimeoutMs?: number;
  /** The answer waits or streams: it counts as open for its address and account. */
  readonly staysOpen?: true;
  /** If left out: `no-store`, or no header where the access is `anyone`. */
  readonly cacheControl?: string;
}

export function contract<const C extends Contract>(given: C & ParamsAsInPath<C>): C {
  return given;
}

export function media<const Type extends string>(mediaType: Type, description: string, example?: string): Media<Type> {
  return { kind: 'media', mediaType, description, ...(example === undefined ? {} : { example }) };
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

/** Does not compile if the names in the path differ from those of `params`. */
type ParamsAsInPath<C extends Contract> = [NamesIn<C['path']>] extends [never]
  ? { readonly params?: never }
  : { readonly params: TObject<{ [Name in NamesIn<C['path']>]: TSchema }> };

/** What a handler may return for a schema: its values may be readonly, and its optional properties may be undefined. */
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

/** The type of a request part in the handler: an empty object if the contract leaves the part out. */
export type PartOf<C extends Contract, Part extends 'params' | 'query' | 'headers'> = C extends {
  readonly [Name in Part]: infer Schema extends TSchema;
}
  ? Static<Schema>
  : Record<never, never>;

type Statuses<C extends Contract> = keyof C['response'] & number;

/** The schemas of the successful answers. */
export type Success<C extends Contract> = {
  [Status in Statuses<C>]: `${Status}` extends `2${string}` ? C['response'][Status] : never;
}[Statuses<C>];
