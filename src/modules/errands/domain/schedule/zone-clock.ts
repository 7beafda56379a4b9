/**
 * The clock on the wall of a time zone. Temporal is asked once for each stretch between two switches of the clock; the rest is arithmetic.
 * A local time is written as the milliseconds that it would be in UTC.
 */

/** A time in which the clock of a zone is not switched. */
interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  /** How far local time is ahead of UTC, here and before. */
  readonly offsetMs: number;
  readonly offsetBeforeMs: number;
}

/** No zone is further from UTC. */
const farthestMs = 15 * 3_600_000;
/** Beyond them the memory starts again empty. */
const maxZones = 700;
const maxStretches = 200;

const zones = new Map<string, Stretch[]>();

export function stretchAt(zone: string, at: number): Stretch {
  let stretches = zones.get(zone);
  if (stretches === undefined) {
    if (zones.size >= maxZones) zones.clear();
    stretches = [];
    zones.set(zone, stretches);
  }
  for (const stretch of stretches) if (at >= stretch.fromMs && at < stretch.toMs) return stretch;
  if (stretches.length >= maxStretches) stretches.length = 0;
  const stretch = stretchByTemporal(zone, at);
  stretches.push(stretch);
  return stretch;
}

function stretchByTemporal(zone: string, at: number): Stretch {
  const zoned = (instant: number) => Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
  const offset = (instant: number) => zoned(instant).offsetNanoseconds / 1_000_000;
  const fromMs = zoned(at + 1).getTimeZoneTransition('previous')?.epochMilliseconds ?? Number.NEGATIVE_INFINITY;
  const toMs = zoned(at).getTimeZoneTransition('next')?.epochMilliseconds ?? Number.POSITIVE_INFINITY;
  const offsetMs = offset(at);
  return { fromMs, toMs, offsetMs, offsetBeforeMs: Number.isFinite(fromMs) ? offset(fromMs - 1) : offsetMs };
}

/** What the clock shows. */
export function localTime(zone: string, at: number): number {
  return at + stretchAt(zone, at).offsetMs;
}

/** The latest that the clock has shown so far: in an hour that comes again, the end of its first time. */
export function latestLocalTime(zone: string, at: number): number {
  const { fromMs, offsetMs, offsetBeforeMs } = stretchAt(zone, at);
  return Math.max(at + offsetMs, fromMs + offsetBeforeMs - 1);
}

/** When the clock first shows this local time or a later one: of two times the first, and right after a gap what falls into it. */
export function instantOf(zone: string, local: number): number {
  let stretch = stretchAt(zone, local - farthestMs);
  while (local - stretch.offsetMs >= stretch.toMs) stretch = stretchAt(zone, stretch.toMs);
  return Math.max(local - stretch.offsetMs, stretch.fromMs);
}

/** The name as the list of zones spells it; undefined for a zone that is not in it. */
export function zoneNamed(name: string): string | undefined {
  if (!/^[A-Za-z]/.test(name)) return undefined;
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId;
  } catch {
    return undefined;
  }
}
