/** Requests per minute from one address: counted for all that this process answers, by whichever way. */
import { BoundedMap } from '#core/bounded-map.ts';
import { subscriberOf } from '#core/networks.ts';
import type { Clock } from '#core/ports/clock.ts';

/** What is left to an address. */
interface Allowance {
  readonly perMinute: number;
  readonly refused: boolean;
  readonly remaining: number;
  /** Until the next minute of this address begins. */
  readonly resetSeconds: number;
}

interface Minute {
  readonly startedMs: number;
  requests: number;
}

const minuteMs = 60_000;
/** Addresses that are counted: beyond it, those whose minute began first are forgotten. */
const maxAddresses = 10_000;

export class RateLimit {
  readonly #perMinute: number;
  readonly #clock: Clock;
  readonly #minutes = new BoundedMap<string, Minute>(maxAddresses);

  constructor(perMinute: number, clock: Clock) {
    this.#perMinute = perMinute;
    this.#clock = clock;
  }

  /** Counts a request, unless it is refused. */
  take(address: string): Allowance {
    const minute = this.#minuteOf(subscriberOf(address));
    const refused = minute.requests >= this.#perMinute;
    if (!refused) minute.requests += 1;
    const leftMs = minute.startedMs + minuteMs - this.#clock.monotonicMs();
    return { perMinute: this.#perMinute, refused, remaining: this.#perMinute - minute.requests, resetSeconds: Math.ceil(leftMs / 1_000) };
  }

  #minuteOf(address: string): Minute {
    const now = this.#clock.monotonicMs();
    const known = this.#minutes.get(address);
    if (known !== undefined && now - known.startedMs < minuteMs) return known;
    const minute = { startedMs: now, requests: 0 };
    this.#minutes.set(address, minute);
    return minute;
  }
}

/** Names and values in turn, for every answer. */
export function rateHeaders({ perMinute, remaining, resetSeconds }: Allowance): readonly string[] {
  return ['x-ratelimit-limit', String(perMinute), 'x-ratelimit-remaining', String(remaining), 'x-ratelimit-reset', String(resetSeconds)];
}
