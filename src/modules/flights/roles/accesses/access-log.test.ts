/** Accesses reach the stream once each, numbered without holes, and what does not is counted as dropped. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KontorError } from '#core/errors.ts';
import { leaseMigrations } from '#core/lease.ts';
import type { Frame, Stream } from '#core/ports/stream.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { openSqliteStream } from '#engines/stream/sqlite.ts';
import { manualClock } from '#testkit/clock.ts';
import { closing } from '#testkit/closing.ts';
import { processHolder } from '#testkit/holder.ts';
import { silentLog } from '#testkit/log.ts';
import { silentMetrics } from '#testkit/metrics.ts';
import { type Cleanup, temporaryFile } from '#testkit/temporary-folder.ts';
import { temporaryState } from '#testkit/temporary-state.ts';
import { until } from '#testkit/until.ts';
import { accessTopic } from '../../domain/access.ts';
import { accessAt, accessWords, lostKind, wordsPerAccess } from '../../domain/access-records.ts';
import { accessMigrations } from '../../store/access/tables.ts';
import { openAccessLog } from './access-log.ts';

const visitor = { holder: 'visitor:1', guestHolder: undefined, network: '203.0.113.0/24' };
const topic = { name: accessTopic, keepMs: 60_000, keepBytes: 1_000_000, maxBacklogBytes: 1_000_000_000 };

/** A stream that tells its frames; `knowsEnd: false` behaves like a broker. */
function memoryStream({ knowsEnd }: { knowsEnd: boolean }) {
  const frames: (Frame & { partition: string })[] = [];
  const faults: ('before' | 'after')[] = [];
  const endOf = (partition: string) =>
    Math.max(0, ...frames.filter((frame) => frame.partition === partition).map(({ first, count }) => first + count - 1));
  const stream: Pick<Stream, 'end' | 'publish'> = {
    end: async (_, partition) => (knowsEnd ? endOf(partition) : undefined),
    async publish(_, partition, frame) {
      const fault = faults.shift();
      if (fault === 'before') throw new KontorError('unavailable', 'the stream is gone');
      const end = endOf(partition);
      if (knowsEnd && frame.first + frame.count - 1 <= end) return 'duplicate';
      if (knowsEnd && frame.first !== end + 1) return 'gap';
      frames.push({ first: frame.first, count: frame.count, body: frame.body.slice(), partition });
      if (fault === 'after') throw new KontorError('timed_out', 'the answer was lost');
      return 'published';
    },
  };
  return { stream: stream as Stream, frames, faults, endOf };
}

async function world(t: Cleanup, stream: Stream) {
  const state = await temporaryState(t, [...leaseMigrations, ...accessMigrations]);
  const clock = manualClock({ flowing: true });
  const ports = { state, stream, clock, random: seededRandom(7), log: silentLog(), metrics: silentMetrics() };
  return { state, clock, open: (name: string) => openAccessLog({ ports: { ...ports, holder: processHolder(name) }, key: 'key' }) };
}

function recordsOf(frames: readonly Frame[]) {
  return frames.flatMap(({ body }) => {
    const words = accessWords([body]);
    return Array.from({ length: words.length / wordsPerAccess }, (_, index) => accessAt(words, index));
  });
}

test('accesses of a list are one record each, and a stop publishes the last of them', async (t) => {
  const closed = closing(t);
  const file = temporaryFile(t);
  const clock = manualClock({ flowing: true });
  const stream = closed(await openSqliteStream({ ...file, clock, holder: processHolder('stream'), log: silentLog() }));
  await stream.declare(topic);
  const { open } = await world(t, stream);
  const log = open('one');
  log.note(visitor, 'listed', ['KO1-20261201', 'KO2-20261201', 'no flight']);
  log.note({ holder: 'account:1', guestHolder: undefined, network: visitor.network }, 'booked', ['KO1-20261201']);
  await log.stop();
  assert.equal(log.dropped(), 0);
  assert.equal(await stream.end(accessTopic, '0'), 3);
  const seen = Promise.withResolvers<readonly Frame[]>();
  const consumer = await stream.consume(accessTopic, 'test', async ({ frames }) => {
    seen.resolve(frames.map(({ first, count, body }) => ({ first, count, body: body.slice() })));
    return 'done';
  });
  const records = recordsOf(await seen.promise);
  await consumer.stop();
  assert.deepEqual(
    records.map(({ kind, account, flight }) => [kind, account, flight]),
    [
      [0, false, 744_0001_20261201],
      [0, false, 744_0002_20261201],
      [3, true, 744_0001_20261201],
    ],
  );
  assert.equal(records[0]?.visitor, records[1]?.visitor);
  assert.notEqual(records[0]?.visitor, records[2]?.visitor);
  assert.equal(records[0]?.network, records[2]?.network);
});

test('two processes write to two partitions, and a partition is used again', async (t) => {
  const { stream, endOf } = memoryStream({ knowsEnd: true });
  const { open } = await world(t, stream);
  const [one, two] = [open('one'), open('two')];
  one.note(visitor, 'opened', ['KO1-20261201']);
  await until(() => endOf('0') === 1, { describe: 'the first has a partition' });
  two.note(visitor, 'opened', ['KO2-20261201']);
  await until(() => endOf('1') === 1, { describe: 'the second has another' });
  await one.stop();
  const three = open('three');
  three.note(visitor, 'opened', ['KO3-20261201']);
  await until(() => endOf('0') === 2, { describe: 'the third uses the first again' });
  await Promise.all([two.stop(), three.stop()]);
});

for (const knowsEnd of [true, false]) {
  test(`a failed publish loses and doubles nothing where the stream ${knowsEnd ? 'knows' : 'does not know'} its end`, async (t) => {
    const { stream, frames, faults } = memoryStream({ knowsEnd });
    const { open } = await world(t, stream);
    faults.push('before', 'after', 'before');
    const log = open('one');
    for (const flight of ['KO1-20261201', 'KO2-20261201', 'KO3-20261201']) {
      log.note(visitor, 'opened', [flight]);
      await until(() => recordsOf(frames).some(({ flight: code }) => code === 744_0000_20261201 + Number(flight[2]) * 1e8), {
        describe: 'it is on the stream',
      });
    }
    await log.stop();
    const byNumber = new Map(
      frames.flatMap(({ first, body }) => recordsOf([{ first, count: 0, body }]).map(({ flight }, i) => [first + i, flight])),
    );
    assert.deepEqual([...byNumber.keys()], [1, 2, 3]);
    assert.equal(new Set(byNumber.values()).size, 3);
    assert.equal(log.dropped(), 0);
  });
}

test('what the stream does not take in time is dropped and counted, and the request never waits', async (t) => {
  const { stream, frames } = memoryStream({ knowsEnd: true });
  const released = Promise.withResolvers<void>();
  const slow: Stream = { ...stream, publish: (...call) => released.promise.then(() => stream.publish(...call)) };
  const { open } = await world(t, slow);
  const log = open('one');
  const flights = Array.from({ length: 1_000 }, (_, index) => `KO${index + 1}-20261201`);
  for (let round = 0; round < 300; round += 1) log.note(visitor, 'listed', flights);
  assert.equal(log.dropped(), 300_000 - 64 * 4_096);
  assert.equal(frames.length, 0);
  released.resolve();
  await log.stop();
  assert.equal(recordsOf(frames).length, 64 * 4_096);
  assert.equal(log.dropped(), 300_000 - 64 * 4_096);
});

test('numbers that a crash left open are filled, so that no consumer waits for them', async (t) => {
  const { stream, frames } = memoryStream({ knowsEnd: false });
  const { state, open } = await world(t, stream);
  await state.write((queries) =>
    queries
      .withTables<{ flights_emitted: { partition: string; confirmed: number; intended: number } }>()
      .insertInto('flights_emitted')
      .values({ partition: '0', confirmed: 5, intended: 7 })
      .execute(),
  );
  const log = open('one');
  log.note(visitor, 'opened', ['KO1-20261201']);
  await log.stop();
  assert.deepEqual(
    frames.map(({ first, count }) => [first, count]),
    [
      [6, 2],
      [8, 1],
    ],
  );
  assert.deepEqual(
    recordsOf(frames).map(({ kind }) => kind),
    [lostKind, lostKind, 1],
  );
  assert.equal(log.dropped(), 2);
});
