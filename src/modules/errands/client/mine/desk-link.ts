/** The way to a desk: one socket, over which many messages are under way. It is opened again, to the next address, when it breaks. */
import WebSocket from 'ws';
import { backoffMs } from '#core/backoff.ts';
import { KontorError } from '#core/errors.ts';
import { deskSocketPath, maxWaitMs } from '../../domain/desk-limits.ts';
import type { HouseAccess } from '../house-client.ts';

export interface DeskLink {
  /** Rejects with the refusal of the house, or with `unavailable` when the link breaks: then it may be asked again. */
  ask<Answer>(what: 'claim' | 'extend' | 'complete' | 'release', body: object): Promise<Answer>;
  /** Resolves when it is open; rejects when the house refuses the token, or when `signal` aborts. */
  open(signal: AbortSignal): Promise<void>;
  /** Which address it is or was connected to. */
  address(): string;
  close(): void;
}

export interface LinkEvents {
  onBroken(why: string, pauseMs: number): void;
  onOpen(): void;
}

const answerMs = maxWaitMs + 15_000;
const openMs = 10_000;
const pauses = { firstMs: 200, maxMs: 10_000 };

interface Asked {
  resolve(answer: unknown): void;
  reject(error: unknown): void;
  readonly timer: NodeJS.Timeout;
}

interface Reply {
  readonly id: number | null;
  readonly answer?: unknown;
  readonly problem?: { readonly code: KontorError['code']; readonly detail: string; readonly reason?: KontorError['reason'] };
}

export function openDeskLink({ addresses, token }: HouseAccess, events: LinkEvents): DeskLink {
  const asked = new Map<number, Asked>();
  let socket: WebSocket | undefined;
  let opening: Promise<void> | undefined;
  let turn = 0;
  let ids = 0;
  let failures = 0;
  let closed = false;
  const address = () => addresses[turn % addresses.length] ?? '';

  async function open(signal: AbortSignal): Promise<void> {
    opening ??= openUntil(signal).finally(() => {
      opening = undefined;
    });
    await opening;
  }

  /** Tries one address after another until one takes the socket. */
  async function openUntil(signal: AbortSignal): Promise<void> {
    while (socket === undefined) {
      if (closed || signal.aborted) throw new KontorError('unavailable', 'the miner stops');
      try {
        socket = await connect(address(), token, { receive, broken });
        failures = 0;
        events.onOpen();
      } catch (error) {
        if (error instanceof KontorError && !error.retryable) throw error;
        turn += 1;
        failures += 1;
        const pauseMs = backoffMs(failures, pauses, { float: Math.random });
        events.onBroken((error as Error).message, pauseMs);
        await pause(pauseMs, signal);
      }
    }
  }

  function receive(text: string): void {
    const { id, answer, problem } = JSON.parse(text) as Reply;
    const one = id === null ? undefined : asked.get(id);
    if (one === undefined || id === null) return;
    asked.delete(id);
    clearTimeout(one.timer);
    if (problem === undefined) one.resolve(answer);
    else one.reject(new KontorError(problem.code, problem.detail, { reason: problem.reason }));
  }

  function broken(which: WebSocket, code: number, why: string): void {
    if (socket !== which) return;
    socket = undefined;
    // Another desk may do better.
    turn += 1;
    const isRefused = code === 1008;
    const error = new KontorError(isRefused ? 'unauthenticated' : 'unavailable', why || `the connection to the desk broke (${code})`);
    for (const one of asked.values()) {
      clearTimeout(one.timer);
      one.reject(error);
    }
    asked.clear();
  }

  return {
    open,
    address,
    ask<Answer>(what: string, body: object): Promise<Answer> {
      const through = socket;
      if (through === undefined) return Promise.reject(new KontorError('unavailable', 'there is no connection to a desk'));
      ids += 1;
      const id = ids;
      return new Promise<Answer>((resolve, reject) => {
        // A desk that does not answer is left.
        const timer = setTimeout(() => through.terminate(), answerMs);
        asked.set(id, { resolve: (answer) => resolve(answer as Answer), reject, timer });
        through.send(JSON.stringify({ id, ask: what, body }));
      });
    },
    close() {
      closed = true;
      socket?.close();
    },
  };
}

interface SocketEvents {
  receive(text: string): void;
  broken(which: WebSocket, code: number, why: string): void;
}

function connect(url: string, token: string, { receive, broken }: SocketEvents): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const opened = new WebSocket(`${url.replace(/^http/, 'ws')}${deskSocketPath}`, {
      headers: { authorization: `Bearer ${token}` },
      perMessageDeflate: false,
      handshakeTimeout: openMs,
    });
    opened.on('unexpected-response', (_request, answer) => {
      opened.terminate();
      reject(refusalOf(answer.statusCode ?? 0, url));
    });
    opened.on('error', (error) => reject(new KontorError('unavailable', `the desk at ${url} does not answer: ${error.message}`)));
    opened.on('open', () => resolve(opened));
    opened.on('message', (data) => receive(String(data)));
    opened.on('close', (code, why) => broken(opened, code, String(why)));
  });
}

function refusalOf(status: number, url: string): KontorError {
  if (status === 404) return new KontorError('unavailable', `there is no desk of errands at ${url}`);
  if (status === 401 || status === 403)
    return new KontorError('forbidden', `the house at ${url} refuses the connection (status ${status})`);
  return new KontorError('unavailable', `the desk at ${url} answered with status ${status}`);
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
