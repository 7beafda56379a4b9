/** The contract of the Clock port: each promise as a test. */
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { describe, it } from 'node:test';
import type { Clock } from '#core/ports/clock.ts';
import { until } from '../until.ts';

export interface ClockContract {
  open(): Clock;
  /** Moves time forward; undefined when it passes by itself. */
  advance?(clock: Clock, ms: number): Promise<void>;
}

export function clockContract(name: string, contract: ClockContract): void {
  const letPass = (clock: Clock, ms: number) => contract.advance?.(clock, ms);

  describe(`Clock: ${name}`, () => {
    it('now is in whole milliseconds since 1970', () => {
      const now = contract.open().now();
      assert.ok(Number.isSafeInteger(now));
      assert.ok(now > Date.UTC(2024, 0) && now < Date.UTC(2100, 0), `${now} is a time of this century`);
    });

    it('monotonicMs never steps backwards', async () => {
      const clock = contract.open();
      const readings: number[] = [];
      for (let count = 0; count < 1_000; count += 1) readings.push(clock.monotonicMs());
      const slept = clock.sleep(5);
      await letPass(clock, 5);
      await slept;
      readings.push(clock.monotonicMs());
      assert.deepEqual(
        readings,
        readings.toSorted((one, other) => one - other),
      );
    });

    it('sleep resolves after the given milliseconds', async () => {
      const clock = contract.open();
      const startedMs = clock.monotonicMs();
      const slept = clock.sleep(20);
      await letPass(clock, 20);
      await until(slept, { describe: 'the end of the sleep' });
      // Timers count whole milliseconds, and may be one ahead of the monotonic clock.
      assert.ok(clock.monotonicMs() - startedMs >= 19, `${clock.monotonicMs() - startedMs} ms passed`);
    });

    it('sleeps end in the order in which they are due', async () => {
      const clock = contract.open();
      const order: number[] = [];
      const sleeps = [30, 1, 15].map((ms) => clock.sleep(ms).then(() => order.push(ms)));
      await letPass(clock, 30);
      await until(Promise.all(sleeps), { describe: 'the end of all sleeps' });
      assert.deepEqual(order, [1, 15, 30]);
    });

    it('sleep of 0 ms or less resolves', async () => {
      const clock = contract.open();
      await until(Promise.all([clock.sleep(0), clock.sleep(-5)]), { describe: 'the end of the empty sleeps' });
    });

    it('sleep resolves at once when its signal aborts before or during it; it does not reject', async () => {
      const clock = contract.open();
      const meanwhile = new AbortController();
      const slept = clock.sleep(60_000, meanwhile.signal);
      meanwhile.abort();
      await until(slept, { describe: 'the end of the sleep that was cut short' });
      await until(clock.sleep(60_000, AbortSignal.abort()), { describe: 'the end of the sleep that never began' });
    });

    it('a long-lived signal collects no listeners', async () => {
      const clock = contract.open();
      const { signal } = new AbortController();
      for (let count = 0; count < 5; count += 1) {
        const slept = clock.sleep(1, signal);
        await letPass(clock, 1);
        await slept;
      }
      assert.equal(getEventListeners(signal, 'abort').length, 0);
    });

    it('a sleep of more than a month does not end at once', async () => {
      const clock = contract.open();
      const controller = new AbortController();
      let ended = false;
      const slept = clock.sleep(40 * 24 * 3_600_000, controller.signal).then(() => {
        ended = true;
      });
      const other = clock.sleep(10);
      await letPass(clock, 10);
      await other;
      assert.equal(ended, false);
      controller.abort();
      await until(slept, { describe: 'the end of the long sleep' });
    });
  });
}
