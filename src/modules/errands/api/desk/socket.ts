/** The desk over a socket: the same messages as over HTTP, many at a time, each answered by its number. */
import type { TSchema } from 'typebox';
import type { RawData, WebSocket } from 'ws';
import { KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import { jsonExcess } from '#http/json-body.ts';
import { failureOf, problemOf } from '#http/problems.ts';
import type { SocketEndpoint, SocketRequest } from '#http/types.ts';
import { validatorCompiler } from '#http/validation.ts';
import { deskSocketPath, maxMessageBytes } from '../../domain/desk-limits.ts';
import { ClaimInput, CompleteInput, LeasesInput } from './contracts.ts';
import type { Caller, Desk } from './desk.ts';

/** Messages of one socket that are not answered yet, and their bytes: beyond either, it is not read. */
const maxOpen = 64;
const maxOpenBytes = 2 * maxMessageBytes;
/** A token that was revoked is good for no longer. */
const identityMs = 30_000;

/** Close codes of RFC 6455. */
const policy = 1008;

type Handlers = { readonly [Ask in keyof typeof inputs]: (caller: Caller, body: never, signal: AbortSignal) => Promise<object> };

const inputs = {
  claim: compiled(ClaimInput),
  extend: compiled(LeasesInput),
  complete: compiled(CompleteInput),
  release: compiled(LeasesInput),
} as const;

export function deskSocket(desk: Desk, clock: Clock, log: Log): SocketEndpoint {
  const handlers: Handlers = desk;
  return {
    path: deskSocketPath,
    says: 'The desk of errands for miners: docs/errands-desk-protocol.md',
    holdsBack: true,
    messageBytes: maxMessageBytes,
    open: (socket, request) => new DeskSocket(socket, request, { handlers, clock, log }).start(),
  };
}

interface Parts {
  readonly handlers: Handlers;
  readonly clock: Clock;
  readonly log: Log;
}

class DeskSocket {
  readonly #socket: WebSocket;
  readonly #request: SocketRequest;
  readonly #parts: Parts;
  readonly #closed = new AbortController();
  #accountId: Promise<string | undefined> | undefined;
  #askedAt = 0;
  #open = 0;
  #openBytes = 0;

  constructor(socket: WebSocket, request: SocketRequest, parts: Parts) {
    this.#socket = socket;
    this.#request = request;
    this.#parts = parts;
  }

  start(): void {
    this.#socket.on('close', () => this.#closed.abort('closed'));
    this.#socket.on('message', (data, isBinary) => void this.#receive(data, isBinary));
  }

  /** Never rejects. */
  async #receive(data: RawData, isBinary: boolean): Promise<void> {
    const text = isBinary ? '' : data.toString();
    this.#count(1, text.length);
    let id: unknown = null;
    try {
      const accountId = await this.#account();
      if (accountId === undefined) return this.#socket.close(policy, 'this needs an access token with the scope write');
      const message = messageIn(text);
      id = message.id;
      checkBody(message);
      const handler = this.#parts.handlers[message.ask];
      const answer = await handler({ accountId, address: this.#request.address }, message.body as never, this.#closed.signal);
      this.#send({ id, answer });
    } catch (error) {
      const failure = failureOf(error, maxMessageBytes);
      if (failure.code === 'internal') this.#parts.log.error({ requestId: this.#request.id, err: error }, 'a message of a miner failed');
      this.#send({ id, problem: problemOf(failure, this.#request.id) });
    } finally {
      this.#count(-1, -text.length);
    }
  }

  /** Undefined for who may not mine. */
  #account(): Promise<string | undefined> {
    const now = this.#parts.clock.monotonicMs();
    if (this.#accountId === undefined || now - this.#askedAt > identityMs) {
      this.#askedAt = now;
      this.#accountId = this.#request.identity().then((identity) => (identity?.scopes.includes('write') ? identity.account.id : undefined));
    }
    return this.#accountId;
  }

  #count(messages: number, characters: number): void {
    this.#open += messages;
    this.#openBytes += characters;
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#open >= maxOpen || this.#openBytes >= maxOpenBytes) this.#socket.pause();
    else if (this.#socket.isPaused) this.#socket.resume();
  }

  #send(message: object): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(message), { binary: false });
  }
}

interface Message {
  readonly id: number;
  readonly ask: keyof Handlers;
  readonly body: unknown;
}

function messageIn(text: string): Message {
  const excess = jsonExcess(text);
  if (excess !== undefined) throw new KontorError('too_large', `The message ${excess}.`);
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    throw invalid('it is not JSON');
  }
  const { id, ask, body } = (message ?? {}) as Readonly<Record<string, unknown>>;
  if (!Number.isSafeInteger(id)) throw invalid('its id is no whole number');
  if (typeof ask !== 'string' || !Object.hasOwn(inputs, ask)) throw invalid(`ask is one of ${Object.keys(inputs).join(', ')}`);
  return { id: id as number, ask: ask as keyof typeof inputs, body };
}

function checkBody({ ask, body }: Message): void {
  const fault = inputs[ask](body);
  if (fault !== undefined) throw invalid(fault);
}

function invalid(why: string): KontorError {
  return new KontorError('invalid_input', `The message is not valid: ${why}.`);
}

/** Says what is wrong with a body, by the validator of the routes; undefined when nothing is. */
function compiled(schema: TSchema): (body: unknown) => string | undefined {
  const validate = validatorCompiler({ schema, httpPart: 'body', method: 'POST', url: deskSocketPath });
  return (body) => {
    if (validate(body) === true) return undefined;
    const [first] = validate.errors ?? [];
    return `body${first?.instancePath ?? ''} ${first?.message ?? 'does not fit'}`;
  };
}
