/** Chores: periodic work, run again and again until it is stopped, that outlives its failures. */
import { backoffMs } from './backoff.ts';
import { BrokenInvariant, KontorError } from './errors.ts';
import type { Metrics } from './ports/metrics.ts';
import type { Ports } from './ports/ports.ts';
import type { Random } from './ports/random.ts';
import type { RoleStatus } from './role.ts';

/** Engines have no metrics; without Random nothing is spread in time. */
export interface ChorePorts extends Pick<Ports, 'clock' | 'log'> {
  readonly random?: Pick<Random, 'float'>;
  readonly metrics?: Metrics;
}

/**
 * When the next run begins: after `everyMs` if the work says nothing, at once when there is more to do, or after a time
 * of the work's own. A hint begins it earlier.
 */
export type Next = 'more' | { readonly inMs: number };

export interface ChoreOptions {
  /** For logs and metrics, such as `coins-keeping`: one of a few, never made of data. */
  readonly name: string;
  readonly ports: ChorePorts;
  /** From the end of one run to the start of the next. */
  readonly everyMs: number;
  /** The share of `everyMs`, from 0 to 1, by which it varies either way, so that many processes do not run at the same moment. */
  readonly jitter?: number;
  /** The first run begins this long after the start. */
  readonly firstAfterMs?: number;
  /** The rest between two runs that no hint shortens, for hints that come faster than the work is done. */
  readonly minRestMs?: number;
  /** The longest pause after failures: the first is a second or `everyMs`, whichever is shorter, and each doubles. */
  readonly maxPauseMs?: number;
  /** What does not happen while it fails, for status and log: `expired holds are not released`. */
  readonly failing: string;
  /** Stops it when it aborts, as `stop` does. */
  readonly signal?: AbortSignal;
  /** Told of a broken invariant, after which the chore does not run again. Without it, that is one more failure. */
  readonly fail?: (error: unknown) => void;
  /** One run. `signal` aborts when the chore is to stop. */
  work(signal: AbortSignal): Promise<Next | undefined> | Promise<void>;
}

export interface Chore {
  /** Ready while the last run succeeded. */
  status(): RoleStatus;
  /** A hint that there is work: ends the rest. During a run, another one follows. A pause after a failure is not cut short. */
  wake(): void;
  /** Ends the rest, and waits for the run that is under way. */
  stop(): Promise<void>;
  /** Resolves when it has ended, for whichever reason. */
  readonly ended: Promise<void>;
}

const defaultMaxPauseMs = 15_000;
const firstPauseMs = 1_000;
const secondsBuckets = [0.001, 0.01, 0.1, 1, 10];
/** Kinds of failures that are told apart between two successes; further ones are not logged. */
const maxKinds = 20;

export function startChore(options: ChoreOptions): Chore {
  const runner = new Runner(options);
  return {
    status: () => runner.status(),
    wake: () => runner.wake(),
    stop: () => runner.stop(),
    ended: runner.ended,
  };
}

class Runner {
  readonly ended: Promise<void>;
  readonly #options: ChoreOptions;
  readonly #metrics: ReturnType<typeof openMetrics>;
  readonly #stopping = new AbortController();
  /** Of failures since the last success. */
  readonly #kinds = new Set<string>();
  #failures = 0;
  #failure: string | undefined;
  #rest: AbortController | undefined;
  #woken = false;

  constructor(options: ChoreOptions) {
    this.#options = options;
    this.#metrics = openMetrics(options.ports);
    this.ended = this.#run();
  }

  status(): RoleStatus {
    if (this.#failure === undefined) return { ready: true, says: 'active' };
    return { ready: false, says: `${this.#options.failing}: ${this.#failure}` };
  }

  wake(): void {
    this.#woken = true;
    this.#rest?.abort('woken');
  }

  async stop(): Promise<void> {
    this.#end();
    await this.ended;
  }

  /** Aborts with a reason, because an error would be made for lack of one. */
  #end(): void {
    this.#stopping.abort('stopped');
    this.#rest?.abort('stopped');
  }

  async #run(): Promise<void> {
    const { ports, signal, firstAfterMs = 0 } = this.#options;
    const stopping = this.#stopping.signal;
    const end = () => this.#end();
    signal?.addEventListener('abort', end, { once: true });
    if (signal?.aborted) end();
    try {
      // The work may name the chore, which its caller has only after this turn.
      await undefined;
      if (firstAfterMs > 0) await this.#restFor(firstAfterMs);
      while (!stopping.aborted) {
        this.#woken = false;
        const next = await this.#runOnce(stopping);
        if (stopping.aborted) return;
        if (next === 'failed') await ports.clock.sleep(this.#pauseMs(), stopping);
        else if (next === 'more') await ports.clock.sleep(0, stopping);
        else await this.#restFor(next?.inMs ?? this.#intervalMs());
      }
    } finally {
      signal?.removeEventListener('abort', end);
    }
  }

  async #runOnce(stopping: AbortSignal): Promise<Next | 'failed' | undefined> {
    const { ports, name } = this.#options;
    const startedMs = ports.clock.monotonicMs();
    try {
      const next = (await this.#options.work(stopping)) ?? undefined;
      this.#noteSuccess();
      return next;
    } catch (error) {
      this.#noteFailure(error);
      return 'failed';
    } finally {
      this.#metrics?.runs.add(1, { chore: name });
      this.#metrics?.seconds.observe((ports.clock.monotonicMs() - startedMs) / 1_000, { chore: name });
    }
  }

  #noteSuccess(): void {
    const { ports, name } = this.#options;
    if (this.#failures > 0) ports.log.info({ chore: name, failures: this.#failures }, 'a chore succeeds again');
    this.#failures = 0;
    this.#failure = undefined;
    this.#kinds.clear();
  }

  /** Logged once a kind: an outage of an hour is one line, and a different failure during it is another. */
  #noteFailure(error: unknown): void {
    const { ports, name, failing, fail } = this.#options;
    if (this.#stopping.signal.aborted) return;
    this.#failures += 1;
    this.#failure = error instanceof Error ? error.message : String(error);
    this.#metrics?.failures.add(1, { chore: name });
    if (fail !== undefined && error instanceof BrokenInvariant) {
      this.#end();
      fail(error);
      return;
    }
    const kind = kindOf(error);
    if (this.#kinds.has(kind) || this.#kinds.size >= maxKinds) return;
    this.#kinds.add(kind);
    ports.log.warn({ chore: name, err: error }, `${failing}; trying again`);
  }

  async #restFor(ms: number): Promise<void> {
    const { clock } = this.#options.ports;
    const minRestMs = Math.min(this.#options.minRestMs ?? 0, ms);
    if (minRestMs > 0) await clock.sleep(minRestMs, this.#stopping.signal);
    if (this.#woken || this.#stopping.signal.aborted) return;
    this.#rest = new AbortController();
    await clock.sleep(ms - minRestMs, this.#rest.signal);
    this.#rest = undefined;
  }

  #intervalMs(): number {
    const { everyMs, jitter = 0, ports } = this.#options;
    return everyMs * (1 + jitter * (2 * (ports.random?.float() ?? 0.5) - 1));
  }

  #pauseMs(): number {
    const { everyMs, maxPauseMs = Math.max(everyMs, defaultMaxPauseMs), ports } = this.#options;
    return backoffMs(this.#failures, { firstMs: Math.min(firstPauseMs, everyMs), maxMs: maxPauseMs }, ports.random);
  }
}

function kindOf(error: unknown): string {
  if (error instanceof KontorError) return error.code;
  if (!(error instanceof Error)) return typeof error;
  const { code } = error as { code?: unknown };
  return `${error.name} ${typeof code === 'string' ? code : ''}`;
}

function openMetrics({ metrics }: ChorePorts) {
  return (
    metrics && {
      runs: metrics.counter('kontor_chore_runs_total', 'Runs of periodic work, failed ones too.', ['chore']),
      failures: metrics.counter('kontor_chore_failures_total', 'Runs of periodic work that failed.', ['chore']),
      seconds: metrics.histogram('kontor_chore_seconds', 'How long a run of periodic work took.', secondsBuckets, ['chore']),
    }
  );
}
