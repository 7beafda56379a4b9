/**
 * Local times of airports. The rules of Temporal, kept by day so that whole timetables can be computed: a local time that a switch
 * skips is that much later, and of one that comes twice the first counts.
 */
const minuteMs = 60_000;
export const dayMs = 86_400_000;
const dayMinutes = 1_440;

/** Within one local day: from one minute up to another, local time is so far ahead of UTC. */
export interface OffsetPiece {
  readonly fromMinute: number;
  readonly toMinute: number;
  readonly offsetMs: number;
}

/** No zone is further from UTC. */
const farthestMs = 15 * 3_600_000;
/** Of one zone; beyond them its memory starts again empty. */
const maxDays = 1_000;

interface Zone {
  /** The offset in a whole UTC day; undefined where it changes within. */
  readonly steady: Map<number, number | undefined>;
  readonly pieces: Map<number, readonly OffsetPiece[]>;
}
const zones = new Map<string, Zone>();

function zoneNamed(timeZone: string): Zone {
  const known = zones.get(timeZone);
  if (known !== undefined) return known;
  const zone = { steady: new Map(), pieces: new Map() };
  zones.set(timeZone, zone);
  return zone;
}

function keep<Value>(map: Map<number, Value>, day: number, value: Value): Value {
  if (map.size >= maxDays) map.clear();
  map.set(day, value);
  return value;
}

/** How far local time is ahead of UTC at an instant. */
function offsetAt(timeZone: string, at: number): number {
  const { steady } = zoneNamed(timeZone);
  const day = Math.floor(at / dayMs);
  const known = steady.get(day);
  if (known !== undefined) return known;
  if (steady.has(day)) return exactOffset(timeZone, at);
  const first = exactOffset(timeZone, day * dayMs);
  const last = exactOffset(timeZone, (day + 1) * dayMs);
  keep(steady, day, first === last ? first : undefined);
  return first === last ? first : exactOffset(timeZone, at);
}

function zoned(timeZone: string, at: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
}

function exactOffset(timeZone: string, at: number): number {
  return zoned(timeZone, at).offsetNanoseconds / 1_000_000;
}

/** The offsets of a local day, which is counted from 1970. One, unless the clocks change on that day. */
export function offsetsOn(timeZone: string, day: number): readonly OffsetPiece[] {
  const { pieces } = zoneNamed(timeZone);
  return pieces.get(day) ?? keep(pieces, day, piecesOn(timeZone, day));
}

function piecesOn(timeZone: string, day: number): readonly OffsetPiece[] {
  const start = day * dayMs;
  const end = start + dayMs + farthestMs;
  let offsetMs = exactOffset(timeZone, start - farthestMs);
  if (offsetMs === exactOffset(timeZone, end)) return [{ fromMinute: 0, toMinute: dayMinutes, offsetMs }];
  const pieces: OffsetPiece[] = [];
  let fromMinute = 0;
  let change = zoned(timeZone, start - farthestMs).getTimeZoneTransition('next');
  for (; change !== null && change.epochMilliseconds <= end; change = change.getTimeZoneTransition('next')) {
    const next = change.offsetNanoseconds / 1_000_000;
    // Local times before the later of the two readings of the clock at the switch still go by the old offset.
    const toMinute = Math.min(dayMinutes, (change.epochMilliseconds + Math.max(offsetMs, next) - start) / minuteMs);
    if (toMinute > fromMinute) {
      pieces.push({ fromMinute, toMinute, offsetMs });
      fromMinute = toMinute;
    }
    offsetMs = next;
  }
  if (fromMinute < dayMinutes) pieces.push({ fromMinute, toMinute: dayMinutes, offsetMs });
  return pieces;
}

/** When it is that minute of a local day. */
export function instantOf(timeZone: string, day: number, minute: number): number {
  const piece = offsetsOn(timeZone, day).find(({ toMinute }) => minute < toMinute);
  return day * dayMs + minute * minuteMs - (piece?.offsetMs ?? offsetAt(timeZone, day * dayMs));
}

/** The local day, and the minute of it. */
export function localTime(timeZone: string, at: number): { readonly day: number; readonly minute: number } {
  const local = at + offsetAt(timeZone, at);
  const day = Math.floor(local / dayMs);
  return { day, minute: Math.floor((local - day * dayMs) / minuteMs) };
}

/** Such as `2026-12-01T06:40`. */
export function localText(timeZone: string, at: number): string {
  const { day, minute } = localTime(timeZone, at);
  return `${dateOf(day)}T${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}

/** The day of a date such as `2026-12-01`, counted from 1970; undefined for one that no calendar has. */
export function dayOf(date: string): number | undefined {
  try {
    return Temporal.Instant.from(`${date}T00:00Z`).epochMilliseconds / dayMs;
  } catch {
    return undefined;
  }
}

const dates = new Map<number, string>();

export function dateOf(day: number): string {
  return (
    dates.get(day) ??
    keep(
      dates,
      day,
      Temporal.Instant.fromEpochMilliseconds(day * dayMs)
        .toString()
        .slice(0, 10),
    )
  );
}

/** 1 for Monday. */
export function weekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}
