/**
 * Inbox: queues that others fill, taken from in batches and acknowledged once their content is safe with us.
 *
 * Promises:
 * - while a queue is served, no other consumer gets its messages, not even between two takes; a queue that does not exist is
 *   made as its senders make it;
 * - `take` resolves the queue's oldest messages, in order, at most `maxTaken`, and of each body the first `maxBodyBytes`. At
 *   most `maxTaken` are handed out and not acknowledged: memory is bounded, whatever is sent;
 * - messages that were not acknowledged come again, before all others, in the same order, marked as `redelivered`;
 * - when `acknowledge` resolves, the messages of the last `take` are gone and do not come again; when it is cut off, all of
 *   them come again or none;
 * - when `putAside` resolves, the messages are durable in the queue of dead letters, each with its reason. It keeps a bounded
 *   number of messages and of bytes, and drops the oldest first;
 * - when the connection is lost, all calls on it reject with a retryable error, and the queue is served again after a pause.
 */
export interface InboxMessage {
  /** The beginning of the body, or all of it. */
  readonly body: Uint8Array;
  /** The bytes of the whole body. */
  readonly size: number;
  /** It was handed out before, and not acknowledged. */
  readonly redelivered: boolean;
}

export interface DeadLetter {
  readonly message: InboxMessage;
  /** What is wrong with it, for operators. */
  readonly reason: string;
}

export interface InboxQueue {
  /** Aborts when the queue is lost: from then on, another consumer may get its messages. */
  readonly lost: AbortSignal;
  /** Waits for a first message, then for more until there are `maxTaken` or `waitMs` have passed. Empty only when `signal` aborts. */
  take(waitMs: number, signal: AbortSignal): Promise<readonly InboxMessage[]>;
  putAside(letters: readonly DeadLetter[]): Promise<void>;
  acknowledge(): Promise<void>;
}

interface ServeOptions {
  readonly maxTaken: number;
  readonly maxBodyBytes: number;
  /** Called each time the queue is lost or `work` rejects; the queue is then served again. */
  readonly onError: (error: unknown) => void;
  readonly signal: AbortSignal;
}

export interface Inbox {
  /** Gives the queue to `work`, again whenever that rejects, until `signal` aborts. Never rejects. */
  serve(queue: string, work: (queue: InboxQueue) => Promise<void>, options: ServeOptions): Promise<void>;
  close(): Promise<void>;
}
