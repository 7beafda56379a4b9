/**
 * Time limits of fetches. One loop looks at all that are under way, which costs less than timers for each of their phases; a limit
 * may be overrun by `lookEveryMs`.
 */
import type { Clock } from '#core/ports/clock.ts';
import type { FetchFailure, FetchLimits, FetchTimings } from '../../ports/fetch.ts';
import { Stopped } from './stopped.ts';

const lookEveryMs = 50;

export type Phase = 'resolve' | 'connect' | 'headers' | 'body';

const lateBy: Readonly<Record<Phase, FetchFailure>> = {
  resolve: 'resolve_timed_out',
  connect: 'connect_timed_out',
  headers: 'headers_timed_out',
  body: 'body_timed_out',
};

export class Watches {
  readonly #clock: Clock;
  readonly #watches = new Set<Watch>();
  #looking = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#watches.size;
  }

  begin(limits: FetchLimits): Watch {
    const watch = new Watch(this.#clock, limits);
    this.#watches.add(watch);
    if (!this.#looking) void this.#look();
    return watch;
  }

  end(watch: Watch): void {
    this.#watches.delete(watch);
  }

  stopAll(why: Stopped): void {
    for (const watch of this.#watches) watch.stop(why);
  }

  async #look(): Promise<void> {
    this.#looking = true;
    while (this.#watches.size > 0) {
      await this.#clock.sleep(lookEveryMs);
      const now = this.#clock.monotonicMs();
      for (const watch of this.#watches) watch.look(now);
    }
    this.#looking = false;
  }
}

/** One fetch: which phase it is in, since when, and how to stop it. */
export class Watch {
  readonly #clock: Clock;
  readonly #limits: FetchLimits;
  readonly #startedMs: number;
  readonly #spentMs: Record<Phase, number> = { resolve: 0, connect: 0, headers: 0, body: 0 };
  readonly #stopped = Promise.withResolvers<never>();
  #phase: Phase = 'resolve';
  #phaseStartedMs: number;
  #why: Stopped | undefined;
  readonly #onStop: ((why: Stopped) => void)[] = [];

  constructor(clock: Clock, limits: FetchLimits) {
    this.#clock = clock;
    this.#limits = limits;
    this.#startedMs = clock.monotonicMs();
    this.#phaseStartedMs = this.#startedMs;
    // A rejection is reported to the caller that waits; without one it must not count as unhandled.
    this.#stopped.promise.catch(() => {});
  }

  get phase(): Phase {
    return this.#phase;
  }

  get why(): Stopped | undefined {
    return this.#why;
  }

  begin(phase: Phase): void {
    const now = this.#clock.monotonicMs();
    this.#spentMs[this.#phase] += now - this.#phaseStartedMs;
    this.#phase = phase;
    this.#phaseStartedMs = now;
  }

  /** `end` releases what the present step holds, such as a socket. */
  onStop(end: (why: Stopped) => void): void {
    this.#onStop.push(end);
    if (this.#why !== undefined) end(this.#why);
  }

  /** The present step holds nothing any more. */
  stepDone(): void {
    this.#onStop.length = 0;
  }

  /** Rejects when the fetch is stopped before `work` is done. */
  within<Result>(work: Promise<Result>): Promise<Result> {
    return Promise.race([work, this.#stopped.promise]);
  }

  stop(why: Stopped): void {
    if (this.#why !== undefined) return;
    this.#why = why;
    this.#stopped.reject(why);
    for (const end of this.#onStop) end(why);
  }

  look(now: number): void {
    const { totalMs } = this.#limits;
    const phaseMs = this.#limits[`${this.#phase}Ms`];
    if (now - this.#startedMs > totalMs) this.stop(Stopped.failed('total_timed_out', `it took longer than ${totalMs} ms`));
    else if (now - this.#phaseStartedMs > phaseMs)
      this.stop(Stopped.failed(lateBy[this.#phase], `the phase "${this.#phase}" took longer than ${phaseMs} ms`));
  }

  timings(): FetchTimings {
    this.begin(this.#phase);
    const { resolve, connect, headers, body } = this.#spentMs;
    return {
      resolveMs: rounded(resolve),
      connectMs: rounded(connect),
      headersMs: rounded(headers),
      bodyMs: rounded(body),
      totalMs: rounded(this.#phaseStartedMs - this.#startedMs),
    };
  }
}

function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}
