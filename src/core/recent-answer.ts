/** An answer that is the same for all who ask: made again when it is too old, once at a time. */
import type { Clock } from './ports/clock.ts';

export class RecentAnswer<Answer> {
  readonly #clock: Clock;
  readonly #maxAgeMs: number;
  readonly #make: () => Promise<Answer>;
  #made: { readonly atMs: number; readonly answer: Answer } | undefined;
  #making: Promise<Answer> | undefined;

  constructor(clock: Clock, maxAgeMs: number, make: () => Promise<Answer>) {
    this.#clock = clock;
    this.#maxAgeMs = maxAgeMs;
    this.#make = make;
  }

  async look(): Promise<Answer> {
    const made = this.#made;
    if (made !== undefined && this.#clock.monotonicMs() - made.atMs < this.#maxAgeMs) return made.answer;
    this.#making ??= this.#makeNow().finally(() => {
      this.#making = undefined;
    });
    return this.#making;
  }

  async #makeNow(): Promise<Answer> {
    const atMs = this.#clock.monotonicMs();
    const answer = await this.#make();
    this.#made = { atMs, answer };
    return answer;
  }
}
