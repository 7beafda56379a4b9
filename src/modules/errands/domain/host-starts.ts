/** When fetches from one host start, so that no two are closer than the host wants it. Runs are made ahead, and not in the order of their times. */
import { dayMs } from './days.ts';
import { attemptsMs } from './orders.ts';

/** A run that would start later fails instead: it could not be repeated within the promise. */
const maxWaitMs = attemptsMs[2];
/** Starts that lie farther ahead are not kept apart. */
const horizonMs = 10 * 60_000;
/** Starts that are remembered for a host. */
const maxStarts = 2_000;

export class HostStarts {
  readonly #delayMs: number;
  readonly #restsUntil: number;
  readonly #starts: number[];
  #changed = false;

  /** `starts` are those that were given out before, in order. */
  constructor(starts: readonly number[], rules: { readonly delayMs: number; readonly restsUntil: number; readonly now: number }) {
    this.#delayMs = rules.delayMs;
    this.#restsUntil = rules.restsUntil;
    this.#starts = starts.filter((start) => start > rules.now - rules.delayMs);
  }

  get changed(): boolean {
    return this.#changed;
  }

  get starts(): readonly number[] {
    return this.#starts;
  }

  /** The first time from `dueAt` on at which so many fetches may follow one another; undefined when that is too late. */
  take(dueAt: number, fetches: number, now: number): number | undefined {
    const needMs = fetches * this.#delayMs;
    let at = Math.max(dueAt, this.#restsUntil);
    for (const start of this.#starts) {
      if (start <= at - this.#delayMs) continue;
      if (start >= at + needMs) break;
      at = start + this.#delayMs;
    }
    if (at > dueAt + maxWaitMs) return undefined;
    if (at <= now + horizonMs && this.#starts.length + fetches <= maxStarts) this.#keep(at, fetches);
    return at;
  }

  #keep(at: number, fetches: number): void {
    const place = this.#starts.findLastIndex((start) => start < at) + 1;
    this.#starts.splice(place, 0, ...Array.from({ length: fetches }, (_, index) => at + index * this.#delayMs));
    this.#changed = true;
  }
}

/** Fetches a day that a host takes; undefined where there is no limit. */
export function fetchesPerDay(delayMs: number): number | undefined {
  return delayMs === 0 ? undefined : Math.floor(dayMs / delayMs);
}
