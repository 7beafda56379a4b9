/**
 * The warehouse on DuckDB, in a process that is started by the first question and ends some seconds after the last answer. After
 * a thread, the library and what its allocator keeps would stay in the house: about 65 MB.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { invariant, KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import { type Answer, type Column, maxWaitingQuestions, type Question, type Warehouse } from '../../ports/warehouse.ts';
import type { Call, ProcessOptions, Reply } from './duckdb-calls.ts';

export interface DuckdbOptions {
  readonly memoryMiB: number;
  readonly threads: number;
  readonly clock: Clock;
}

/** Longer than a burst of small questions, short enough that a quiet house is small again. */
const idleMs = 3_000;

export function openDuckdbWarehouse(options: DuckdbOptions): Warehouse {
  return new DuckdbWarehouse(options);
}

interface Running {
  readonly child: ChildProcess;
  readonly waiting: Map<number, PromiseWithResolvers<Reply>>;
  readonly ended: Promise<void>;
}

const program = fileURLToPath(new URL('./duckdb-process.ts', import.meta.url));

class DuckdbWarehouse implements Warehouse {
  readonly #options: DuckdbOptions;
  #running: Promise<Running> | undefined;
  #child: ChildProcess | undefined;
  #idle = new AbortController();
  #asked = 0;
  #waiting = 0;
  #closed = false;

  constructor(options: DuckdbOptions) {
    this.#options = options;
  }

  async rows(question: Question): Promise<Answer> {
    const { columns = {}, length = 0 } = await this.#ask('rows', question);
    return new Columns(columns, length);
  }

  async parquet(question: Question): Promise<Uint8Array> {
    const { bytes } = await this.#ask('parquet', question);
    invariant(bytes !== undefined, 'the warehouse answered without a file');
    return bytes;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#idle.abort('closed');
    await this.#end();
  }

  async #ask(answer: Call['answer'], question: Question): Promise<Reply> {
    if (this.#closed) throw new KontorError('unavailable', 'the warehouse is closed');
    if (this.#waiting >= maxWaitingQuestions)
      throw new KontorError('overloaded', `${maxWaitingQuestions} questions wait for the warehouse`);
    this.#waiting += 1;
    this.#idle.abort('asked');
    try {
      this.#running ??= this.#start();
      const { child, waiting } = await this.#running;
      hold(child);
      this.#asked += 1;
      const id = this.#asked;
      const replied = Promise.withResolvers<Reply>();
      waiting.set(id, replied);
      child.send({ id, answer, question } satisfies Call, (error) => {
        if (error) replied.reject(new KontorError('unavailable', 'the process of the warehouse ended', { cause: error }));
      });
      const reply = await replied.promise;
      if (reply.error !== undefined) throw new KontorError(reply.error.code, reply.error.message);
      return reply;
    } finally {
      this.#waiting -= 1;
      if (this.#waiting === 0) void this.#endWhenIdle();
    }
  }

  async #start(): Promise<Running> {
    const { memoryMiB, threads } = this.#options;
    const folder = await mkdtemp(join(tmpdir(), 'kontor-warehouse-'));
    const waiting: Running['waiting'] = new Map();
    const child = fork(program, [JSON.stringify({ memoryMiB, threads, folder } satisfies ProcessOptions)], {
      serialization: 'advanced',
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.on('message', (reply: Reply) => {
      waiting.get(reply.id)?.resolve(reply);
      waiting.delete(reply.id);
    });
    const ended = new Promise<void>((resolve) => {
      const end = (cause: unknown) => {
        const error = new KontorError('unavailable', 'the process of the warehouse ended', { cause });
        for (const { reject } of waiting.values()) reject(error);
        waiting.clear();
        this.#left(child);
        void rm(folder, { recursive: true, force: true }).then(resolve, () => resolve());
      };
      child.once('error', end);
      child.once('exit', (code, signal) => end(new Error(`it ended with ${code ?? signal}`)));
    });
    this.#child = child;
    return { child, waiting, ended };
  }

  /** A process that ended by itself is replaced by the next question. */
  #left(child: ChildProcess): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    this.#running = undefined;
  }

  async #endWhenIdle(): Promise<void> {
    const idle = new AbortController();
    this.#idle = idle;
    if (this.#child !== undefined) letGo(this.#child);
    await this.#options.clock.sleep(idleMs, idle.signal);
    if (!idle.signal.aborted) await this.#end();
  }

  async #end(): Promise<void> {
    const running = await this.#running?.catch(() => undefined);
    this.#running = undefined;
    this.#child = undefined;
    if (running === undefined) return;
    // Who waits for the end keeps this process alive until then.
    hold(running.child);
    // It has nothing to finish: what it wrote to its folder is removed.
    running.child.kill('SIGKILL');
    await running.ended;
  }
}

/** Keeps this process alive until it has answered. */
function hold(child: ChildProcess): void {
  child.ref();
  child.channel?.ref();
}

function letGo(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
}

class Columns implements Answer {
  readonly length: number;
  readonly #columns: Readonly<Record<string, Column>>;

  constructor(columns: Readonly<Record<string, Column>>, length: number) {
    this.#columns = columns;
    this.length = length;
  }

  numbers(name: string): Float64Array {
    if (this.length === 0) return new Float64Array(0);
    const column = this.#columns[name];
    invariant(column instanceof Float64Array, `the answer has no column of numbers ${name}`);
    return column;
  }

  texts(name: string): readonly string[] {
    if (this.length === 0) return [];
    const column = this.#columns[name];
    invariant(column !== undefined && !(column instanceof Float64Array), `the answer has no column of texts ${name}`);
    return column;
  }
}
