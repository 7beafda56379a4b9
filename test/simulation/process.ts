/** A simulated process: it may die, stand still for a while, and have a clock that is wrong. What a dead one waits for never comes. */
import type { Clock } from '#core/ports/clock.ts';
import type { Holder } from '#core/ports/holder.ts';
import type { Timeline } from './timeline.ts';

export type Part = 'state' | 'stream' | 'lake' | 'hosts';

/** What hits the process at the next so many writes of a part: it dies before or after one, or stands still right before it. */
export interface Doom {
  readonly part: Part;
  readonly what: 'dies before' | 'dies after' | 'stands still';
  calls: number;
}

export class SimulatedProcess {
  readonly name: string;
  readonly timeline: Timeline;
  readonly holder: Holder;
  alive = true;
  doom: Doom | undefined;
  /** How wrong its clock is. */
  clockOffMs = 0;
  /** Parts that it cannot reach. */
  readonly cutFrom = new Set<Part>();
  #stillUntilMs = 0;
  /** What takes the listeners of its sleeps away. Node keeps signals made by `any` for ever while somebody listens, and with them a whole world. */
  readonly #deafen = new Set<() => void>();

  constructor(timeline: Timeline, name: string, holder: Holder) {
    this.timeline = timeline;
    this.name = name;
    this.holder = holder;
  }

  /** From now on nothing of it goes on. */
  die(): void {
    this.alive = false;
    for (const deafen of this.#deafen) deafen();
    this.#deafen.clear();
  }

  /** Like a stopped process: what comes for it meanwhile, it sees afterwards. */
  standStill(ms: number): void {
    this.#stillUntilMs = Math.max(this.#stillUntilMs, this.timeline.nowMs + ms);
  }

  /** Runs what goes on in this process: later where it stands still, never where it is dead. */
  wake(run: () => unknown): void {
    if (!this.alive) return;
    // Nobody waits for the end of what goes on: it may take any number of events.
    if (this.timeline.nowMs >= this.#stillUntilMs) run();
    else this.timeline.at(this.#stillUntilMs, () => this.wake(run));
  }

  later(ms: number, run: () => unknown): () => void {
    return this.timeline.after(ms, () => this.wake(run));
  }

  /** What hits it at this write, if anything does. */
  doomAt(part: Part): Doom['what'] | undefined {
    const { doom } = this;
    if (doom?.part !== part) return undefined;
    doom.calls -= 1;
    if (doom.calls > 0) return undefined;
    this.doom = undefined;
    return doom.what;
  }

  readonly clock: Clock = {
    now: () => Math.floor(this.timeline.epochMs + this.clockOffMs),
    monotonicMs: () => this.timeline.nowMs,
    sleep: (ms, signal) => {
      if (signal?.aborted) return this.alive ? Promise.resolve() : new Promise(() => {});
      return new Promise((resolve) => {
        const wake = () => {
          deafen();
          this.#deafen.delete(deafen);
          resolve();
        };
        const cancel = this.later(Math.max(0, ms), wake);
        const abort = () => {
          this.#deafen.delete(deafen);
          cancel();
          this.wake(resolve);
        };
        const deafen = () => signal?.removeEventListener('abort', abort);
        if (signal === undefined) return;
        signal.addEventListener('abort', abort, { once: true });
        this.#deafen.add(deafen);
      });
    },
  };
}
