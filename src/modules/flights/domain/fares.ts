/**
 * The rules of every fare: what comes back of what was paid. No I/O, no clock.
 *
 * - Until 7 days before the first departure 90 %, until 24 hours before it 50 %, then nothing.
 * - Within 24 hours after booking everything, as long as the first departure is at least 7 days away.
 * - Everything at any time, when one of the flights was cancelled by the airline.
 */
const hourMs = 3_600_000;

/** Hours before the first departure, and what comes back until then. */
export const refundSteps = [
  { hoursBefore: 168, refundPercent: 90 },
  { hoursBefore: 24, refundPercent: 50 },
] as const;

const graceMs = 24 * hourMs;
const graceBeforeMs = 168 * hourMs;

export interface Fare {
  readonly bookedAt: number;
  readonly firstDepartureAt: number;
  readonly flightCancelled: boolean;
}

export interface RefundShare {
  readonly refundPercent: number;
  /** Until then; from then on it is less. Null when it does not change any more. */
  readonly until: number | null;
}

export function refundShare({ bookedAt, firstDepartureAt, flightCancelled }: Fare, now: number): RefundShare {
  if (flightCancelled) return { refundPercent: 100, until: null };
  const graceEnds = Math.min(bookedAt + graceMs, firstDepartureAt - graceBeforeMs);
  if (now <= graceEnds) return { refundPercent: 100, until: graceEnds };
  for (const { hoursBefore, refundPercent } of refundSteps) {
    const until = firstDepartureAt - hoursBefore * hourMs;
    if (now <= until) return { refundPercent, until };
  }
  return { refundPercent: 0, until: null };
}

/** Whole coins, rounded down. */
export function refundOf(total: number, { refundPercent }: RefundShare): number {
  return Math.floor((total * refundPercent) / 100);
}
