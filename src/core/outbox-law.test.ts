/** The law of the outbox holds at every step of publishing, and finds records that were lost or numbered twice. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { sql } from 'kysely';
import { openSqliteState } from '#engines/state/sqlite.ts';
import { openSqliteStream } from '#engines/stream/sqlite.ts';
import { manualClock } from '#testkit/clock.ts';
import { processHolder } from '#testkit/holder.ts';
import { silentLog } from '#testkit/log.ts';
import { temporaryFolder } from '#testkit/temporary-folder.ts';
import type { Books } from './laws/law.ts';
import { appendToOutbox, outboxMigrations, removeFrame, takeFrame } from './outbox.ts';
import { outboxLaws } from './outbox-law.ts';
import { seededRandom } from './seeded-random.ts';

const acme = { topic: 'sales', partition: 'ACME' };
const limits = { maxFrameBytes: 100, maxFrameEntries: 10 };

/** `knowsEnd` is false for a stream that cannot report its end, such as a broker. */
async function openWorld(t: TestContext, { knowsEnd = true } = {}) {
  const clock = manualClock({ flowing: true });
  const folder = temporaryFolder(t);
  const state = await openSqliteState({ path: join(folder, 'state.db'), clock, log: silentLog() });
  const stream = await openSqliteStream({ path: join(folder, 'stream.db'), clock, holder: processHolder('law'), log: silentLog() });
  t.after(async () => {
    await stream.close();
    await state.close();
  });
  await state.migrate(outboxMigrations);
  await stream.declare({ name: acme.topic, keepMs: 0, keepBytes: 0, maxBacklogBytes: 1_000_000 });
  const audited = knowsEnd ? stream : { end: async () => undefined };
  const books = { state, stream: audited, clock, random: seededRandom(1) } as unknown as Books;

  const append = (text: string) =>
    state.write((queries) => appendToOutbox(queries, [{ ...acme, count: text.length, body: new TextEncoder().encode(text) }], clock.now()));
  const take = async () => {
    const end = await stream.end(acme.topic, acme.partition);
    const frame = await state.write((queries) => takeFrame(queries, acme, end, limits));
    assert.ok(frame);
    return frame;
  };
  return {
    append,
    take,
    publish: (frame: Awaited<ReturnType<typeof take>>) => stream.publish(acme.topic, acme.partition, frame),
    remove: (first: number) => state.write((queries) => removeFrame(queries, acme, first)),
    run: (statement: string) => state.write((queries) => sql.raw(statement).execute(queries)),
    async violations() {
      const found = [];
      for (const law of outboxLaws)
        for (const scope of ['all', 'recent'] as const) found.push(...(await law.check(books, scope)).violations);
      return [...new Set(found)];
    },
  };
}

describe('the law of the outbox', () => {
  it('holds at every step of publishing', async (t) => {
    const { append, take, publish, remove, violations } = await openWorld(t);
    for (const text of ['abc', 'de']) {
      await append(text);
      assert.deepEqual(await violations(), [], 'appended');
      const frame = await take();
      assert.deepEqual(await violations(), [], 'numbered');
      assert.equal(await publish(frame), 'published');
      assert.deepEqual(await violations(), [], 'published, not yet removed');
      await remove(frame.first);
      assert.deepEqual(await violations(), [], 'published');
    }
  });

  it('finds a frame that was removed before it was published, also before a waiting one', async (t) => {
    const { append, take, run, remove, violations } = await openWorld(t);
    await append('abc');
    await remove((await take()).first);
    assert.deepEqual(await violations(), ['sales/ACME: the records 1 to 3 are neither published nor waiting']);
    await append('de');
    await take();
    assert.deepEqual(await violations(), ['sales/ACME: the records 1 to 3 are neither published nor waiting']);
    await run('update outbox set frame_first = 3');
    assert.deepEqual(await violations(), [
      'sales/ACME: the records 1 to 2 are neither published nor waiting',
      'sales/ACME: the records 5 to 5 are neither published nor waiting',
    ]);
  });

  it('compares the waiting frames with the numbers when the stream cannot report its end', async (t) => {
    const { append, take, run, publish, remove, violations } = await openWorld(t, { knowsEnd: false });
    await append('abc');
    const frame = await take();
    assert.deepEqual(await violations(), [], 'numbered');
    await publish(frame);
    await remove(frame.first);
    assert.deepEqual(await violations(), [], 'published: nothing left to compare');
    await append('de');
    await take();
    await run('update stream_head set next_seq = 5');
    assert.deepEqual(await violations(), [
      'sales/ACME: records up to 5 wait, but only 4 were numbered: the next records would get numbers already in use',
    ]);
  });

  it('finds numbers that would be assigned twice', async (t) => {
    const { append, take, run, violations } = await openWorld(t);
    await append('abc');
    await take();
    await run('update stream_head set next_seq = 2');
    assert.deepEqual(await violations(), [
      'sales/ACME: records up to 3 wait, but only 1 were numbered: the next records would get numbers already in use',
    ]);
  });
});
