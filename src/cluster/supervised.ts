/** Supervises one part of the cluster: restarts it when it dies, after growing pauses when it keeps dying. */
import { startTicksOf } from './processes.ts';

export interface Part {
  readonly name: string;
  readonly kind: 'process' | 'engine' | 'proxy';
  /** Set for an engine that ran before the cluster: it is left alone. */
  readonly notOurs?: boolean;
  /** Parts of a lower stage start earlier and stop later. */
  readonly stage: number;
  /** Its address, such as `http://127.0.0.1:3001`. */
  readonly address: string;
  /** The path of its log. */
  readonly log: string;
  /** The process id; undefined while it does not run. */
  processId(): number | undefined;
  start(): Promise<void>;
  /** Stops gracefully, and by force when that takes too long. */
  stop(): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
  /** Stops it where it is, as when a machine hangs, or lets it go on. */
  freeze?(signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** Makes it ask the cluster which fault it is to have. */
  nudge?(): void;
  checkHealth(): Promise<Health>;
}

export interface Health {
  readonly ready: boolean;
  /** What it is doing, or why it is not ready. */
  readonly says: string;
}

/** A part as `kontor cluster status` shows it. */
export interface Row extends Health {
  readonly name: string;
  readonly processId: number | undefined;
  /** With the id, it names the process for ever. */
  readonly startTicks: string | undefined;
  readonly state: 'up' | 'restarting' | 'keeps dying' | 'leaving';
  readonly restarts: number;
  readonly address: string;
}

/** What stopping the cluster needs to know of a part. */
export type Stoppable = Pick<Part, 'name' | 'stage' | 'stop'>;

/** One part or several that the cluster looks after. */
export interface Tended {
  readonly keepsDying: boolean;
  /** Called several times a second. */
  tend(): Promise<void>;
  rows(): readonly Row[];
  /** Those that run, or are started again. */
  parts(): readonly Part[];
  stoppable(): readonly Stoppable[];
}

/** A process that dies sooner than this counts as not started. */
const quickDeathMs = 10_000;
/** After this many failed starts in a row, the part is reported as failing. */
const manyQuickDeaths = 5;
const firstPauseMs = 200;
const longestPauseMs = 15_000;

export class Supervised implements Tended {
  readonly part: Part;
  readonly #note: (line: string) => void;
  readonly #onDeath: (name: string) => void;
  #health: Health = { ready: false, says: 'starting' };
  #startedMs: number | undefined;
  #startAtMs = 0;
  #quickDeaths = 0;
  #restarts = 0;
  #starting: Promise<void> | undefined;

  constructor(part: Part, note: (line: string) => void, onDeath: (name: string) => void) {
    this.part = part;
    this.#note = note;
    this.#onDeath = onDeath;
  }

  get keepsDying(): boolean {
    return this.#quickDeaths >= manyQuickDeaths;
  }

  row(): Row {
    const processId = this.part.processId();
    const state = processId !== undefined ? 'up' : this.keepsDying ? 'keeps dying' : 'restarting';
    const { name, address } = this.part;
    const startTicks = processId === undefined ? undefined : startTicksOf(processId);
    return { name, processId, startTicks, state, restarts: this.#restarts, address, ...this.#health };
  }

  rows(): readonly Row[] {
    return [this.row()];
  }

  parts(): readonly Part[] {
    return [this.part];
  }

  stoppable(): readonly Stoppable[] {
    const { name, stage } = this.part;
    const stop = async () => {
      await this.#starting;
      await this.part.stop();
    };
    return [{ name, stage, stop }];
  }

  async tend(): Promise<void> {
    if (this.#starting !== undefined) return;
    if (this.part.processId() !== undefined) {
      this.#startedMs ??= performance.now();
      if (performance.now() - this.#startedMs > quickDeathMs) this.#quickDeaths = 0;
      this.#health = await this.part.checkHealth();
      return;
    }
    if (this.#startedMs !== undefined) this.#died('it ended');
    if (performance.now() < this.#startAtMs) return;
    this.#starting = this.#start().finally(() => {
      this.#starting = undefined;
    });
    // An engine may take minutes: the others are looked after meanwhile.
    if (this.part.kind !== 'engine') await this.#starting;
  }

  async #start(): Promise<void> {
    this.#startedMs = performance.now();
    try {
      await this.part.start();
    } catch (error) {
      this.#died((error as Error).message);
    }
  }

  #died(why: string): void {
    const livedMs = performance.now() - (this.#startedMs ?? 0);
    this.#startedMs = undefined;
    this.#quickDeaths = livedMs < quickDeathMs ? this.#quickDeaths + 1 : 1;
    const { name, log } = this.part;
    this.#onDeath(name);
    this.#health = { ready: false, says: `${why}; see ${log}` };
    this.#restarts += 1;
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (this.#quickDeaths - 1));
    this.#startAtMs = performance.now() + pauseMs;
    const again = this.keepsDying ? `${this.#quickDeaths} times within ${quickDeathMs / 1_000} s of its start` : why;
    this.#note(`${name} died (${again}); it restarts in ${pauseMs / 1_000} s; its log: ${log}`);
  }
}
