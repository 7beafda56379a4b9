/** What every shared cache must do on its real server, beyond the contract of the port. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { faultProxy } from '#cluster/fault-proxy.ts';
import type { Cache } from '#core/ports/cache.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Log } from '#core/ports/log.ts';
import type { Random } from '#core/ports/random.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { manualClock } from '#testkit/clock.ts';
import { cacheContract } from '#testkit/contracts/cache.ts';
import { silentLog } from '#testkit/log.ts';
import { until } from '#testkit/until.ts';
import type { CacheServer } from '../../tools/engines/caches.ts';

interface SharedCacheTests {
  open(options: { url: string; clock: Clock; random: Random; log: Log; timeoutMs?: number }): Cache | Promise<Cache>;
  readonly url: string;
  server(): Promise<CacheServer>;
  /** The address of the server through another port. */
  through(port: number): string;
}

const rules = { ttlMs: 60_000, staleMs: 60_000 };
/** So long that a busy machine never looks like a dead server. */
const patientMs = 1_000_000_000;

let seeds = Date.now();

export function sharedCacheTests(name: string, tests: SharedCacheTests): void {
  async function open(t: TestContext, { url = tests.url, timeoutMs = patientMs, clock = manualClock({ flowing: true }) } = {}) {
    seeds += 1;
    const cache = await tests.open({ url, clock, random: seededRandom(seeds), log: silentLog(), timeoutMs });
    t.after(() => cache.close());
    return cache;
  }

  cacheContract(name, {
    countsEntries: false,
    async open(t) {
      const clock = manualClock();
      const cache = await open(t, { clock });
      seeds += 1;
      return { cache: apart(cache, `${seeds}`), clock };
    },
  });

  describe(`${name}, shared`, () => {
    it('one load per key at a time across processes, and all get its value', async (t) => {
      const caches = [await open(t), await open(t), await open(t)];
      const key = `shared ${seeds}`;
      const slow = Promise.withResolvers<string>();
      let loads = 0;
      const load = () => {
        loads += 1;
        return slow.promise;
      };
      const first = caches[0]?.getOrLoad(key, rules, load);
      await until(() => loads === 1, { describe: 'the first load' });
      const others = caches.flatMap((cache) => [cache.getOrLoad(key, rules, load), cache.getOrLoad(key, rules, load)]);
      slow.resolve('value');
      assert.deepEqual(new Set(await Promise.all([first, ...others])), new Set(['value']));
      assert.equal(loads, 1);
    });

    it('a process that dies while it loads delays others for a limited time', async (t) => {
      const [dead, other] = [await open(t), await open(t)];
      const key = `dead loader ${seeds}`;
      let began = false;
      void dead
        .getOrLoad(key, rules, () => {
          began = true;
          return new Promise<string>(() => {});
        })
        .catch(() => {});
      await until(() => began, { describe: 'the load to begin' });
      assert.equal(await other.getOrLoad(key, rules, async () => 'mine'), 'mine');
      assert.equal(await other.getOrLoad(key, rules, async () => 'again'), 'mine');
    });

    it('a drop by one process discards what another one is loading', async (t) => {
      const [loader, dropper] = [await open(t), await open(t)];
      const key = `dropped ${seeds}`;
      const slow = Promise.withResolvers<string>();
      let began = false;
      const loading = loader.getOrLoad(key, rules, () => {
        began = true;
        return slow.promise;
      });
      await until(() => began, { describe: 'the load to begin' });
      await dropper.drop(key);
      slow.resolve('read before the drop');
      assert.equal(await loading, 'read before the drop');
      assert.equal(await dropper.getOrLoad(key, rules, async () => 'read after the drop'), 'read after the drop');
      assert.equal(await loader.getOrLoad(key, rules, async () => 'again'), 'read after the drop');
    });

    it('any text is a key, and a value that is too large is returned but not kept', async (t) => {
      const cache = await open(t);
      for (const key of ['with space', 'line\r\nbreak', 'ключ 🔑', 'x'.repeat(10_000), '']) {
        const own = `${seeds} ${key}`;
        assert.equal(await cache.getOrLoad(own, rules, async () => 'first'), 'first');
        assert.equal(await cache.getOrLoad(own, rules, async () => 'second'), 'first');
      }
      const large = 'ü'.repeat(600_000);
      assert.equal(await cache.getOrLoad(`large ${seeds}`, rules, async () => large), large);
      assert.equal(await cache.getOrLoad(`large ${seeds}`, rules, async () => 'small'), 'small');
      const fits = 'ü'.repeat(450_000);
      assert.equal(await cache.getOrLoad(`fits ${seeds}`, rules, async () => fits), fits);
      assert.equal(await cache.getOrLoad(`fits ${seeds}`, rules, async () => 'small'), fits);
    });

    it('a server that does not answer costs a caller 50 ms once, then nothing', async (t) => {
      const [node] = (await tests.server()).nodes;
      const proxy = await faultProxy({ targetPort: node?.port ?? 0 });
      t.after(() => proxy.stop());
      const cache = await open(t, { url: tests.through(proxy.port), timeoutMs: 50 });
      await cache.getOrLoad('warm', rules, async () => 'up');
      proxy.blackHole();
      // The median of several, because a busy machine delays some.
      const takenMs: number[] = [];
      for (let call = 0; call < 31; call += 1) {
        const beganMs = performance.now();
        assert.equal(await cache.getOrLoad(`black hole ${call}`, rules, async () => call), call);
        takenMs.push(performance.now() - beganMs);
      }
      const median = takenMs.toSorted((one, other) => one - other)[15] ?? 0;
      assert.ok(median < 50, `${median} ms`);
    });

    it('the server is killed under load and comes back: every call is answered, and then cached again', async (t) => {
      const { nodes } = await tests.server();
      const cache = await open(t, { timeoutMs: 50 });
      let calls = 0;
      let stopped = false;
      const callers = Array.from({ length: 8 }, async (_, caller) => {
        while (!stopped) {
          const key = `kill ${caller} ${calls % 50}`;
          assert.equal(await cache.getOrLoad(key, rules, async () => key), key);
          calls += 1;
          // Without a server nothing waits for input or output, and the rest of the process must run, too.
          await new Promise((resolve) => setImmediate(resolve));
        }
      });
      for (let round = 1; round <= 3; round += 1) {
        const before = calls;
        await until(() => calls > before + 200, { describe: 'calls with the server' });
        for (const node of nodes) await node.kill();
        const dead = calls;
        await until(() => calls > dead + 200, { describe: 'calls without the server' });
        for (const node of nodes) await node.start();
        await until(() => isCached(cache, `again ${round} ${seeds}`), { describe: 'the cache to be used again' });
      }
      stopped = true;
      await Promise.all(callers);
      t.diagnostic(`3 kills, ${calls} calls`);
    });
  });
}

async function isCached(cache: Cache, key: string): Promise<boolean> {
  let loads = 0;
  const load = async () => {
    loads += 1;
    return loads;
  };
  await cache.getOrLoad(key, rules, load);
  loads = 0;
  await cache.getOrLoad(key, rules, load);
  return loads === 0;
}

/** The same cache with keys of its own, as tests of the contract use the same ones. */
function apart(cache: Cache, name: string): Cache {
  return {
    getOrLoad: (key, cacheRules, load) => cache.getOrLoad(`${name}/${key}`, cacheRules, load),
    drop: (key) => cache.drop(`${name}/${key}`),
    close: () => cache.close(),
  };
}
