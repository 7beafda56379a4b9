/** A client of the house as careful programs write it: a request that got no answer is sent again under the same key. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '#core/ports/random.ts';
import type { Journal, Operation, Outcome, Part } from '../journal.ts';

export interface HouseRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  /** Who asks: a cookie or a token. */
  readonly as?: Readonly<Record<string, string>> | undefined;
  readonly key?: string | undefined;
  readonly body?: object | undefined;
}

export type HouseAnswer<Body> =
  | { readonly kind: 'answered'; readonly body: Body /** When the attempt began that was answered. */; readonly begunMs: number }
  | { readonly kind: 'refused'; readonly status: number; readonly text: string; readonly attempts: number }
  /** The client gave up, or the drill ended before an answer came. */
  | { readonly kind: 'none' };

/** Longer than any fault lasts. */
const answerMs = 5_000;
const againMs = 100;
const readTries = 6;
const readAgainMs = 500;
/** Of a hundred requests that failed once, so many are given up by a client that dies itself. */
const givenUpPercent = 12;
const maxAnswerChars = 4_000_000;
const maxRefusalChars = 300;

/** An operation before its outcome. */
type AskedFor = Pick<Operation, 'part' | 'kind' | 'key' | 'moves'>;

export interface HouseClientOptions {
  readonly url: string;
  readonly journal: Journal;
  readonly random: Random;
  /** Aborts when nothing new is begun. */
  readonly stopping: AbortSignal;
  /** Aborts when what is under way is given up, too. */
  readonly over: AbortSignal;
}

export class HouseClient {
  readonly #options: HouseClientOptions;

  constructor(options: HouseClientOptions) {
    this.#options = options;
  }

  /** Asks until there is an answer. With `mayGiveUp`, the client sometimes dies after an attempt that failed. */
  async ask<Body>(part: Part, request: HouseRequest, { mayGiveUp = false } = {}): Promise<HouseAnswer<Body>> {
    const { random, over, journal } = this.#options;
    for (let attempts = 1; ; attempts += 1) {
      const begunMs = performance.now();
      const { status, text, failure } = await this.#send(request);
      journal.tried({ part, begunMs, tookMs: performance.now() - begunMs, failure });
      if (failure === undefined && status < 300) return { kind: 'answered', body: JSON.parse(text) as Body, begunMs };
      if (failure === undefined) return { kind: 'refused', status, text: text.slice(0, maxRefusalChars), attempts };
      if (over.aborted || (mayGiveUp && random.int(100) < givenUpPercent)) return { kind: 'none' };
      await sleep(againMs, undefined, { signal: over }).catch(() => {});
    }
  }

  /** Asks for one thing, perhaps gives up, and notes what it was told; `idOf` finds what the house called it. */
  async operate<Body>(asked: AskedFor, request: HouseRequest, idOf: (body: Body) => string): Promise<HouseAnswer<Body>> {
    const { journal } = this.#options;
    const answer = await this.ask<Body>(asked.part, request, { mayGiveUp: true });
    journal.note({ ...asked, outcome: outcomeOf(answer), id: answer.kind === 'answered' ? idOf(answer.body) : undefined });
    return answer;
  }

  /** Repeats work until the drill stops, with a pause between. */
  async repeat(pauseMs: number, work: () => Promise<void>): Promise<void> {
    const { stopping } = this.#options;
    while (!stopping.aborted) {
      await work();
      await sleep(pauseMs, undefined, { signal: stopping }).catch(() => {});
    }
  }

  async #send(request: HouseRequest): Promise<{ status: number; text: string; failure: string | undefined }> {
    try {
      const answer = await send(this.#options.url, request);
      const text = await answer.text();
      const isFailure = answer.status >= 500 || answer.status === 429;
      return { status: answer.status, text: text.slice(0, maxAnswerChars), failure: isFailure ? String(answer.status) : undefined };
    } catch (error) {
      return { status: 0, text: '', failure: reasonOf(error) };
    }
  }
}

/** What is noted of an operation that ended so. */
export function outcomeOf(answer: HouseAnswer<unknown>): Outcome {
  if (answer.kind === 'answered') return 'acknowledged';
  // A refusal after an attempt without an answer does not tell what became of that attempt.
  return answer.kind === 'refused' && answer.attempts === 1 ? 'refused' : 'unknown';
}

/** With an answer that is as expected: for what a drill does before and after its faults. What only reads is asked a few times. */
export async function ask<Body>(url: string, request: HouseRequest): Promise<Body> {
  for (let triesLeft = request.method === 'GET' ? readTries : 1; ; triesLeft -= 1) {
    try {
      return await askOnce(url, request);
    } catch (error) {
      if (triesLeft === 1) throw error;
      await sleep(readAgainMs);
    }
  }
}

async function askOnce<Body>(url: string, request: HouseRequest): Promise<Body> {
  const answer = await send(url, request);
  const text = await answer.text();
  if (!answer.ok)
    throw new Error(`${request.method} ${request.path} was answered with ${answer.status}: ${text.slice(0, maxRefusalChars)}`);
  return (text === '' ? undefined : JSON.parse(text)) as Body;
}

async function send(url: string, { method, path, as = {}, key, body }: HouseRequest): Promise<Response> {
  const headers = new Headers(as);
  if (key !== undefined) headers.set('idempotency-key', key);
  if (body !== undefined) headers.set('content-type', 'application/json');
  const sent: RequestInit = { method, headers, signal: AbortSignal.timeout(answerMs) };
  if (body !== undefined) sent.body = JSON.stringify(body);
  return fetch(url + path, sent);
}

function reasonOf(error: unknown): string {
  const { name, cause } = error as Error & { cause?: { code?: string } };
  if (name === 'TimeoutError') return `no answer in ${answerMs / 1_000} s`;
  const code = cause?.code ?? name;
  return plainFailures[code] ?? code;
}

const plainFailures: Readonly<Record<string, string>> = {
  ECONNRESET: 'connection reset',
  ECONNREFUSED: 'connection refused',
  UND_ERR_SOCKET: 'connection closed before the answer',
};
