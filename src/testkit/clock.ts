/** A clock that tests move: it stands still until advanced, or flows with real time and can be advanced further. */
import { performance } from 'node:perf_hooks';
import type { Clock } from '#core/ports/clock.ts';

export interface ManualClock extends Clock {
  /**
   * Moves time forward and wakes due sleepers in order. The event loop turns after each, so that its consequences (such as
   * another sleep) happen before the next one is woken.
   */
  advance(ms: number): Promise<void>;
  /** Sets the time of day, like setting the machine's clock: it may go back, and wakes no sleeper. */
  setNow(epochMs: number): void;
  /** How many sleeps have not ended yet. */
  sleeping(): number;
}

export interface ManualClockOptions {
  /** The first `now()`; a flowing clock starts at the real time, so that it agrees with those of other processes. */
  readonly startAt?: number;
  /** Real time passes, too, for engines that wait for other processes. Tests only skip long waits. */
  readonly flowing?: boolean;
}

interface Sleeper {
  readonly dueMs: number;
  wake(): void;
}

/** A Monday morning in 2026: plausible, and the same in every run. */
const defaultStartAt = 1_772_438_400_000;

export function manualClock(options: ManualClockOptions = {}): ManualClock {
  const flowing = options.flowing ?? false;
  const bornMs = performance.now();
  const sleepers = new Set<Sleeper>();
  let skippedMs = 0;
  let dayOffsetMs = options.startAt ?? (flowing ? Date.now() : defaultStartAt);

  const monotonicMs = () => (flowing ? performance.now() - bornMs : 0) + skippedMs;

  function nextDue(untilMs: number): Sleeper | undefined {
    let earliest: Sleeper | undefined;
    for (const sleeper of sleepers) {
      if (sleeper.dueMs <= untilMs && (earliest === undefined || sleeper.dueMs < earliest.dueMs)) earliest = sleeper;
    }
    return earliest;
  }

  return {
    now: () => Math.floor(dayOffsetMs + monotonicMs()),
    monotonicMs,
    sleep(ms, signal) {
      if (signal?.aborted) return Promise.resolve();
      // A sleep of 0 ms still yields, as a real timer does: a loop around it must not starve the test.
      if (ms <= 0) return turn();
      const { promise, resolve } = Promise.withResolvers<void>();
      const sleeper: Sleeper = {
        dueMs: monotonicMs() + ms,
        wake() {
          sleepers.delete(sleeper);
          clearTimeout(timer);
          signal?.removeEventListener('abort', sleeper.wake);
          resolve();
        },
      };
      const timer = flowing ? setTimeout(sleeper.wake, Math.min(Math.ceil(ms), longestTimerMs)) : undefined;
      sleepers.add(sleeper);
      signal?.addEventListener('abort', sleeper.wake);
      return promise;
    },
    async advance(ms) {
      const targetMs = monotonicMs() + ms;
      for (let due = nextDue(targetMs); due !== undefined; due = nextDue(targetMs)) {
        skippedMs += Math.max(0, due.dueMs - monotonicMs());
        due.wake();
        await turn();
      }
      skippedMs += Math.max(0, targetMs - monotonicMs());
      await turn();
    },
    setNow(epochMs) {
      dayOffsetMs = epochMs - monotonicMs();
    },
    sleeping: () => sleepers.size,
  };
}

/** The limit of `setTimeout`, beyond which it would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/** One turn of the event loop, after which all ready callbacks have run. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
