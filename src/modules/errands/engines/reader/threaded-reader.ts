/** The Reader in a thread of its own, which starts with the first page and is stopped and replaced when a page takes too long. */
import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Difference } from '../../domain/difference/difference.ts';
import type { Extraction, Page } from '../../domain/extraction/extraction.ts';
import type { PageReading } from '../../domain/extraction/read-page.ts';
import type { Reader } from '../../ports/reader.ts';
import type { ReaderAnswer, ReaderAsk, ReaderCalls } from './reader-calls.ts';

export interface ReaderOptions {
  readonly clock: Clock;
  /** For one page. */
  readonly timeoutMs?: number;
}

const defaultTimeoutMs = 1_000;
/** A new thread loads its libraries first. */
const startMs = 10_000;
const lookEveryMs = 50;
/** Handed to the thread at once; more wait here, so that the time of the first is its own. */
const maxHandedOver = 32;
const maxWaiting = 4_096;

interface Job {
  readonly ask: ReaderAsk;
  readonly settle: (answer: ReaderAnswer['answer'] | undefined) => void;
}

export function openReader({ clock, timeoutMs = defaultTimeoutMs }: ReaderOptions): Reader {
  return new ThreadedReader(clock, timeoutMs);
}

class ThreadedReader implements Reader {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #waiting: Job[] = [];
  /** In the order in which the thread answers them. */
  readonly #handedOver = new Map<number, Job>();
  #worker: Worker | undefined;
  #started = false;
  #looking = false;
  #closed = false;
  #lastId = 0;
  /** Looks since the thread began with the job that it is at: where the process stands still, there are none. */
  #looks = 0;

  constructor(clock: Clock, timeoutMs: number) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  async read(page: Page, extraction: Extraction | undefined): Promise<PageReading> {
    const answer = await this.#ask('read', { page, extraction });
    return answer ?? { value: null, problem: 'took_too_long', key: createHash('sha256').update('bytes\n').update(page.body).digest('hex') };
  }

  async text(page: Page): Promise<string | null> {
    return (await this.#ask('text', { page })) ?? null;
  }

  async difference(before: string, after: string): Promise<Difference | null> {
    return (await this.#ask('difference', { before, after })) ?? null;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const jobs = [...this.#handedOver.values(), ...this.#waiting.splice(0)];
    this.#handedOver.clear();
    for (const { settle } of jobs) settle(undefined);
    await this.#worker?.terminate();
  }

  /** Resolves to undefined when it took too long. */
  #ask<Kind extends keyof ReaderCalls>(kind: Kind, asks: ReaderCalls[Kind]['asks']): Promise<ReaderCalls[Kind]['answers'] | undefined> {
    if (this.#closed) throw new KontorError('unavailable', 'the reader of pages is closed');
    if (this.#waiting.length >= maxWaiting) throw new KontorError('overloaded', `more than ${maxWaiting} pages wait to be read`);
    return new Promise((resolve) => {
      this.#lastId++;
      const ask = { id: this.#lastId, kind, ...asks } as unknown as ReaderAsk;
      this.#waiting.push({ ask, settle: (answer) => resolve(answer as ReaderCalls[Kind]['answers'] | undefined) });
      this.#handOver();
    });
  }

  #handOver(): void {
    while (this.#handedOver.size < maxHandedOver) {
      const job = this.#waiting.shift();
      if (job === undefined) break;
      this.#worker ??= this.#start();
      if (this.#handedOver.size === 0) {
        this.#looks = 0;
        this.#worker.ref();
      }
      this.#handedOver.set(job.ask.id, job);
      this.#worker.postMessage(job.ask);
    }
    if (!this.#looking && this.#handedOver.size > 0) void this.#look();
  }

  #start(): Worker {
    const worker = new Worker(new URL('./reader-thread.ts', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: 256 } });
    this.#started = false;
    worker.on('message', ({ id, answer }: ReaderAnswer) => {
      const job = this.#handedOver.get(id);
      if (job === undefined || worker !== this.#worker) return;
      this.#started = true;
      this.#handedOver.delete(id);
      this.#looks = 0;
      job.settle(answer);
      this.#handOver();
      if (this.#handedOver.size === 0) worker.unref();
    });
    // A page that needs too much memory ends the thread, as does a bug.
    worker.on('error', () => this.#giveUpFirst(worker));
    return worker;
  }

  async #look(): Promise<void> {
    this.#looking = true;
    while (this.#handedOver.size > 0) {
      await this.#clock.sleep(lookEveryMs);
      this.#looks += 1;
      const limitMs = this.#timeoutMs + (this.#started ? 0 : startMs);
      if (this.#worker !== undefined && this.#looks * lookEveryMs > limitMs) this.#giveUpFirst(this.#worker);
    }
    this.#looking = false;
  }

  /** Replaces the thread. The others that it has are handed over again. */
  #giveUpFirst(worker: Worker): void {
    if (worker !== this.#worker) return;
    this.#worker = undefined;
    void worker.terminate();
    const [first, ...others] = this.#handedOver.values();
    this.#handedOver.clear();
    this.#waiting.unshift(...others);
    first?.settle(undefined);
    this.#handOver();
  }
}
