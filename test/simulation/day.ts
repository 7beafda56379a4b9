/**
 * The programme of a simulated day: times in which people act and faults come, short looks around between them, and naps, in which
 * the clock goes on and nothing else does.
 */
import type { Random } from '#core/ports/random.ts';
import { anyOf } from './dice.ts';
import type { House } from './house.ts';
import type { SimulatedProcess } from './process.ts';
import type { Timeline } from './timeline.ts';
import type { Trace } from './trace.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

interface DayOptions {
  readonly timeline: Timeline;
  readonly trace: Trace;
  readonly random: Random;
  readonly house: House;
  /** Beyond the least, they are around full hours. */
  readonly busyTimes: number;
  isWell(): boolean;
  /** Stops a process for a while, so that others may take it for dead. */
  halt(process: SimulatedProcess, ms: number): void;
  /** Lets time pass in which nobody begins anything. */
  pass(ms: number): Promise<void>;
  /** People act and faults come; then everything comes to rest, and is looked at. */
  bustle(): Promise<void>;
  stopInOrder(): Promise<void>;
}

/** More than a day, so that what is kept for 24 hours is seen to go. */
const lengthMs = dayMs + 3 * hourMs;
/** The first at once, one over midnight, and the last in the next morning. */
export const leastBusyTimes = 3;
/** Of a day, unless it is to be shorter. */
export const usualBusyTimes = 8;
/** In between, the house is awake for a moment now and then: the more busy times, the more often. */
const looksMs = 600 * minuteMs;
const shortestLookMs = 15_000;
const longestLookMs = 60_000;
/** A busy time before a date or an hour begins so long before it, and goes on after it. */
const beforeMs = 3 * minuteMs;
const shortestNapMs = minuteMs;
/** After the first and after the last busy time the house is left alone for so long that the lake is tidied. A short day has no time for it. */
const quietMs = 6 * minuteMs;

type Nap = (options: DayOptions, ms: number) => Promise<void>;

const naps: Readonly<Record<string, Nap>> = {
  /** As a laptop that is closed: the date goes on, timers do not. */
  async sleeps({ timeline }, ms) {
    timeline.skip(ms);
  },
  /** As a machine that its host stops: timers go on, and all of them are due at the end. */
  async 'stands still'({ timeline, house, halt }, ms) {
    for (const process of house.processes()) halt(process, ms);
    await timeline.runUntil(timeline.nowMs + ms);
  },
  async 'loses its power'({ timeline, house }, ms) {
    house.switchOff();
    timeline.skip(ms);
    house.switchOn();
  },
  async 'is stopped in order'({ timeline, house, stopInOrder }, ms) {
    await stopInOrder();
    house.switchOff();
    timeline.skip(ms);
    house.switchOn();
  },
};

/** Of one of three seeds: to the day before the clocks of Europe change. */
const daysToSummerTime = 26;
/** Of one of three seeds: to the last hour of the day, so that two midnights come. */
const hoursToMidnight = 15;

/** Days begin at any hour. To be called before anything happens. */
export function beginDay(timeline: Timeline, random: Random): void {
  const days = random.int(3) === 0 ? daysToSummerTime : 0;
  const hours = random.int(3) === 0 ? hoursToMidnight : random.int(24);
  timeline.skip(days * dayMs + hours * hourMs);
}

export async function passDay(options: DayOptions): Promise<void> {
  const { timeline, random, isWell, pass, bustle } = options;
  const startedAt = timeline.epochMs;
  const endsAt = startedAt + lengthMs;
  const lookEveryMs = looksMs / options.busyTimes;
  for (const at of [startedAt, ...momentsBetween(startedAt, options), endsAt]) {
    while (isWell() && at - timeline.epochMs > lookEveryMs) {
      await nap(options, Math.min(random.float() * 2 * lookEveryMs, at - timeline.epochMs - longestLookMs));
      await pass(shortestLookMs + random.float() * (longestLookMs - shortestLookMs));
    }
    await nap(options, at - timeline.epochMs);
    if (isWell()) await bustle();
    const isQuiet = options.busyTimes > leastBusyTimes && (at === startedAt || at === endsAt);
    if (isWell() && isQuiet) await pass(quietMs);
  }
}

/** Of the busy times but the first and the last. */
function momentsBetween(startedAt: number, { random, busyTimes }: DayOptions): readonly number[] {
  const midnight = Math.floor(startedAt / dayMs) * dayMs + dayMs;
  const hour = () => Math.ceil((startedAt + random.float() * (lengthMs - hourMs)) / hourMs) * hourMs;
  const around = [midnight, ...Array.from({ length: busyTimes - leastBusyTimes }, hour)];
  return around.map((at) => at - random.float() * beforeMs).sort((one, other) => one - other);
}

async function nap(options: DayOptions, ms: number): Promise<void> {
  const { trace, random, isWell, pass } = options;
  if (!isWell() || ms <= 0) return;
  if (ms < shortestNapMs) return pass(ms);
  const [name, sleep] = anyOf(random, Object.entries(naps)) ?? [];
  trace.note(`the house ${name} for ${Math.round(ms / minuteMs)} minutes`);
  await sleep?.(options, ms);
}
