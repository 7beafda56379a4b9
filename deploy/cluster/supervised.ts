/** One part of the cluster, kept running: started again when it dies, given up when it keeps dying at once. */

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
  readonly state: 'up' | 'restarting' | 'gave up';
  readonly restarts: number;
  readonly address: string;
}

/** Who dies sooner than this has not really started. */
const quickDeathMs = 10_000;
const maxQuickDeaths = 5;
const firstPauseMs = 200;
const longestPauseMs = 10_000;

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

  get gaveUp(): boolean {
    return this.#quickDeaths >= maxQuickDeaths;
  }

  row(): Row {
    const processId = this.part.processId();
    const state = this.gaveUp ? 'gave up' : processId === undefined ? 'restarting' : 'up';
    const { name, address } = this.part;
    return { name, processId, state, restarts: this.#restarts, address, ...this.#look };
  }

  /** Called several times a second. */
  async tend(): Promise<void> {
    if (this.gaveUp) return;
    if (this.part.processId() !== undefined) {
      this.#startedMs ??= performance.now();
      this.#look = await this.part.look();
      return;
    }
    if (this.#startedMs !== undefined) this.#died('it ended');
    if (!this.gaveUp && performance.now() >= this.#startAtMs) await this.#start();
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
    this.#look = { ready: false, says: why };
    const { name, log } = this.part;
    if (this.gaveUp) {
      this.#look = {
        ready: false,
        says: `given up: it died ${maxQuickDeaths} times within ${quickDeathMs / 1_000} s of its start; see ${log}`,
      };
      this.#note(`${name}: ${this.#look.says}`);
      return;
    }
    this.#restarts += 1;
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (this.#quickDeaths - 1));
    this.#startAtMs = performance.now() + pauseMs;
    this.#note(`${name} died (${why}); it is started again in ${pauseMs / 1_000} s; its log: ${log}`);
  }
}
