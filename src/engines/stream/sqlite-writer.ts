/** The main thread's side of the writing thread: calls return promises that settle when they are durable. */
import { Worker } from 'node:worker_threads';
import { KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Arguments, Call, Method, Reply, ThreadOptions, Value } from './sqlite-calls.ts';

const firstPauseMs = 1;
const longestPauseMs = 50;

export interface WriterOptions extends ThreadOptions {
  readonly clock: Clock;
  /** How long a call is retried while another process holds the file locked. */
  readonly busyTimeoutMs: number;
  readonly maxWaiting: number;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

export class SqliteWriter {
  readonly #options: WriterOptions;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #open = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<void>();
  #lastId = 0;
  #failure: KontorError | undefined;

  constructor(options: WriterOptions) {
    const { path, checkpointPages, pageBytes } = options;
    this.#options = options;
    this.#worker = new Worker(new URL('./sqlite-thread.ts', import.meta.url), {
      workerData: { path, checkpointPages, pageBytes } satisfies ThreadOptions,
      // The thread holds one group of frames at a time: small heaps save memory when idle.
      resourceLimits: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 128 },
    });
    this.#worker.on('message', (message: 'open' | 'closed' | readonly Reply[]) => {
      if (message === 'open') this.#open.resolve();
      else if (message === 'closed') this.#closed.resolve();
      else for (const reply of message) this.#settle(reply);
    });
    this.#worker.on('error', (error) => this.#fail(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on('exit', () => this.#fail(new Error('it ended')));
  }

  /** Resolves when the thread has the file open. */
  opened(): Promise<void> {
    return this.#open.promise;
  }

  async call<Name extends Method>(method: Name, ...args: Arguments<Name>): Promise<Value<Name>> {
    const { clock, busyTimeoutMs } = this.#options;
    const untilMs = clock.monotonicMs() + busyTimeoutMs;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      try {
        return (await this.#send({ method, args } as Omit<Call, 'id'>)) as Value<Name>;
      } catch (error) {
        const busy = error instanceof KontorError && error.code === 'storage_busy';
        if (!busy || clock.monotonicMs() + pauseMs > untilMs) throw error;
      }
      await clock.sleep(pauseMs);
    }
  }

  /** Earlier calls are durable afterwards. */
  async close(): Promise<void> {
    if (!this.#failure) {
      this.#worker.postMessage('close');
      await this.#closed.promise;
    }
    await this.#worker.terminate();
  }

  #send(call: Omit<Call, 'id'>): Promise<unknown> {
    if (this.#failure) return Promise.reject(this.#failure);
    if (this.#waiting.size >= this.#options.maxWaiting) {
      return Promise.reject(
        new KontorError('overloaded', `More than ${this.#options.maxWaiting} writes to the stream are waiting: try again later`),
      );
    }
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, ...call });
    });
  }

  #settle({ id, value, error }: Reply): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) waiting?.reject(new KontorError(error.code, error.message));
    else waiting?.resolve(value);
  }

  #fail(cause: Error): void {
    this.#failure ??= new KontorError('unavailable', `The thread that writes ${this.#options.path} failed: ${cause.message}`, { cause });
    this.#open.reject(this.#failure);
    this.#closed.resolve();
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }
}
