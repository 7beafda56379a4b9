/**
 * Tells which consumers are gone, by watching whether their beats go on. Nothing is compared but numbers and one's own
 * clock, so that machines whose clocks disagree never take each other for dead.
 */
import type { Clock } from '#core/ports/clock.ts';

interface Sign {
  readonly beat: number;
  readonly seenMs: number;
}

const maxSigns = 10_000;

export class Presences {
  readonly #clock: Clock;
  readonly #leaseMs: number;
  readonly #signs = new Map<string, Sign>();

  constructor(clock: Clock, leaseMs: number) {
    this.#clock = clock;
    this.#leaseMs = leaseMs;
  }

  /** True once the same beat has been seen for as long as a lease lasts. */
  isSilent(consumerId: string, beat: number): boolean {
    const nowMs = this.#clock.monotonicMs();
    const sign = this.#signs.get(consumerId);
    if (sign?.beat === beat) return nowMs - sign.seenMs >= this.#leaseMs;
    this.#signs.delete(consumerId);
    this.#signs.set(consumerId, { beat, seenMs: nowMs });
    this.#forgetOldest();
    return false;
  }

  #forgetOldest(): void {
    const oldest = this.#signs.size > maxSigns ? this.#signs.keys().next().value : undefined;
    if (oldest !== undefined) this.#signs.delete(oldest);
  }
}
