/** Time, as a port: only the house knows the real one, tests move their own. */
export interface Clock {
  /** Milliseconds since 1970. It may step backwards when somebody sets the machine's clock. */
  now(): number;
  /** Milliseconds, fractional, from an arbitrary start; never steps backwards. For measuring and scheduling. */
  monotonicMs(): number;
  /** Resolves after `ms`, or at once when `signal` aborts (it does not reject: look at the signal). */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
