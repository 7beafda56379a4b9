/**
 * Detects consumers that no longer raise their beats. Only beats and this process's monotonic clock are compared, so that
 * machines with different clocks do not take each other for dead.
 */
import type { Clock } from '#core/ports/clock.ts';

interface Sighting {
  readonly beat: number;
  readonly seenMs: number;
}

const maxSightings = 10_000;

export class Presences {
  readonly #clock: Clock;
  readonly #leaseMs: number;
  readonly #sightings = new Map<string, Sighting>();

  constructor(clock: Clock, leaseMs: number) {
    this.#clock = clock;
    this.#leaseMs = leaseMs;
  }

  /** True once the same beat has been seen for the time of a lease. */
  isSilent(consumerId: string, beat: number): boolean {
    const nowMs = this.#clock.monotonicMs();
    const seen = this.#sightings.get(consumerId);
    if (seen?.beat === beat) return nowMs - seen.seenMs >= this.#leaseMs;
    this.#sightings.delete(consumerId);
    this.#sightings.set(consumerId, { beat, seenMs: nowMs });
    this.#forgetOldest();
    return false;
  }

  #forgetOldest(): void {
    const oldest = this.#sightings.size > maxSightings ? this.#sightings.keys().next().value : undefined;
    if (oldest !== undefined) this.#sightings.delete(oldest);
  }
}
