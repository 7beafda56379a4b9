/** Recording logs, seeded random numbers, tallies and temporary folders. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { it } from 'node:test';
import { seededRandom } from '#core/seeded-random.ts';
import { applicationFor, simulatedRecords } from '#modules/stocks/testing/results-model.ts';
import { numberedFrame, numbersOf, tally } from './frames.ts';
import { processHolder } from './holder.ts';
import { recordingLog } from './log.ts';
import { temporaryFolder } from './temporary-folder.ts';

it('a recording log keeps level, fields and message, also of its children', () => {
  const log = recordingLog();
  log.info({ port: 1 }, 'started');
  log.child({ role: 'web' }).child({ step: 2 }).error({ port: 3 }, 'failed');
  assert.deepEqual(log.entries, [
    { level: 'info', fields: { port: 1 }, message: 'started' },
    { level: 'error', fields: { role: 'web', step: 2, port: 3 }, message: 'failed' },
  ]);
});

it('the same seed gives the same numbers, another seed others', () => {
  const draw = (seed: number) => {
    const random = seededRandom(seed);
    return [random.int(1_000_000), random.float(), random.id()];
  };
  assert.deepEqual(draw(7), draw(7));
  assert.notDeepEqual(draw(7), draw(8));
});

it('a buried holder is gone to the others', () => {
  const [one, other] = [processHolder('one'), processHolder('other')];
  assert.equal(other.isGone(one.id), false);
  one.bury();
  assert.equal(other.isGone(one.id), true);
  assert.equal(one.isGone(other.id), false);
});

it('a tally drops counted records, rereads at a hole, and refuses wrong records', () => {
  const count = tally();
  const deliver = (...frames: ReturnType<typeof numberedFrame>[]) =>
    count.apply({ partition: 'P', frames, signal: new AbortController().signal });
  assert.equal(deliver(numberedFrame(1, 3), numberedFrame(4, 2)), 'done');
  assert.equal(deliver(numberedFrame(4, 4)), 'done');
  assert.equal(deliver(numberedFrame(9, 1)), 'reread');
  assert.equal(count.position, 7);
  assert.deepEqual([...count.counted.values()], [1, 1, 1, 1, 1, 1, 1]);
  const torn = numberedFrame(8, 2);
  torn.body[15] = 1;
  assert.throws(() => numbersOf(torn), /record 1 of the frame at 8/);
});

it('the model closes batches of the right size and its bars count every record', () => {
  const { cursor, batches, bars } = applicationFor('ACME', undefined, simulatedRecords(0, 25), { batchSize: 10 });
  assert.deepEqual(
    batches.map(({ number, firstSeq, lastSeq, count }) => ({ number, firstSeq, lastSeq, count })),
    [
      { number: 1, firstSeq: 1, lastSeq: 10, count: 10 },
      { number: 2, firstSeq: 11, lastSeq: 20, count: 10 },
    ],
  );
  assert.equal(cursor.open?.count, 5);
  for (const interval of ['1s', '1m', '1h'] as const) {
    const counted = bars.filter((bar) => bar.interval === interval).reduce((sum, bar) => sum + bar.count, 0);
    assert.equal(counted, 25, interval);
  }
});

it('a temporary folder is removed after its test', () => {
  const cleanups: (() => void | Promise<void>)[] = [];
  const folder = temporaryFolder({ after: (work) => void cleanups.push(work) });
  assert.ok(existsSync(folder));
  for (const cleanUp of cleanups) void cleanUp();
  assert.equal(existsSync(folder), false);
});
