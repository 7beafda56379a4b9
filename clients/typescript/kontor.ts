/** A client of Kontor's API for Node, Deno, Bun and browsers: typed calls, retries that cannot do a thing twice, time-outs, and lists page by page. */
import { keyedOperations, type Operations, type Problem } from './api.ts';

export interface KontorOptions {
  /** The address of the house, such as `http://127.0.0.1:3000`; in a browser on its own pages, the empty string. */
  readonly url: string;
  /** A personal access token. Without one, `logIn` begins a session. */
  readonly token?: string;
  /** The longest that one try may take; 30 s if left out. */
  readonly timeoutMs?: number;
  /** How often a request is sent at most; 4 if left out. */
  readonly tries?: number;
}

export type OperationName = keyof Operations;
export type Answer<Name extends OperationName> = Operations[Name]['answer'];

/** What goes with a request: what its operation takes, and how it is sent. */
export type Given<Name extends OperationName> = Omit<Operations[Name], 'answer'> & Sending;

interface Sending {
  /** Names the request, for operations that take a key. Left out, the client makes one; all tries of a request have the same. */
  readonly key?: string;
  readonly signal?: AbortSignal;
}

/** Left out where nothing is needed. */
type Rest<Name extends OperationName> = Record<never, never> extends Given<Name> ? [given?: Given<Name>] : [given: Given<Name>];

/** The items of a list's pages. */
export type Item<Name extends OperationName> = {
  [Key in keyof Answer<Name>]: Answer<Name>[Key] extends readonly (infer One)[] ? One : never;
}[keyof Answer<Name>];

/** Operations that answer with a page of a list, and with no other list beside it. */
export type ListName = {
  [Name in OperationName]: Answer<Name> extends { next: string | null }
    ? IsOne<ListField<Answer<Name>>> extends true
      ? Name
      : never
    : never;
}[OperationName];

type ListField<Page> = { [Key in keyof Page]: Page[Key] extends readonly unknown[] ? Key : never }[keyof Page];
/** False, or both, for several. */
type IsOne<Names, All = Names> = Names extends unknown ? ([All] extends [Names] ? true : false) : never;

/** The house refused, and says why. */
export class KontorProblem extends Error {
  override readonly name = 'KontorProblem';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }

  get status(): number {
    return this.problem.status;
  }

  /** A stable name for programs, such as `invalid_input`. */
  get code(): Problem['code'] {
    return this.problem.code;
  }
}

/** No answer came. Whether the house did what was asked is not known: with a key, sending it again cannot do it twice. */
export class KontorUnreachable extends Error {
  override readonly name = 'KontorUnreachable';
  /** The key of the request, to send it again with. */
  readonly key: string | undefined;

  constructor(name: string, key: string | undefined, cause: unknown) {
    super(`There was no answer to ${name}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.key = key;
  }
}

const firstPauseMs = 200;
const longestPauseMs = 5_000;
/** A house that asks for more patience than this is reported instead. */
const longestWaitMs = 30_000;

export class Kontor {
  readonly #options: KontorOptions;
  /** Of the session, where there is no browser to keep them. */
  readonly #cookies = new Map<string, string>();

  constructor(options: KontorOptions) {
    this.#options = options;
  }

  /** Begins a session, which later requests belong to. */
  async logIn(body: Operations['POST /api/people/login']['body']): Promise<Answer<'POST /api/people/login'>> {
    return this.call('POST /api/people/login', { body });
  }

  /** Sends a request until it is answered, and resolves to the answer. Rejects with a `KontorProblem` or `KontorUnreachable`. */
  async call<Name extends OperationName>(name: Name, ...[given]: Rest<Name>): Promise<Answer<Name>> {
    const parts: Parts & Sending = given ?? {};
    const key = keyedOperations.has(name) ? (parts.key ?? crypto.randomUUID()) : undefined;
    const { tries = 4 } = this.#options;
    for (let turn = 1; ; turn += 1) {
      const outcome = await this.#try(name, parts, key);
      if (outcome.kind === 'answered') return outcome.answer as Answer<Name>;
      const pauseMs = turn < tries && mayRepeat(name, key, outcome.error) ? pauseBefore(turn, outcome.waitMs) : undefined;
      if (pauseMs === undefined || parts.signal?.aborted) throw outcome.error;
      await sleep(pauseMs, parts.signal);
    }
  }

  /** All items of a list, loading page after page as they are asked for. */
  async *each<Name extends ListName>(name: Name, ...[given]: Rest<Name>): AsyncGenerator<Item<Name>> {
    const parts: Parts & Sending = given ?? {};
    let after: unknown = parts.query?.after;
    do {
      const query = after === undefined ? parts.query : { ...parts.query, after };
      const page = await this.call(name, ...([{ ...parts, query }] as unknown as Rest<Name>));
      const items = Object.values(page as object).find((value) => Array.isArray(value)) as Item<Name>[] | undefined;
      yield* items ?? [];
      after = (page as { next: string | null }).next ?? undefined;
    } while (after !== undefined);
  }

  async #try(name: string, parts: Parts & Sending, key: string | undefined): Promise<Outcome> {
    const { url, token, timeoutMs = 30_000 } = this.#options;
    const [method = '', path = ''] = name.split(' ');
    const headers: Record<string, string> = { accept: 'application/json, */*', ...textOf(parts.headers) };
    if (token !== undefined) headers.authorization = `Bearer ${token}`;
    else if (this.#cookies.size > 0) headers.cookie = [...this.#cookies].map(([cookie, value]) => `${cookie}=${value}`).join('; ');
    if (key !== undefined) headers['idempotency-key'] = key;
    if (parts.body !== undefined) headers['content-type'] = parts.contentType ?? 'application/json';
    const limit = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(url + addressOf(path, parts), {
        method,
        headers,
        signal: parts.signal === undefined ? limit : AbortSignal.any([limit, parts.signal]),
        ...(parts.body === undefined ? {} : { body: typeof parts.body === 'string' ? parts.body : JSON.stringify(parts.body) }),
      });
      this.#keepCookies(response.headers);
      const answer = await contentOf(response);
      if (response.ok) return { kind: 'answered', answer };
      const problem = isProblem(answer) ? answer : strangeAnswer(response.status);
      return { kind: 'failed', error: new KontorProblem(problem), waitMs: secondsIn(response.headers.get('retry-after')) * 1_000 };
    } catch (error) {
      return { kind: 'failed', error: new KontorUnreachable(name, key, error), waitMs: 0 };
    }
  }

  #keepCookies(headers: Headers): void {
    for (const line of headers.getSetCookie?.() ?? []) {
      const [, cookie = '', value = ''] = /^([^=;]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /;\s*max-age=0\b/i.test(line)) this.#cookies.delete(cookie);
      else this.#cookies.set(cookie, value);
    }
  }
}

type Outcome =
  | { readonly kind: 'answered'; readonly answer: unknown }
  | { readonly kind: 'failed'; readonly error: KontorProblem | KontorUnreachable; readonly waitMs: number };

/** What any operation may take. */
interface Parts {
  readonly path?: Values | undefined;
  readonly query?: Values | undefined;
  readonly headers?: Values | undefined;
  readonly body?: unknown;
  readonly contentType?: string | undefined;
}

type Values = Readonly<Record<string, unknown>>;

function addressOf(path: string, { path: values = {}, query = {} }: Parts): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value].flat()) if (one !== undefined) search.append(name, String(one));
  }
  const address = path.replaceAll(/\{([^}]+)\}/g, (_whole, name: string) => encodeURIComponent(String(values[name])));
  return search.size > 0 ? `${address}?${search}` : address;
}

function textOf(values: Values = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, String(value)]),
  );
}

/** Only what cannot be done twice by it is sent again: with a key, or because the method says so, or because nothing was done. */
function mayRepeat(name: string, key: string | undefined, error: KontorProblem | KontorUnreachable): boolean {
  if (error instanceof KontorProblem && error.status === 429) return true;
  const isSafe = key !== undefined || /^(GET|PUT|DELETE) /.test(name);
  return isSafe && (error instanceof KontorUnreachable || [502, 503, 504].includes(error.status));
}

/** Undefined where the house asks for too much patience. Half of the pause is random, so that clients do not come back all at once. */
function pauseBefore(turn: number, waitMs: number): number | undefined {
  if (waitMs > longestWaitMs) return undefined;
  const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (turn - 1));
  return Math.max(waitMs, pauseMs * (0.5 + Math.random() / 2));
}

/** JSON as its value, text as text, anything else as bytes, and nothing as undefined. */
async function contentOf(response: Response): Promise<unknown> {
  const type = response.headers.get('content-type') ?? '';
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (bytes.length === 0) return undefined;
  if (!/^text\/|json|svg/.test(type)) return bytes;
  const text = new TextDecoder().decode(bytes);
  return /json/.test(type) ? JSON.parse(text) : text;
}

function isProblem(answer: unknown): answer is Problem {
  return typeof answer === 'object' && answer !== null && 'code' in answer && 'detail' in answer;
}

function secondsIn(header: string | null): number {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) : 0;
}

/** Something else than the house answered, such as a proxy. */
function strangeAnswer(status: number): Problem {
  const detail = `The answer has the status ${status}, and is no problem of Kontor.`;
  const code = status === 429 ? 'too_many_requests' : status > 500 ? 'unavailable' : 'internal';
  return { type: 'about:blank', title: 'Strange answer', status, code, detail, requestId: '', errors: [] };
}

function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    signal?.addEventListener('abort', wake);
  });
}
