/** Time: the house uses the real clock, tests a simulated one. */
export interface Clock {
  /** Milliseconds since 1970. It may step backwards when the machine's clock is set. */
  now(): number;
  /** Milliseconds, fractional, from an arbitrary start; never steps backwards. For measuring and scheduling. */
  monotonicMs(): number;
  /** Resolves after `ms`, or at once when `signal` aborts (it does not reject: check the signal). */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
