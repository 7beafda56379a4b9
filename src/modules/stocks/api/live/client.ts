/** One connected browser or program, with the limits that keep it from slowing others down. */
import type { WebSocket } from 'ws';
import type { Clock } from '#core/ports/clock.ts';
import { Refill } from '#core/refill.ts';

/** Bytes that may wait for a client in our memory before it is skipped. */
export const maxBufferedBytes = 256 * 1024;
/** A client that stays behind this long is closed. */
export const maxBehindMs = 5_000;
/** Messages that a client may send at once, refilled at `messagesPerSecond`. */
export const maxMessageBurst = 60;
const messagesPerSecond = 20;
/** How long a client has for the closing handshake. */
const closeMs = 2_000;

/** Close codes of RFC 6455. */
export const closeCodes = { goingAway: 1001, policy: 1008, tryAgainLater: 1013 } as const;

const asText = { binary: false } as const;

export class Client {
  readonly #socket: WebSocket;
  readonly #clock: Clock;
  readonly #closed = Promise.withResolvers<void>();
  #behindSinceMs: number | undefined;
  readonly #messages: Refill;

  constructor(socket: WebSocket, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
    this.#messages = new Refill(maxMessageBurst, messagesPerSecond, clock);
    socket.once('close', () => this.#closed.resolve());
    // Without a listener a reset connection would end the process; `close` follows and is enough.
    socket.on('error', () => {});
  }

  /** Resolves when the connection has ended. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  /** Whether it reads fast enough to be sent more. A client that stays behind is closed; it can connect again and resume. */
  keepsUp(): boolean {
    if (!this.isOpen) return false;
    if (this.#socket.bufferedAmount <= maxBufferedBytes) {
      this.#behindSinceMs = undefined;
      return true;
    }
    const nowMs = this.#clock.monotonicMs();
    this.#behindSinceMs ??= nowMs;
    if (nowMs - this.#behindSinceMs > maxBehindMs) this.close(closeCodes.tryAgainLater, 'too slow: connect again and resume');
    return false;
  }

  send(frame: Buffer): void {
    this.#socket.send(frame, asText);
  }

  /** Whether another message of the client may be read; one that floods is closed. */
  mayAsk(): boolean {
    if (this.#messages.take()) return true;
    this.close(closeCodes.policy, `too many messages: at most ${messagesPerSecond} a second`);
    return false;
  }

  close(code: number, reason: string): void {
    if (!this.isOpen) return;
    this.#socket.close(code, reason);
    const shaken = new AbortController();
    void this.#closed.promise.then(() => shaken.abort());
    void this.#clock.sleep(closeMs, shaken.signal).then(() => this.terminate());
  }

  terminate(): void {
    this.#socket.terminate();
  }
}

/** Waits until all have left; those left when `signal` aborts are cut off. */
export async function untilClosed(clients: readonly Client[], signal: AbortSignal): Promise<void> {
  const cutOff = () => {
    for (const client of clients) client.terminate();
  };
  if (signal.aborted) cutOff();
  signal.addEventListener('abort', cutOff, { once: true });
  await Promise.all(clients.map((client) => client.closed));
  signal.removeEventListener('abort', cutOff);
}
