/** A bounded queue of work. Adding work starts the runner, which is called until the queue is empty. */
import { KontorError } from '#core/errors.ts';

export interface Waiting<Work> {
  readonly work: Work;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

export class WorkQueue<Work> {
  readonly #name: string;
  readonly #limit: number;
  readonly #run: () => Promise<void>;
  #waiting: Waiting<Work>[] = [];
  #next = 0;
  #running: Promise<void> | undefined;
  #closed = false;

  /** `run` takes items and settles them, as many as it handles at once. */
  constructor(name: string, limit: number, run: () => Promise<void>) {
    this.#name = name;
    this.#limit = limit;
    this.#run = run;
  }

  add(work: Work): Promise<unknown> {
    if (this.#closed) return Promise.reject(new KontorError('unavailable', 'The store is closed'));
    if (this.#length >= this.#limit) {
      return Promise.reject(new KontorError('overloaded', `More than ${this.#limit} ${this.#name} are waiting: try again later`));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ work, resolve, reject });
      this.#running ??= this.#runAll();
    });
  }

  take(): Waiting<Work> | undefined {
    const member = this.#waiting[this.#next];
    if (member) this.#next += 1;
    if (this.#next === this.#waiting.length) {
      this.#waiting = [];
      this.#next = 0;
    }
    return member;
  }

  /** Accepts no more work, and resolves when the queued work is done. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  get #length(): number {
    return this.#waiting.length - this.#next;
  }

  async #runAll(): Promise<void> {
    while (this.#length > 0) {
      // The pause lets callers of this turn of the event loop join the group.
      await new Promise<void>((resume) => setImmediate(resume));
      await this.#run();
    }
    this.#running = undefined;
  }
}
