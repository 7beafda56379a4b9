/** The world that a Stream's contract runs in, made from an engine, and functions shared by its tests. */
import type { TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import type { Clock } from '#core/ports/clock.ts';
import type { Holder } from '#core/ports/holder.ts';
import type { Log } from '#core/ports/log.ts';
import type { Stream, Topic } from '#core/ports/stream.ts';
import { type ManualClock, manualClock } from '../clock.ts';
import { closing } from '../closing.ts';
import { numbersOf, type Tally } from '../frames.ts';
import { processHolder } from '../holder.ts';
import { silentLog } from '../log.ts';
import { until } from '../until.ts';
import type { Opener } from '../victim.ts';
import { type EngineAddress, type EngineUnderTest, victimOpener } from './engine-under-test.ts';

export interface StreamWorld {
  readonly stream: Stream;
  /** The engine's clock, which flows and which tests advance. */
  readonly clock: ManualClock;
  /** The same data through a separate connection and holder, as from another process. */
  openSecond(): Promise<Stream>;
  /** Closes `stream` and opens the same data again. */
  reopen(): Promise<Stream>;
  /** Makes the others take the process of `stream` for gone, though it still runs. */
  presumeDead(): void;
  /** How a victim opens the same data. */
  readonly victim: Opener;
}

interface StreamLimits {
  readonly publishTimeoutMs: number;
  readonly maxRetryMs: number;
}

export interface StreamContract {
  /** A fresh, empty Stream; its resources are released in `t.after`. */
  open(t: TestContext): Promise<StreamWorld>;
  /** The limits that the engine was opened with. */
  readonly limits: StreamLimits;
  /** False for a broker that cannot report the end of a partition: it accepts duplicates and gaps, and has no status. */
  readonly knowsEnd: boolean;
  /** False for a broker that removes frames as soon as they are acknowledged. */
  readonly keepsAcknowledged: boolean;
}

export type StreamEngine<Address extends EngineAddress> = EngineUnderTest<
  Stream,
  StreamLimits & { readonly clock: Clock; readonly holder: Holder; readonly log: Log },
  Address
>;

/** Short limits, so that tests reach them, but longer than a busy machine or a slow disk holds up a publish. */
const limits: StreamLimits = { publishTimeoutMs: 10_000, maxRetryMs: 1_000 };

/** For an engine that stores frames in tables and supports the whole port. */
export function streamOn<Address extends EngineAddress>(engine: StreamEngine<Address>): StreamContract {
  return {
    limits,
    knowsEnd: true,
    keepsAcknowledged: true,
    async open(t) {
      const closed = closing(t);
      const address = await engine.address(t);
      const clock = manualClock({ flowing: true });
      const holder = processHolder('first');
      const open = async (heldBy = processHolder('other')) =>
        closed(await engine.open({ ...address, ...limits, clock, holder: heldBy, log: silentLog() }));
      const stream = await open(holder);
      return {
        stream,
        clock,
        openSecond: () => open(),
        async reopen() {
          await stream.close();
          return open();
        },
        presumeDead: () => holder.bury(),
        victim: victimOpener(engine, address),
      };
    },
  };
}

export const tape: Topic = { name: 'tape', keepMs: 3_600_000, keepBytes: 10_000_000, maxBacklogBytes: 10_000_000 };

export async function openWithTape(contract: StreamContract, t: TestContext, topic: Partial<Topic> = {}): Promise<StreamWorld> {
  const world = await contract.open(t);
  await world.stream.declare({ ...tape, ...topic });
  return world;
}

/** Waits for a condition while the engine's clock runs faster than real time. */
export async function pump(
  clock: ManualClock,
  condition: () => boolean | Promise<boolean>,
  describe: string | (() => string),
): Promise<void> {
  await until(
    async () => {
      // Engines use threads and servers: a simulated clock far ahead of them would make every call time out.
      await setTimeout(2);
      await clock.advance(25);
      return condition();
    },
    { describe },
  );
}

/** Waits until all records up to this one are counted. */
export function pumpTo(clock: ManualClock, count: Tally, last: number): Promise<void> {
  return pump(
    clock,
    () => count.position === last,
    () => `record ${last}; at ${count.position}`,
  );
}

export function oneTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}

let groups = 0;

/** The records that a new group gets, once there are `count` of them. */
export async function recordsOf(stream: Stream, clock: ManualClock, count: number): Promise<number[]> {
  const seen: number[] = [];
  groups += 1;
  const consumer = await stream.consume('tape', `group ${groups}`, async ({ frames }) => {
    seen.push(...frames.flatMap(numbersOf));
    return 'done';
  });
  await pump(
    clock,
    () => seen.length >= count,
    () => `${count} records; ${seen.length} came`,
  );
  await consumer.stop();
  return seen;
}
