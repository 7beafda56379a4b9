/** Talks to a house over HTTP, for commands that run anywhere: one token, and one or more addresses of instances. */
import { readFileSync } from 'node:fs';
import { Agent, type ClientRequest, type IncomingMessage, request as plainRequest } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '#core/backoff.ts';
import type { ClientCall } from '#core/command/command.ts';
import { invalidOption } from '#core/command/invalid-option.ts';
import { type ErrorCode, errorCodes, KontorError } from '#core/errors.ts';

export interface HouseAccess {
  /** Of one or more instances, without a slash at the end. */
  readonly addresses: readonly string[];
  readonly token: string;
}

interface Asked {
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Until the answer is whole; longer for long polls. */
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
}

export interface HouseClient {
  /**
   * Asks once, and resolves to the answer's JSON, or undefined where there is none. Rejects with the `KontorError` that the house
   * sent, or `unavailable`; after one that is `retryable`, the next request goes to the next address.
   */
  ask<Answer>(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, asked?: Asked): Promise<Answer>;
  /** The same for an answer that is not JSON. */
  bytes(path: string, asked?: Asked): Promise<Uint8Array>;
  /** Of the instance that is asked next. */
  address(): string;
  /** Closes idle connections. */
  close(): void;
}

const defaultAddress = 'http://127.0.0.1:3000';
const maxAddresses = 16;
const defaultTimeoutMs = 30_000;
const defaultMaxBytes = 16 * 1_024 * 1_024;
const maxConnections = 64;
const retryLimits = { firstMs: 200, maxMs: 10_000 };

export function readAccess({ flag }: Pick<ClientCall, 'flag'>, environment: NodeJS.ProcessEnv = process.env): HouseAccess {
  const given = flag('--url') ?? environment.KONTOR_URL ?? '';
  const addresses = (given === '' ? defaultAddress : given).split(',').map((text) => addressIn(text.trim()));
  if (addresses.length > maxAddresses) throw invalidOption('--url', `KONTOR_URL names more than ${maxAddresses} instances`);
  const token = flag('--token') ?? (environment.KONTOR_TOKEN || tokenInFile(environment.KONTOR_TOKEN_FILE));
  if (token === undefined || !/^kontor_pat_\w{1,200}$/.test(token)) {
    const said = token === undefined ? 'there is no access token' : 'the access token does not begin with kontor_pat_';
    throw invalidOption('KONTOR_TOKEN', `${said}: make one on the page of your account, and set KONTOR_TOKEN`);
  }
  return { addresses, token };
}

function addressIn(text: string): string {
  if (!/^https?:\/\/[^\s?#@]{1,500}$/.test(text) || !URL.canParse(text))
    throw invalidOption('--url', `"${text}" is not the address of a house, such as https://kontor.example`);
  return text.replace(/\/+$/, '');
}

function tokenInFile(path: string | undefined): string | undefined {
  if (!path) return undefined;
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw invalidOption('KONTOR_TOKEN_FILE', `KONTOR_TOKEN_FILE names "${path}", which cannot be read: ${(error as Error).message}`);
  }
}

export function openHouseClient({ addresses, token }: HouseAccess): HouseClient {
  const options = { keepAlive: true, maxSockets: maxConnections, maxFreeSockets: maxConnections };
  const agents = { 'http:': new Agent(options), 'https:': new TlsAgent(options) };
  let turn = 0;
  const address = () => addresses[turn % addresses.length] ?? defaultAddress;

  async function send(method: string, path: string, asked: Asked): Promise<Buffer> {
    const asking = turn;
    try {
      return await exchange(agents, address(), token, method, path, asked);
    } catch (error) {
      // Of many requests that fail together, one moves on.
      if (error instanceof KontorError && error.retryable && turn === asking) turn += 1;
      throw error;
    }
  }

  return {
    async ask<Answer>(method: string, path: string, asked: Asked = {}) {
      const answer = await send(method, path, asked);
      return (answer.length === 0 ? undefined : parsed(answer)) as Answer;
    },
    bytes: (path, asked = {}) => send('GET', path, asked),
    address,
    close() {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

/** Repeats what can be repeated, with growing pauses, until it succeeds, is refused for good, or `signal` aborts. */
export async function withRetries<Result>(
  work: () => Promise<Result>,
  { signal, onFailure }: { readonly signal: AbortSignal; onFailure?(error: KontorError, pauseMs: number): void },
): Promise<Result> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof KontorError) || !error.retryable || signal.aborted) throw error;
      const pauseMs = Math.max(backoffMs(failures, retryLimits, { float: Math.random }), waitAsked(error));
      onFailure?.(error, pauseMs);
      await sleep(pauseMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) throw error;
    }
  }
}

/** What `Retry-After` asked for, at most a minute. */
function waitAsked({ reason }: KontorError): number {
  const seconds = reason?.values.seconds;
  return typeof seconds === 'number' ? Math.min(seconds, 60) * 1_000 : 0;
}

type Agents = { readonly 'http:': Agent; readonly 'https:': TlsAgent };

function exchange(agents: Agents, address: string, token: string, method: string, path: string, asked: Asked): Promise<Buffer> {
  const { query = {}, body, headers = {}, signal, timeoutMs = defaultTimeoutMs, maxBytes = defaultMaxBytes } = asked;
  const url = new URL(`${address}${path}`);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.append(name, String(value));
  const content = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const sent: Record<string, string | number> = { ...headers, authorization: `Bearer ${token}`, accept: 'application/json' };
  if (content !== undefined) Object.assign(sent, { 'content-type': 'application/json', 'content-length': content.length });

  return new Promise((resolve, reject) => {
    const options = { method, headers: sent, ...(signal === undefined ? {} : { signal }) };
    const request: ClientRequest =
      url.protocol === 'https:'
        ? tlsRequest(url, { ...options, agent: agents['https:'] })
        : plainRequest(url, { ...options, agent: agents['http:'] });
    const late = setTimeout(() => request.destroy(new Error(`no answer within ${timeoutMs / 1_000} s`)), timeoutMs);
    const fail = (error: Error) => {
      clearTimeout(late);
      reject(error instanceof KontorError ? error : unavailable(address, error));
    };
    request.on('error', fail);
    request.on('response', (answer) => {
      whole(answer, maxBytes).then((bytes) => {
        clearTimeout(late);
        const status = answer.statusCode ?? 0;
        if (status >= 200 && status < 300) resolve(bytes);
        else reject(refusal(answer, bytes, address));
      }, fail);
    });
    request.end(content);
  });
}

async function whole(answer: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      answer.destroy();
      throw new KontorError('too_large', `the house answered with more than ${maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parsed(answer: Buffer): unknown {
  try {
    return JSON.parse(answer.toString());
  } catch {
    throw new KontorError('unavailable', 'the answer is not JSON: is this the address of a house?');
  }
}

function unavailable(address: string, cause: Error): KontorError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const why = code === 'ECONNREFUSED' ? 'nothing listens there' : message || code || 'the connection failed';
  return new KontorError('unavailable', `the house at ${address} does not answer: ${why}`, { cause });
}

/** The problem that the house sent; what is in between, such as a proxy, sends others. */
function refusal(answer: IncomingMessage, bytes: Buffer, address: string): KontorError {
  const status = answer.statusCode ?? 0;
  const problem = problemIn(answer, bytes);
  const code = problem?.code as ErrorCode | undefined;
  const seconds = Number(answer.headers['retry-after']);
  const values = { ...problem?.reason?.values, ...(Number.isFinite(seconds) && seconds > 0 ? { seconds } : {}) };
  const reason = { name: problem?.reason?.name ?? 'refused', values };
  const message = problem?.detail ?? `the house at ${address} answered with status ${status}`;
  // A failure inside of one instance may not be one of the next.
  if (status >= 500) return new KontorError('unavailable', message, { reason });
  if (code !== undefined && code in errorCodes) return new KontorError(code, message, { reason, details: problem?.errors ?? [] });
  return new KontorError(status === 429 ? 'too_many_requests' : 'conflict', message, { reason });
}

interface SentProblem {
  readonly code?: string;
  readonly detail?: string;
  readonly reason?: KontorError['reason'];
  readonly errors?: KontorError['details'];
}

function problemIn(answer: IncomingMessage, bytes: Buffer): SentProblem | undefined {
  if (!(answer.headers['content-type'] ?? '').startsWith('application/problem+json')) return undefined;
  try {
    return JSON.parse(bytes.toString()) as SentProblem;
  } catch {
    return undefined;
  }
}
