/** What time it is in the house, from the clock of this device and what the house tells. Pure. */

export interface HouseClock {
  /** How far the clock of the house is ahead of the one of this device. */
  readonly aheadMs: number;
  /** Since when the house has told a time far ahead, which is not believed yet; by the clock of this device. */
  readonly jumpedAt: number | undefined;
}

/** A jump so far ahead is believed only when it has stayed for some time: a pull of the plug sets the clock of one process for a while. */
const jumpMs = 10_000;
const believedAfterMs = 20_000;

/** The house tells `houseAt`, when the clock of this device shows `now`. */
export function clockAfter(before: HouseClock | undefined, houseAt: number, now: number): HouseClock {
  const aheadMs = houseAt - now;
  if (before === undefined || aheadMs - before.aheadMs <= jumpMs) return { aheadMs, jumpedAt: undefined };
  const jumpedAt = before.jumpedAt ?? now;
  return now - jumpedAt > believedAfterMs ? { aheadMs, jumpedAt: undefined } : { aheadMs: before.aheadMs, jumpedAt };
}

/** Before anything is known, the time of this device. */
export function houseTime({ clock }: { readonly clock: HouseClock | undefined }, now: number): number {
  return now + (clock?.aheadMs ?? 0);
}
