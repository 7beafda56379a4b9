/** Lakes on real servers for tests, each with a folder or prefix of its own, and what happens to them when a server dies. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { it, type TestContext } from 'node:test';
import type { Lake } from '#core/ports/lake.ts';
import type { Random } from '#core/ports/random.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { type ManualClock, manualClock } from '#testkit/clock.ts';
import { processHolder, type TestHolder } from '#testkit/holder.ts';
import { lakeFileOf } from '#testkit/lake-files.ts';
import { onlyRetryable } from '#testkit/only-retryable.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import { until } from '#testkit/until.ts';

export interface LakeBasics {
  readonly copiesFolder: string;
  readonly maxCopiesBytes: number;
  readonly clock: ManualClock;
  readonly random: Random;
  readonly holder: TestHolder;
}

export function lakeBasics(t: TestContext, maxCopiesBytes = 64 * 1024 * 1024): LakeBasics {
  return {
    copiesFolder: temporaryFolder(t),
    maxCopiesBytes,
    clock: manualClock({ flowing: true }),
    random: seededRandom(1),
    holder: processHolder('lake'),
  };
}

export function ownFolder(): string {
  return `test-${randomBytes(6).toString('hex')}`;
}

interface KillableServer {
  start(): Promise<void>;
  kill(): Promise<void>;
}

/** Writers and a reader go on while the server is killed and comes back; nothing that was acknowledged is lost or changed. */
export function killTest(kills: number, open: (t: TestContext) => Lake, server: () => Promise<KillableServer>): void {
  it('the server is killed under load and comes back: what was created is there, whole and once', async (t) => {
    const lake = open(t);
    const { start, kill } = await server();
    const created = new Set<number>();
    let next = 0;
    let failures = 0;
    let stopped = false;
    const writers = Array.from({ length: 3 }, async () => {
      while (!stopped) {
        next += 1;
        const number = next;
        const { path, content } = lakeFileOf(number);
        // Like a recorder: again until it is there. After a failure the file may exist.
        while (!stopped && !created.has(number)) {
          try {
            await lake.create(path, content);
            created.add(number);
          } catch (error) {
            onlyRetryable(error);
            failures += 1;
          }
        }
      }
    });
    for (let round = 1; round <= kills; round += 1) {
      const before = created.size;
      await until(() => created.size >= before + 3, { describe: 'files before the kill', timeoutMs: 60_000 });
      await kill();
      await start();
      const after = created.size;
      await until(() => created.size >= after + 3, { describe: 'files after the kill', timeoutMs: 120_000 });
    }
    stopped = true;
    await Promise.all(writers);
    t.diagnostic(`${kills} kills, ${created.size} files, ${failures} failed attempts`);
    for (const number of created) {
      const { path, content } = lakeFileOf(number);
      assert.deepEqual(Buffer.from((await lake.read(path)) ?? []), content, path);
      assert.equal(await lake.create(path, content), 'exists');
    }
  });
}
