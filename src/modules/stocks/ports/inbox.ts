/**
 * Inbox: queues that others fill, taken from in batches and acknowledged once their content is safe with us.
 *
 * Promises:
 * - while a queue is served nobody else is handed messages of it, and a queue that is not there yet is made as its senders make it;
 * - `take` resolves the queue's oldest messages, in order, at most `maxTaken`. Nothing beyond them is handed out until the next
 *   `take`: so memory is bounded, and after a crash what was handed out but not acknowledged is exactly the last `take`;
 * - what was not acknowledged comes again, before everything else, in the same order, and says so (`redelivered`);
 * - when `acknowledge` resolves, the messages of the last `take` are gone and do not come again;
 * - when `putAside` resolves, the messages are durable in the queue of dead letters, each with its reason. It keeps a bounded
 *   number and lets go of the oldest first;
 * - when the connection is lost, whatever runs on it rejects with a retryable error, and the queue is served anew after a pause.
 */
export interface InboxMessage {
  readonly body: Uint8Array;
  /** It was handed out before, to somebody who did not acknowledge it. */
  readonly redelivered: boolean;
}

export interface DeadLetter {
  readonly message: InboxMessage;
  /** What is wrong with it, for the people who look. */
  readonly reason: string;
}

export interface InboxQueue {
  /** Aborts when the queue is lost: somebody else may be handed its messages from now on. */
  readonly lost: AbortSignal;
  /** Waits for a first message, then for more until there are `maxTaken` or `waitMs` have passed. Empty only when `signal` aborts. */
  take(waitMs: number, signal: AbortSignal): Promise<readonly InboxMessage[]>;
  putAside(letters: readonly DeadLetter[]): Promise<void>;
  acknowledge(): Promise<void>;
}

interface ServeOptions {
  readonly maxTaken: number;
  /** Told each time the queue is lost or `work` rejects; it is served anew all the same. */
  readonly onError: (error: unknown) => void;
  readonly signal: AbortSignal;
}

export interface Inbox {
  /** Gives the queue to `work`, again whenever that rejects, until `signal` aborts. Never rejects. */
  serve(queue: string, work: (queue: InboxQueue) => Promise<void>, options: ServeOptions): Promise<void>;
  close(): Promise<void>;
}
