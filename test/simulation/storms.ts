/** The faults of a simulated world that come from outside: deaths, standstills, outages, cuts, wrong clocks. A seed has some of them. */
import type { Random } from '#core/ports/random.ts';
import { anyOf } from './dice.ts';
import type { Broker } from './engines/broker.ts';
import type { CacheServer } from './engines/shared-cache.ts';
import { type House, slots } from './house.ts';
import type { Part, SimulatedProcess } from './process.ts';
import type { Timeline } from './timeline.ts';
import type { Trace } from './trace.ts';
import type { Weather } from './weather.ts';

export interface StormOptions {
  readonly timeline: Timeline;
  readonly trace: Trace;
  readonly random: Random;
  readonly weather: Weather;
  readonly house: House;
  readonly broker: Broker;
  readonly cache: CacheServer;
  /** Stops a process for a while, so that others may take it for dead. */
  halt(process: SimulatedProcess, ms: number): void;
  /** Told when the clock of a process becomes wrong. */
  onClockSet(): void;
}

/** Shorter than what a run of an errand may wait: a longer outage breaks a promise of time, and rightly. */
const longestOutageMs = 15_000;
const longestStandMs = 20_000;
const longestStepMs = 90_000;
const parts: readonly Part[] = ['state', 'stream', 'lake', 'hosts'];

const rebalancesInRow = 8;

type Fault = (options: StormOptions) => void;

function anyProcess({ house, random }: StormOptions): SimulatedProcess | undefined {
  return anyOf(random, house.processes());
}

const faults: Readonly<Record<string, Fault>> = {
  death(options) {
    const process = anyProcess(options);
    if (process !== undefined) options.house.kill(process);
  },
  'death at a call'(options) {
    const process = anyProcess(options);
    const { random } = options;
    const part = parts[random.int(3)] ?? 'state';
    if (process !== undefined) process.doom = { part, what: random.int(2) === 0 ? 'dies before' : 'dies after', calls: 1 + random.int(5) };
  },
  'standstill at a call'(options) {
    const process = anyProcess(options);
    if (process !== undefined) process.doom = { part: 'state', what: 'stands still', calls: 1 + options.random.int(5) };
  },
  standstill(options) {
    const process = anyProcess(options);
    const ms = 500 + options.random.float() * longestStandMs;
    if (process !== undefined) options.halt(process, ms);
  },
  'new version'({ house, random }) {
    const slot = anyOf(random, slots);
    if (slot !== undefined) void house.replace(slot);
  },
  'pulled plug': ({ house, random }) => house.pullPlug(random),
  outage({ timeline, weather, random }) {
    const part = anyOf(random, parts) ?? 'state';
    weather.away.add(part);
    timeline.after(random.float() * longestOutageMs, () => weather.away.delete(part));
  },
  cut(options) {
    const process = anyProcess(options);
    const part = anyOf(options.random, parts) ?? 'state';
    process?.cutFrom.add(part);
    options.timeline.after(options.random.float() * longestOutageMs, () => process?.cutFrom.delete(part));
  },
  'empty cache'({ timeline, cache, random }) {
    cache.forgetAll();
    cache.isAway = random.int(2) === 0;
    timeline.after(random.float() * longestOutageMs, () => {
      cache.isAway = false;
    });
  },
  'clock set'(options) {
    const process = anyProcess(options);
    if (process === undefined) return;
    process.clockOffMs = Math.round((options.random.float() * 2 - 1) * longestStepMs);
    options.onClockSet();
  },
  rebalance(options) {
    const { timeline, broker, random } = options;
    // As in a group whose members come and go: several in a row, in which acknowledgements get lost.
    for (let count = 0; count < rebalancesInRow; count += 1) timeline.after(random.float() * longestOutageMs, () => broker.rebalance());
    loseAcknowledgements(options, 500);
  },
  'lost acknowledgements': (options) => loseAcknowledgements(options, 200),
  'bad weather'({ timeline, weather, random }) {
    weather.stormy = true;
    timeline.after(random.float() * 3 * longestOutageMs, () => {
      weather.stormy = weather.isAlwaysBad;
    });
  },
};

function loseAcknowledgements({ timeline, broker, random }: StormOptions, ofThousand: number): void {
  broker.lostAcknowledgements = ofThousand;
  timeline.after(random.float() * longestOutageMs, () => {
    broker.lostAcknowledgements = 0;
  });
}

export interface Storms {
  /** Until this moment; then all faults end, and everything that is down is started. It may rage again later. */
  rage(untilMs: number): Promise<void>;
  /** How many faults of each kind there were. */
  readonly counts: ReadonlyMap<string, number>;
}

const shortestGapMs = 1_000;
export const longestGapMs = 9_000;

export function openStorms(options: StormOptions): Storms {
  const { timeline, trace, random, weather, house, broker, cache } = options;
  // A seed without some kinds finds what the noise of all of them together would hide.
  const kinds = Object.entries(faults).filter(() => random.int(3) > 0);
  const counts = new Map<string, number>();
  const { isAlwaysBad } = weather;
  return {
    counts,
    async rage(untilMs) {
      weather.isAlwaysBad = isAlwaysBad;
      weather.stormy = isAlwaysBad;
      while (timeline.nowMs < untilMs) {
        await timeline.sleep(shortestGapMs + random.float() * (longestGapMs - shortestGapMs));
        const [name, fault] = anyOf(random, kinds) ?? [];
        if (name === undefined || fault === undefined || timeline.nowMs >= untilMs) continue;
        trace.note(`fault: ${name}`);
        counts.set(name, (counts.get(name) ?? 0) + 1);
        fault(options);
      }
      trace.note('the faults are over');
      weather.isAlwaysBad = false;
      weather.stormy = false;
      weather.away.clear();
      cache.isAway = false;
      broker.lostAcknowledgements = 0;
      for (const process of house.processes()) {
        process.cutFrom.clear();
        process.doom = undefined;
        process.clockOffMs = 0;
      }
    },
  };
}
