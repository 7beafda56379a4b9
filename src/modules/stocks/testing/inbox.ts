/** An Inbox in memory that keeps the port's promises, and fails where a test says. */
import { KontorError } from '#core/errors.ts';
import { turn } from '#testkit/clock.ts';
import type { DeadLetter, Inbox, InboxMessage, InboxQueue } from '../ports/inbox.ts';

/** The moments at which the connection may be lost: before something is done, or after it, with nobody told. */
export const breakdowns = ['take', 'put aside', 'acknowledge', 'acknowledged'] as const;
export type Breakdown = (typeof breakdowns)[number];

export class MemoryInbox implements Inbox {
  readonly deadLetters: DeadLetter[] = [];
  /** Consumed one by one, each at the next such moment. */
  readonly breakdowns: Breakdown[] = [];
  /** At most so many messages are taken at a time, should `maxTaken` be more. */
  mostTaken = Number.MAX_SAFE_INTEGER;
  readonly #waiting = new Map<string, InboxMessage[]>();
  readonly #taken = new Map<string, readonly InboxMessage[]>();

  send(queue: string, ...bodies: readonly string[]): void {
    this.#waitingIn(queue).push(...bodies.map((text) => messageOf(Buffer.from(text), false)));
  }

  /** Messages that nobody has acknowledged. */
  left(queue: string): number {
    return this.#waitingIn(queue).length + (this.#taken.get(queue)?.length ?? 0);
  }

  #waitingIn(queue: string): InboxMessage[] {
    return this.#waiting.getOrInsertComputed(queue, () => []);
  }

  async serve(
    name: string,
    work: (queue: InboxQueue) => Promise<void>,
    { maxTaken, maxBodyBytes, onError, signal }: Parameters<Inbox['serve']>[2],
  ) {
    while (!signal.aborted) {
      const lost = new AbortController();
      const breakHere = (moment: Breakdown) => {
        if (this.breakdowns[0] !== moment) return;
        this.breakdowns.shift();
        lost.abort();
        throw new KontorError('unavailable', `the connection was lost at: ${moment}`);
      };
      const queue: InboxQueue = {
        lost: lost.signal,
        take: async (_waitMs, takeSignal) => {
          const waiting = this.#waitingIn(name);
          while (waiting.length === 0 && !takeSignal.aborted) await turn();
          const taken = waiting.splice(0, Math.min(maxTaken, this.mostTaken));
          this.#taken.set(name, taken);
          breakHere('take');
          return taken.map(({ body, size, redelivered }) => ({ body: Buffer.from(body.subarray(0, maxBodyBytes)), size, redelivered }));
        },
        putAside: async (letters) => {
          this.deadLetters.push(...letters);
          if (letters.length > 0) breakHere('put aside');
        },
        acknowledge: async () => {
          breakHere('acknowledge');
          this.#taken.delete(name);
          breakHere('acknowledged');
        },
      };
      await work(queue).catch(onError);
      lost.abort();
      this.#waitingIn(name).unshift(...(this.#taken.get(name) ?? []).map(({ body }) => messageOf(body, true)));
      this.#taken.delete(name);
      await turn();
    }
  }

  async close(): Promise<void> {}
}

function messageOf(body: Uint8Array, redelivered: boolean): InboxMessage {
  return { body, size: body.length, redelivered };
}
