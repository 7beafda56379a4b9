/** One part of the cluster, kept running: started again when it dies, after longer and longer pauses when it keeps dying at once. */

export interface Part {
  readonly name: string;
  /** Parts of a lower stage start earlier and stop later. */
  readonly stage: number;
  /** Where it answers, such as `http://127.0.0.1:3001`. */
  readonly address: string;
  /** Where its log is. */
  readonly log: string;
  /** The process's id, undefined while it does not run. */
  processId(): number | undefined;
  start(): Promise<void>;
  /** In order, and by force when that takes too long. */
  stop(): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
  look(): Promise<Look>;
}

export interface Look {
  readonly ready: boolean;
  /** What it is doing, or what keeps it from being ready. */
  readonly says: string;
}

/** A part as `kontor cluster status` shows it. */
export interface Row extends Look {
  readonly name: string;
  readonly processId: number | undefined;
  readonly state: 'up' | 'restarting' | 'keeps dying';
  readonly restarts: number;
  readonly address: string;
}

/** Who dies sooner than this has not really started. */
const quickDeathMs = 10_000;
/** After so many in a row it is said that something is wrong with it. */
const manyQuickDeaths = 5;
const firstPauseMs = 200;
const longestPauseMs = 15_000;

export class Supervised {
  readonly part: Part;
  readonly #note: (line: string) => void;
  #look: Look = { ready: false, says: 'starting' };
  #startedMs: number | undefined;
  #startAtMs = 0;
  #quickDeaths = 0;
  #restarts = 0;

  constructor(part: Part, note: (line: string) => void) {
    this.part = part;
    this.#note = note;
  }

  get keepsDying(): boolean {
    return this.#quickDeaths >= manyQuickDeaths;
  }

  row(): Row {
    const processId = this.part.processId();
    const state = processId !== undefined ? 'up' : this.keepsDying ? 'keeps dying' : 'restarting';
    const { name, address } = this.part;
    return { name, processId, state, restarts: this.#restarts, address, ...this.#look };
  }

  /** Called several times a second. */
  async tend(): Promise<void> {
    if (this.part.processId() !== undefined) {
      this.#startedMs ??= performance.now();
      if (performance.now() - this.#startedMs > quickDeathMs) this.#quickDeaths = 0;
      this.#look = await this.part.look();
      return;
    }
    if (this.#startedMs !== undefined) this.#died('it ended');
    if (performance.now() >= this.#startAtMs) await this.#start();
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
    this.#look = { ready: false, says: `${why}; see ${log}` };
    this.#restarts += 1;
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (this.#quickDeaths - 1));
    this.#startAtMs = performance.now() + pauseMs;
    const again = this.keepsDying ? `${this.#quickDeaths} times within ${quickDeathMs / 1_000} s of its start` : why;
    this.#note(`${name} died (${again}); it is started again in ${pauseMs / 1_000} s; its log: ${log}`);
  }
}
