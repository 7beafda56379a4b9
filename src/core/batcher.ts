/** A batcher: what arrives together is done together, so that many callers share one transaction, and each has its own answer. */
import { BrokenInvariant, KontorError } from './errors.ts';

export interface BatcherOptions<Item, Answer> {
  /** What waits, in the plural, for messages: `transfers`. */
  readonly what: string;
  /** Beyond so many, further ones are refused with `overloaded`. */
  readonly maxWaiting: number;
  readonly maxBatch: number;
  /** While one batch is committed, the next is sent. Where a second would only wait for the locks of the first: 1, the default. */
  readonly maxInFlight?: number;
  /** Items with the same key are done one after another, never in one batch or in two at the same time. */
  readonly keyOf?: (item: Item) => string;
  /**
   * Does all of the items and answers each, in their order, or rejects and has done none of them. Rejected for a reason
   * that does not pass (not `retryable`), it is called again with halves, so that one bad item does not fail the others.
   */
  work(items: readonly Item[]): Promise<readonly Answer[]>;
}

export interface Batcher<Item, Answer> {
  /** Resolves when the batch of the item is done. */
  submit(item: Item): Promise<Answer>;
  /** Resolves when all that was submitted is answered. */
  drained(): Promise<void>;
  /** Takes no more, and resolves when what waits is answered. */
  close(): Promise<void>;
}

export function openBatcher<Item, Answer>(options: BatcherOptions<Item, Answer>): Batcher<Item, Answer> {
  return new Queue(options);
}

interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly key: string | undefined;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

class Queue<Item, Answer> implements Batcher<Item, Answer> {
  readonly #options: BatcherOptions<Item, Answer>;
  #waiting: Waiting<Item, Answer>[] = [];
  /** The keys of items in flight. */
  readonly #busy = new Set<string>();
  #inFlight = 0;
  #isScheduled = false;
  #isClosed = false;
  #drained: PromiseWithResolvers<void> | undefined;

  constructor(options: BatcherOptions<Item, Answer>) {
    this.#options = options;
  }

  submit(item: Item): Promise<Answer> {
    const { what, maxWaiting } = this.#options;
    if (this.#isClosed) return Promise.reject(new KontorError('unavailable', 'The house is closing: try again in a moment.'));
    if (this.#waiting.length >= maxWaiting) {
      return Promise.reject(new KontorError('overloaded', `${maxWaiting} ${what} are waiting already: try again later.`));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, key: this.#options.keyOf?.(item), resolve, reject });
      if (this.#isScheduled || this.#inFlight >= (this.#options.maxInFlight ?? 1)) return;
      this.#isScheduled = true;
      // What is submitted in the same turn comes along.
      queueMicrotask(() => {
        this.#isScheduled = false;
        this.#sendMore();
      });
    });
  }

  drained(): Promise<void> {
    if (this.#waiting.length === 0 && this.#inFlight === 0) return Promise.resolve();
    this.#drained ??= Promise.withResolvers();
    return this.#drained.promise;
  }

  close(): Promise<void> {
    this.#isClosed = true;
    return this.drained();
  }

  #sendMore(): void {
    while (this.#inFlight < (this.#options.maxInFlight ?? 1) && this.#waiting.length > 0) {
      const batch = this.#take();
      if (batch.length === 0) return;
      this.#inFlight += 1;
      void this.#send(batch);
    }
  }

  /** Never rejects. */
  async #send(batch: readonly Waiting<Item, Answer>[]): Promise<void> {
    await this.#do(batch);
    this.#inFlight -= 1;
    for (const { key } of batch) if (key !== undefined) this.#busy.delete(key);
    this.#sendMore();
    if (this.#drained === undefined || this.#waiting.length > 0 || this.#inFlight > 0) return;
    this.#drained.resolve();
    this.#drained = undefined;
  }

  #take(): readonly Waiting<Item, Answer>[] {
    const { keyOf, maxBatch } = this.#options;
    if (keyOf === undefined) return this.#waiting.splice(0, maxBatch);
    const batch: Waiting<Item, Answer>[] = [];
    const left: Waiting<Item, Answer>[] = [];
    for (const one of this.#waiting) {
      const { key = '' } = one;
      if (batch.length >= maxBatch || this.#busy.has(key)) left.push(one);
      else {
        this.#busy.add(key);
        batch.push(one);
      }
    }
    this.#waiting = left;
    return batch;
  }

  async #do(batch: readonly Waiting<Item, Answer>[]): Promise<void> {
    let answers: readonly Answer[];
    try {
      answers = await this.#options.work(batch.map(({ item }) => item));
    } catch (error) {
      const isForAll = error instanceof KontorError && error.retryable;
      if (batch.length === 1 || isForAll) return rejectAll(batch, error);
      const half = Math.ceil(batch.length / 2);
      await this.#do(batch.slice(0, half));
      return this.#do(batch.slice(half));
    }
    // Done, whatever it answered: it must not be done again.
    if (answers.length !== batch.length) {
      const message = `${batch.length} ${this.#options.what} were given ${answers.length} answers`;
      return rejectAll(batch, new BrokenInvariant(message));
    }
    for (const [index, { resolve }] of batch.entries()) resolve(answers[index] as Answer);
  }
}

function rejectAll(batch: readonly { reject(error: unknown): void }[], error: unknown): void {
  for (const { reject } of batch) reject(error);
}
