/** Chores: when they run, how they outlive failures, and how they end. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import fastCheck from 'fast-check';
import { type ManualClock, manualClock, turn } from '#testkit/clock.ts';
import { type RecordingLog, recordingLog } from '#testkit/log.ts';
import { type Chore, type ChoreOptions, type Next, startChore } from './chores.ts';
import { BrokenInvariant, KontorError } from './errors.ts';
import { seededRandom } from './seeded-random.ts';

interface World {
  readonly chore: Chore;
  readonly clock: ManualClock;
  readonly log: RecordingLog;
  /** When runs began, in milliseconds since the start. */
  readonly runs: readonly number[];
}

type Work = (run: number, signal: AbortSignal) => Promise<Next | undefined> | Next | undefined;

async function begin(
  t: Pick<TestContext, 'after'>,
  work: Work = () => undefined,
  options: Partial<Omit<ChoreOptions, 'ports' | 'work'>> = {},
  random = seededRandom(1),
): Promise<World> {
  const clock = manualClock();
  const log = recordingLog();
  const runs: number[] = [];
  const chore = startChore({
    name: 'sweeping',
    everyMs: 1_000,
    failing: 'nothing is swept',
    ...options,
    ports: { clock, log, random },
    async work(signal) {
      runs.push(clock.monotonicMs());
      return work(runs.length, signal);
    },
  });
  t.after(() => chore.stop());
  // The first run begins before the clock moves.
  await turn();
  return { chore, clock, log, runs };
}

function down(): never {
  throw new KontorError('unavailable', 'the store is down');
}

describe('a chore', () => {
  it('runs at once, and then after each interval', async (t) => {
    const { clock, runs, chore } = await begin(t);
    await clock.advance(2_500);
    assert.deepEqual(runs, [0, 1_000, 2_000]);
    assert.deepEqual(chore.status(), { ready: true, says: 'active' });
  });

  it('runs first when it is told to', async (t) => {
    const { clock, runs } = await begin(t, () => undefined, { firstAfterMs: 300 });
    await clock.advance(1_500);
    assert.deepEqual(runs, [300, 1_300]);
  });

  it('varies its interval by no more than the jitter', (t) =>
    fastCheck.assert(
      fastCheck.asyncProperty(fastCheck.nat(), fastCheck.double({ min: 0, max: 1, noNaN: true }), async (seed, jitter) => {
        const { clock, runs, chore } = await begin(t, () => undefined, { jitter }, seededRandom(seed));
        await clock.advance(10_000);
        await chore.stop();
        const intervals = runs.slice(1).map((at, index) => at - (runs[index] ?? 0));
        assert.ok(intervals.length >= 4);
        for (const ms of intervals) assert.ok(ms >= 1_000 * (1 - jitter) - 0.01 && ms <= 1_000 * (1 + jitter) + 0.01, `${ms}`);
      }),
      { numRuns: 30 },
    ));

  it('runs again at once while its work says that there is more', async (t) => {
    const { clock, runs } = await begin(t, (run) => (run < 4 ? 'more' : undefined));
    for (let turns = 0; turns < 10; turns += 1) await turn();
    await clock.advance(500);
    assert.deepEqual(runs, [0, 0, 0, 0]);
  });

  it('runs again when its work says so', async (t) => {
    const { clock, runs } = await begin(t, (run) => ({ inMs: run * 100 }));
    await clock.advance(600);
    assert.deepEqual(runs, [0, 100, 300, 600]);
  });

  it('is woken by a hint', async (t) => {
    const { clock, runs, chore } = await begin(t);
    await clock.advance(100);
    chore.wake();
    await turn();
    assert.deepEqual(runs, [0, 100]);
    await clock.advance(1_000);
    assert.deepEqual(runs, [0, 100, 1_100]);
  });

  it('runs once more after a hint that came during a run, however many came', async (t) => {
    const finish = Promise.withResolvers<undefined>();
    const { clock, runs, chore } = await begin(t, (run) => (run === 1 ? finish.promise : undefined));
    for (let hints = 0; hints < 3; hints += 1) chore.wake();
    finish.resolve(undefined);
    await turn();
    await clock.advance(500);
    assert.deepEqual(runs, [0, 0]);
  });

  it('rests a little between runs, however fast the hints come', async (t) => {
    const { clock, runs, chore } = await begin(t, () => undefined, { minRestMs: 10 });
    for (let ms = 0; ms < 100; ms += 1) {
      chore.wake();
      await clock.advance(1);
    }
    assert.deepEqual(runs, [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
  });

  it('pauses longer after each failure, up to the longest, and not for a hint', async (t) => {
    const { clock, runs, chore } = await begin(t, down, { maxPauseMs: 4_000 }, { ...seededRandom(1), float: () => 1 });
    await clock.advance(500);
    chore.wake();
    await clock.advance(14_500);
    assert.deepEqual(runs, [0, 1_000, 3_000, 7_000, 11_000, 15_000]);
    assert.deepEqual(chore.status(), { ready: false, says: 'nothing is swept: the store is down' });
  });

  it('leaves half of a pause to chance', async (t) => {
    const { clock, runs } = await begin(t, down, {}, { ...seededRandom(1), float: () => 0 });
    await clock.advance(1_500);
    assert.deepEqual(runs, [0, 500, 1_500]);
  });

  it('logs a kind of failure once until it succeeds again', async (t) => {
    const failures = [down, down, () => assert.fail('another kind'), down, () => undefined, down];
    const { clock, log, chore } = await begin(t, (run) => failures[run - 1]?.());
    await clock.advance(60_000);
    assert.deepEqual(
      log.entries.map(({ level, message, fields }) => [level, message, fields.chore, (fields.err as Error | undefined)?.message]),
      [
        ['warn', 'nothing is swept; trying again', 'sweeping', 'the store is down'],
        ['warn', 'nothing is swept; trying again', 'sweeping', 'another kind'],
        ['info', 'a chore succeeds again', 'sweeping', undefined],
        ['warn', 'nothing is swept; trying again', 'sweeping', 'the store is down'],
        ['info', 'a chore succeeds again', 'sweeping', undefined],
      ],
    );
    assert.equal(chore.status().ready, true);
  });

  it('takes a failure that is thrown at once like any other', async (t) => {
    const clock = manualClock();
    const chore = startChore({
      name: 'sweeping',
      everyMs: 10,
      failing: 'nothing is swept',
      ports: { clock, log: recordingLog() },
      work: down,
    });
    t.after(() => chore.stop());
    await turn();
    assert.equal(chore.status().ready, false);
  });

  it('hands a broken invariant on and does not run again', async (t) => {
    const broken = new BrokenInvariant('the books are wrong');
    const failures: unknown[] = [];
    const { clock, runs, chore } = await begin(t, () => Promise.reject(broken), { fail: (error) => failures.push(error) });
    await chore.ended;
    await clock.advance(10_000);
    assert.deepEqual(failures, [broken]);
    assert.deepEqual(runs, [0]);
  });

  it('counts runs and failures, and measures how long they took', async (t) => {
    const counts: Record<string, number> = {};
    const add = (name: string) => (amount: number) => {
      counts[name] = (counts[name] ?? 0) + amount;
    };
    const metrics = {
      counter: (name: string) => ({ add: add(name) }),
      gauge: () => ({ set() {} }),
      histogram: (name: string) => ({ observe: add(name) }),
    };
    const clock = manualClock();
    let runs = 0;
    const work = async () => {
      runs += 1;
      await clock.sleep(200);
      if (runs === 1) down();
    };
    const chore = startChore({
      name: 'sweeping',
      everyMs: 1_000,
      failing: 'nothing is swept',
      ports: { clock, log: recordingLog(), metrics },
      work,
    });
    t.after(() => chore.stop());
    await turn();
    await clock.advance(1_500);
    assert.deepEqual(counts, { kontor_chore_runs_total: 2, kontor_chore_failures_total: 1, kontor_chore_seconds: 0.4 });
  });
});

describe('stopping a chore', () => {
  it('ends its rest', async (t) => {
    const { clock, runs, chore } = await begin(t);
    await clock.advance(100);
    await chore.stop();
    assert.equal(clock.sleeping(), 0);
    await clock.advance(10_000);
    assert.deepEqual(runs, [0]);
  });

  it('ends the pause after a failure', async (t) => {
    const { clock, chore } = await begin(t, down);
    await clock.advance(10);
    await chore.stop();
    assert.equal(clock.sleeping(), 0);
  });

  it('waits for the run under way, whose signal aborts', async (t) => {
    const finish = Promise.withResolvers<undefined>();
    let heard: AbortSignal | undefined;
    const { chore } = await begin(t, (_, signal) => {
      heard = signal;
      return finish.promise;
    });
    let stopped = false;
    const stopping = chore.stop().then(() => {
      stopped = true;
    });
    await turn();
    assert.deepEqual([heard?.aborted, stopped], [true, false]);
    finish.resolve(undefined);
    await stopping;
  });

  it('does not log what fails because of it', async (t) => {
    const { chore, log } = await begin(
      t,
      (_, signal) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    );
    await turn();
    await chore.stop();
    assert.deepEqual(log.entries, []);
  });

  it('stops when the signal of its caller aborts', async (t) => {
    const term = new AbortController();
    const { chore, clock, runs } = await begin(t, () => undefined, { signal: term.signal });
    await clock.advance(100);
    term.abort();
    await chore.ended;
    assert.deepEqual(runs, [0]);
  });

  it('runs nothing when the signal has aborted already', async (t) => {
    const { chore, runs } = await begin(t, () => undefined, { signal: AbortSignal.abort() });
    await chore.ended;
    assert.deepEqual(runs, []);
  });
});
