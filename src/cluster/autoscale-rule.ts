/**
 * When the cluster adds and removes an instance: a pure function of what is measured.
 *
 * The work of all instances is counted in instances: that which one of them does at its target load. One is added when the work has
 * exceeded that of all running ones for a short time, and one is removed when the work has been well below that of one less for a long
 * time. Adding one leaves more work than removing one asks for, so steady work never makes the number go up and down.
 */

/** How many instances there may be. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** What all instances together do, on average since the last look. */
export interface Load {
  /** Cores in use: 1.5 is one and a half. */
  readonly cores: number;
  readonly requestsInFlight: number;
}

export interface AutoscaleRule {
  /** An instance is at its target when it uses so much of a core, */
  readonly coresEach: number;
  /** or has so many requests in progress. */
  readonly requestsEach: number;
  /** One is removed when the others would be below this share of their target. */
  readonly lowShare: number;
  readonly upAfterMs: number;
  readonly downAfterMs: number;
  /** The least time between two changes. */
  readonly coolDownMs: number;
}

export const defaultRule: AutoscaleRule = {
  coresEach: 0.6,
  requestsEach: 16,
  lowShare: 0.7,
  upAfterMs: 2_000,
  downAfterMs: 30_000,
  coolDownMs: 3_000,
};

export interface ScaleState {
  readonly wanted: number;
  readonly changedMs: number;
  /** Since when the load has been too high for the instances, or low enough for one less. */
  readonly highSinceMs: number | undefined;
  readonly lowSinceMs: number | undefined;
}

export interface Look {
  readonly nowMs: number;
  readonly load: Load;
  /** Whether every wanted instance is ready. While one is not, nothing is decided: its load is unknown. */
  readonly allReady: boolean;
}

export function startState({ min }: Range, nowMs: number): ScaleState {
  return { wanted: min, changedMs: nowMs, highSinceMs: undefined, lowSinceMs: undefined };
}

/** The work of all instances, in instances at their target. */
function workOf({ cores, requestsInFlight }: Load, { coresEach, requestsEach }: AutoscaleRule): number {
  return Math.max(cores / coresEach, requestsInFlight / requestsEach);
}

/** Changes the wanted number by one at most. */
export function decide(state: ScaleState, range: Range, look: Look, rule: AutoscaleRule): ScaleState {
  const { wanted, changedMs } = state;
  const { nowMs, load, allReady } = look;
  const work = workOf(load, rule);
  const high = allReady && wanted < range.max && work > wanted;
  const low = allReady && wanted > range.min && work < (wanted - 1) * rule.lowShare;
  const highSinceMs = high ? (state.highSinceMs ?? nowMs) : undefined;
  const lowSinceMs = low ? (state.lowSinceMs ?? nowMs) : undefined;
  const mayChange = nowMs - changedMs >= rule.coolDownMs;
  const hasLasted = (sinceMs: number | undefined, forMs: number) => mayChange && sinceMs !== undefined && nowMs - sinceMs >= forMs;
  const step = hasLasted(highSinceMs, rule.upAfterMs) ? 1 : hasLasted(lowSinceMs, rule.downAfterMs) ? -1 : 0;
  if (step === 0) return { wanted, changedMs, highSinceMs, lowSinceMs };
  return { wanted: wanted + step, changedMs: nowMs, highSinceMs: undefined, lowSinceMs: undefined };
}
