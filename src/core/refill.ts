/** What may be used at once, and fills up again with time. */
import type { Clock } from './ports/clock.ts';

export class Refill {
  readonly #most: number;
  readonly #perSecond: number;
  readonly #clock: Clock;
  #left: number;
  #atMs: number;

  constructor(most: number, perSecond: number, clock: Clock) {
    this.#most = most;
    this.#perSecond = perSecond;
    this.#clock = clock;
    this.#left = most;
    this.#atMs = clock.monotonicMs();
  }

  /** Uses one; false if none is left. */
  take(): boolean {
    const now = this.#clock.monotonicMs();
    this.#left = Math.min(this.#most, this.#left + ((now - this.#atMs) * this.#perSecond) / 1_000);
    this.#atMs = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
