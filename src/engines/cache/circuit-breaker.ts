/**
 * Calls to a cache's server with a time limit. After a failure the server is left alone for a pause, which grows as long as it
 * fails; then one call tries it again. Meanwhile calls are refused at once.
 */
import { backoffMs } from '#core/backoff.ts';
import { KontorError } from '#core/errors.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import type { Random } from '#core/ports/random.ts';
import { withinTime } from '#core/within-time.ts';

export interface CircuitBreakerOptions {
  /** For the log, without secrets. */
  readonly server: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

const pauses = { firstMs: 100, maxMs: 2_000 };

export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  #failures = 0;
  #closedUntilMs = 0;
  #trying = false;

  constructor(options: CircuitBreakerOptions) {
    this.#options = options;
  }

  async call<Result>(work: () => Promise<Result>): Promise<Result> {
    const { server, timeoutMs, clock, log } = this.#options;
    const isTrial = this.#failures > 0;
    if (isTrial && (this.#trying || clock.monotonicMs() < this.#closedUntilMs)) {
      throw new KontorError('unavailable', `the cache at ${server} did not answer a moment ago`);
    }
    this.#trying ||= isTrial;
    try {
      const result = await withinTime(clock, timeoutMs, Promise.try(work), (ms) => `the cache at ${server} did not answer within ${ms} ms`);
      if (this.#failures > 0) log.info({ server }, 'the cache answers again');
      this.#failures = 0;
      return result;
    } catch (error) {
      this.#fail(error);
      throw error;
    } finally {
      if (isTrial) this.#trying = false;
    }
  }

  #fail(error: unknown): void {
    const { server, clock, random, log } = this.#options;
    // Of many calls that fail together, one counts.
    if (clock.monotonicMs() < this.#closedUntilMs) return;
    this.#failures += 1;
    this.#closedUntilMs = clock.monotonicMs() + backoffMs(this.#failures, pauses, random);
    if (this.#failures === 1) log.warn({ server, error }, 'the cache does not answer: everything is loaded until it does');
  }
}
