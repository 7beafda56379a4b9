/** The contract of the Cache port: each promise as a test. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import fastCheck from 'fast-check';
import type { Cache } from '#core/ports/cache.ts';
import { type ManualClock, turn } from '../clock.ts';
import { until } from '../until.ts';

interface CacheWorld {
  readonly cache: Cache;
  /** The engine's clock, which tests advance. */
  readonly clock: ManualClock;
  /** Makes the engine lose or refuse everything, such as by cutting its connection; undefined when it cannot break. */
  breakDown?(): Promise<void>;
}

export interface CacheContract {
  /** A fresh cache with room for at least `entries`; everything it needs is released in `t.after`. */
  open(t: TestContext, entries: number): Promise<CacheWorld>;
  /** Whether the engine holds exactly `entries`, or bounds its memory in another way. */
  readonly countsEntries: boolean;
}

const rules = { ttlMs: 1_000, staleMs: 2_000 };
const roomForAll = 1_000;

export function cacheContract(name: string, contract: CacheContract): void {
  const open = (t: TestContext, entries = roomForAll) => contract.open(t, entries);

  describe(`Cache: ${name}`, () => {
    it('returns a fresh value without loading it again, up to ttlMs and no longer', async (t) => {
      const { cache, clock } = await open(t);
      const source = counted();
      const strict = { ttlMs: 1_000, staleMs: 0 };
      assert.equal(await cache.getOrLoad('key', strict, source.load), 1);
      await clock.advance(900);
      assert.equal(await cache.getOrLoad('key', strict, source.load), 1);
      await clock.advance(101);
      assert.equal(await cache.getOrLoad('key', strict, source.load), 2);
      assert.equal(source.loads, 2);
    });

    it('a value older than ttlMs + staleMs is never returned', async (t) => {
      const { cache, clock } = await open(t);
      const source = counted();
      await cache.getOrLoad('key', rules, source.load);
      await clock.advance(rules.ttlMs + rules.staleMs + 1);
      assert.equal(await cache.getOrLoad('key', rules, source.load), 2);
    });

    it('the age of a value counts from the start of its load', async (t) => {
      const { cache, clock } = await open(t);
      const slow = Promise.withResolvers<string>();
      let began = false;
      const first = cache.getOrLoad('key', { ttlMs: 1_000, staleMs: 0 }, () => {
        began = true;
        return slow.promise;
      });
      await until(() => began, { describe: 'the load to begin' });
      await clock.advance(1_001);
      slow.resolve('read long ago');
      assert.equal(await first, 'read long ago');
      assert.equal(await cache.getOrLoad('key', { ttlMs: 1_000, staleMs: 0 }, async () => 'new'), 'new');
    });

    it('setting the time of day back does not make an old value fresh', async (t) => {
      const { cache, clock } = await open(t);
      const source = counted();
      await cache.getOrLoad('key', { ttlMs: 1_000, staleMs: 0 }, source.load);
      clock.setNow(clock.now() - 3_600_000);
      await clock.advance(1_001);
      assert.equal(await cache.getOrLoad('key', { ttlMs: 1_000, staleMs: 0 }, source.load), 2);
    });

    it('one load per key at a time across the callers of a process, however many ask', async (t) => {
      const { cache } = await open(t);
      const slow = Promise.withResolvers<string>();
      let loads = 0;
      const load = () => {
        loads += 1;
        return slow.promise;
      };
      const callers = Array.from({ length: 100 }, () => cache.getOrLoad('key', rules, load));
      await until(() => loads > 0, { describe: 'the load to begin' });
      await turn();
      slow.resolve('value');
      assert.deepEqual(new Set(await Promise.all(callers)), new Set(['value']));
      assert.equal(loads, 1);
    });

    it('loads of different keys do not wait for each other', async (t) => {
      const { cache } = await open(t);
      void cache.getOrLoad('slow', rules, () => new Promise<string>(() => {})).catch(() => {});
      assert.equal(await cache.getOrLoad('fast', rules, async () => 'fast'), 'fast');
    });

    it('a value between ttlMs and ttlMs + staleMs old is returned at once and reloaded in the background', async (t) => {
      const { cache, clock } = await open(t);
      await cache.getOrLoad('key', rules, async () => 'old');
      await clock.advance(rules.ttlMs + 1);
      const slow = Promise.withResolvers<string>();
      let reloads = 0;
      const reload = () => {
        reloads += 1;
        return slow.promise;
      };
      const answers = await Promise.all(Array.from({ length: 20 }, () => cache.getOrLoad('key', rules, reload)));
      assert.deepEqual(new Set(answers), new Set(['old']));
      await until(() => reloads > 0, { describe: 'the reload in the background' });
      slow.resolve('new');
      await until(async () => (await cache.getOrLoad('key', rules, reload)) === 'new', { describe: 'the reloaded value' });
      assert.equal(reloads, 1);
    });

    it('a failed load is never stored, and rejects for all callers that wait for it', async (t) => {
      const { cache } = await open(t);
      const failing = Promise.withResolvers<string>();
      let began = false;
      const load = () => {
        began = true;
        return failing.promise;
      };
      const callers = Array.from({ length: 3 }, () => cache.getOrLoad('key', rules, load));
      const outcomes = Promise.allSettled(callers);
      await until(() => began, { describe: 'the load to begin' });
      failing.reject(new Error('the source is down'));
      for (const outcome of await outcomes) {
        assert.equal(outcome.status, 'rejected');
        assert.match(String(outcome.reason), /the source is down/);
      }
      assert.equal(await cache.getOrLoad('key', rules, async () => 'up again'), 'up again');
    });

    it('a load that throws before it returns a promise is a failed load', async (t) => {
      const { cache } = await open(t);
      const load = (): Promise<string> => {
        throw new Error('at once');
      };
      await assert.rejects(cache.getOrLoad('key', rules, load), /at once/);
      assert.equal(await cache.getOrLoad('key', rules, async () => 'fine'), 'fine');
    });

    it('a failed reload keeps the stale value, within its limits, and is retried', async (t) => {
      const { cache, clock } = await open(t);
      await cache.getOrLoad('key', rules, async () => 'old');
      await clock.advance(rules.ttlMs + 1);
      let attempts = 0;
      const failing = async (): Promise<string> => {
        attempts += 1;
        throw new Error('the source is down');
      };
      await until(
        async () => {
          assert.equal(await cache.getOrLoad('key', rules, failing), 'old');
          return attempts >= 2;
        },
        { describe: 'a second attempt' },
      );
      await clock.advance(rules.staleMs);
      await assert.rejects(cache.getOrLoad('key', rules, failing), /the source is down/);
    });

    it('a load that does not end rejects with timed_out, and its key can be loaded again', async (t) => {
      const { cache, clock } = await open(t);
      const hanging = cache.getOrLoad('key', rules, () => new Promise<string>(() => {}));
      const outcome = hanging.then(
        () => 'answered',
        (error) => error.code,
      );
      let code: string | undefined;
      void outcome.then((value) => {
        code = value;
      });
      await until(() => clock.advance(10_000).then(() => code !== undefined), { describe: 'the load to time out' });
      assert.equal(code, 'timed_out');
      assert.equal(await cache.getOrLoad('key', rules, async () => 'value'), 'value');
    });

    it('drop removes the value, and discards one that is being loaded', async (t) => {
      const { cache } = await open(t);
      await cache.getOrLoad('key', rules, async () => 'first');
      await cache.drop('key');
      const slow = Promise.withResolvers<string>();
      let began = false;
      const second = cache.getOrLoad('key', rules, () => {
        began = true;
        return slow.promise;
      });
      await until(() => began, { describe: 'the second load to begin' });
      await cache.drop('key');
      slow.resolve('read before the drop');
      await second;
      assert.equal(await cache.getOrLoad('key', rules, async () => 'read after the drop'), 'read after the drop');
    });

    it('a caller cannot change what another gets', async (t) => {
      const { cache } = await open(t);
      const loaded = { seats: [1, 2, 3] };
      const first = await cache.getOrLoad('key', rules, async () => loaded);
      first.seats.push(4);
      loaded.seats.push(5);
      const second = await cache.getOrLoad('key', rules, async () => ({ seats: [0] }));
      second.seats.push(6);
      const third = await cache.getOrLoad('key', rules, async () => ({ seats: [0] }));
      assert.deepEqual(third, { seats: [1, 2, 3] });
    });

    it('values make a round trip through JSON, from a load and from the cache', async (t) => {
      const { cache } = await open(t);
      let run = 0;
      await fastCheck.assert(
        fastCheck.asyncProperty(fastCheck.jsonValue(), async (value) => {
          run += 1;
          const key = `key ${run}`;
          const expected = JSON.parse(JSON.stringify(value));
          assert.deepEqual(await cache.getOrLoad(key, rules, async () => value), expected);
          assert.deepEqual(await cache.getOrLoad(key, rules, async () => 'loaded again'), expected);
        }),
        { numRuns: 50 },
      );
      await assert.rejects(
        cache.getOrLoad('undefined', rules, async () => undefined),
        /undefined/,
      );
    });

    it('a full cache still answers, and memory is bounded: the least recently used entries are dropped first', async (t) => {
      if (!contract.countsEntries) return t.skip('the engine bounds its memory on its own terms');
      const { cache } = await open(t, 3);
      const get = (key: string, source: string) => cache.getOrLoad(key, rules, async () => source);
      for (const key of ['a', 'b', 'c']) await get(key, 'first');
      await get('a', 'unused');
      await get('d', 'first');
      assert.equal(await get('a', 'second'), 'first', 'a was used after b');
      assert.equal(await get('c', 'second'), 'first');
      assert.equal(await get('d', 'second'), 'first');
      assert.equal(await get('b', 'second'), 'second', 'b was the least recently used');
    });

    it('a broken cache behaves like an empty one', async (t) => {
      const world = await open(t);
      await world.cache.getOrLoad('key', rules, async () => 'stored');
      if (world.breakDown === undefined) await world.cache.close();
      else await world.breakDown();
      const source = counted();
      const answers = [await world.cache.getOrLoad('key', rules, source.load), await world.cache.getOrLoad('key', rules, source.load)];
      assert.ok(
        answers.every((answer) => typeof answer === 'number'),
        'each came from its load',
      );
    });

    it('answers like a model, whatever the order of calls', async (t) => {
      let run = 0;
      const { cache, clock } = await open(t);
      const step = fastCheck.record({ key: fastCheck.integer({ min: 0, max: 2 }), pauseMs: fastCheck.integer({ min: 0, max: 1_500 }) });
      await fastCheck.assert(
        fastCheck.asyncProperty(fastCheck.array(step, { maxLength: 20 }), async (steps) => {
          run += 1;
          const loadedAtMs = new Map<string, number>();
          for (const { key, pauseMs } of steps) {
            await clock.advance(pauseMs);
            const name = `${run}/${key}`;
            const nowMs = clock.monotonicMs();
            const answer = await cache.getOrLoad(name, { ttlMs: 1_000, staleMs: 0 }, async () => nowMs);
            const modelled = loadedAtMs.get(name);
            const fresh = modelled !== undefined && nowMs - modelled <= 1_000;
            if (!fresh) loadedAtMs.set(name, nowMs);
            // A flowing clock may cross a limit between the test's reading and the engine's.
            if (modelled !== undefined && Math.abs(nowMs - modelled - 1_000) < 20) loadedAtMs.set(name, answer);
            assert.equal(answer, loadedAtMs.get(name));
          }
        }),
        { numRuns: 30 },
      );
    });
  });
}

/** A source that returns 1, 2, 3 …, and counts its calls. */
function counted(): { readonly loads: number; load(): Promise<number> } {
  let loads = 0;
  return {
    get loads() {
      return loads;
    },
    async load() {
      loads += 1;
      return loads;
    },
  };
}
