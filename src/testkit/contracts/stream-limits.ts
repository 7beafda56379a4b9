/** The Stream contract's tests of limits on deliveries, backlog and retention. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { KontorError } from '#core/errors.ts';
import type { Stream } from '#core/ports/stream.ts';
import type { ManualClock } from '../clock.ts';
import { bytesOf, lastOf, numberedFrame, tally } from '../frames.ts';
import { until } from '../until.ts';
import { oneTo, openWithTape, pump, pumpTo, recordsOf, type StreamContract, tape } from './stream-world.ts';

/** 10 records of 8 bytes. */
const frameBytes = 80;

export function limitTests(contract: StreamContract): void {
  it('a delivery is at most maxDeliveryBytes unless a single frame is larger', async (t) => {
    const { stream, clock } = await openWithTape(contract, t);
    const counts = [...Array(20).fill(10), 100, ...Array(20).fill(10)] as number[];
    let end = 0;
    for (const count of counts) {
      await stream.publish('tape', 'ACME', numberedFrame(end + 1, count));
      end += count;
    }
    const sizes: { frames: number; bytes: number }[] = [];
    const count = tally();
    await stream.consume(
      'tape',
      'readers',
      async (delivery) => {
        sizes.push({ frames: delivery.frames.length, bytes: bytesOf(delivery) });
        return count.apply(delivery);
      },
      { maxDeliveryBytes: 3 * frameBytes },
    );
    await pumpTo(clock, count, end);
    for (const { frames, bytes } of sizes) assert.ok(bytes <= 3 * frameBytes || frames === 1, `${frames} frames of ${bytes} bytes`);
    assert.ok(
      sizes.some(({ bytes }) => bytes === 800),
      'the large frame came alone',
    );
  });

  it('a slow consumer does not fill the memory: each partition has at most one delivery at a time', async (t) => {
    const { stream, clock } = await openWithTape(contract, t);
    for (let frame = 0; frame < 300; frame += 1) void stream.publish('tape', 'ACME', numberedFrame(1 + frame * 10, 10));
    let handedOut = 0;
    let most = 0;
    const count = tally();
    await stream.consume(
      'tape',
      'readers',
      async (delivery) => {
        handedOut += bytesOf(delivery);
        most = Math.max(most, handedOut);
        await clock.sleep(30);
        handedOut -= bytesOf(delivery);
        return count.apply(delivery);
      },
      { maxDeliveryBytes: 20 * frameBytes },
    );
    await pumpTo(clock, count, 3_000);
    assert.ok(most > 0 && most <= 20 * frameBytes, `${most} bytes at once`);
  });

  for (const groups of [['readers'], []]) {
    it(`a backlog above maxBacklogBytes makes publish wait, then reject with overloaded (${groups.length} groups)`, async (t) => {
      const { stream, clock } = await openWithTape(contract, t, { maxBacklogBytes: 10 * frameBytes });
      for (const group of groups) await (await stream.consume('tape', group, async () => 'done')).stop();
      const publisher = publishInOrder(stream, 30);
      await until(() => publisher.published() >= 10, { describe: 'the frames that fit' });
      const startedMs = clock.monotonicMs();
      await pump(clock, () => publisher.ended(), 'the publisher to be refused');
      assert.ok(clock.monotonicMs() - startedMs >= contract.limits.publishTimeoutMs * 0.5, 'it waited before it rejected');
      const error = await publisher.done.catch((reason: unknown) => reason);
      assert.ok(error instanceof KontorError && error.code === 'overloaded' && error.retryable, String(error));
      assert.ok(publisher.published() <= 12, `${publisher.published()} frames were accepted`);
      if (contract.knowsEnd) assert.equal(await stream.end('tape', 'ACME'), publisher.published() * 10, 'refused frames are not stored');
    });
  }

  it('a waiting publisher continues as soon as consumers catch up', async (t) => {
    const { stream, clock } = await openWithTape(contract, t, { maxBacklogBytes: 10 * frameBytes });
    const publisher = publishInOrder(stream, 60);
    await until(() => publisher.published() >= 10, { describe: 'the frames that fit' });
    const count = tally();
    let mostAhead = 0;
    await stream.consume(
      'tape',
      'readers',
      async (delivery) => {
        mostAhead = Math.max(mostAhead, publisher.published() * 10 - lastOf(delivery));
        return count.apply(delivery);
      },
      { maxDeliveryBytes: 2 * frameBytes },
    );
    // In real time: while a slow disk holds the consumer up, the time of a waiting publish must not run on.
    await until(() => publisher.ended(), { describe: () => `the publisher; the consumer is at ${count.position}` });
    await publisher.done;
    await pumpTo(clock, count, 600);
    assert.ok(mostAhead <= 13 * 10, `the publisher was ${mostAhead} records ahead`);
  });

  it('one full partition does not delay the others', async (t) => {
    const { stream } = await openWithTape(contract, t, { maxBacklogBytes: 10 * frameBytes });
    const full = publishInOrder(stream, 30);
    full.done.catch(() => {});
    await until(() => full.published() >= 10, { describe: 'the frames that fit' });
    assert.equal(await until(stream.publish('tape', 'OTHER', numberedFrame(1, 10)), { describe: 'the other partition' }), 'published');
  });

  for (const where of ['here', 'elsewhere']) {
    it(`declaring a topic again changes its limits, for waiting publishers, too (declared ${where})`, async (t) => {
      const world = await openWithTape(contract, t, { maxBacklogBytes: 10 * frameBytes });
      const publisher = publishInOrder(world.stream, 30);
      await until(() => publisher.published() >= 10, { describe: 'the frames that fit' });
      const declarer = where === 'here' ? world.stream : await world.openSecond();
      await declarer.declare({ ...tape, maxBacklogBytes: 100 * frameBytes });
      // In real time: a faster clock would end its patience.
      await until(publisher.done, { describe: 'the publisher' });
      assert.equal(publisher.published(), 30);
    });
  }

  it('acknowledged frames are removed once every group has them and they are older than keepMs', async (t) => {
    if (!contract.keepsAcknowledged) return t.skip('the engine keeps nothing that was acknowledged');
    const { stream, clock } = await openWithTape(contract, t, { keepMs: 60_000 });
    const count = tally();
    await stream.consume('tape', 'readers', async (delivery) => count.apply(delivery));
    for (let frame = 0; frame < 10; frame += 1) await stream.publish('tape', 'ACME', numberedFrame(1 + frame * 10, 10));
    await pumpTo(clock, count, 100);
    assert.deepEqual(await recordsOf(stream, clock, 100), oneTo(100), 'within keepMs all frames are kept');
    await clock.advance(60_001);
    const oldest = await oldestWhileGoingOn(stream, clock, 100, (first) => first > 100);
    assert.ok(oldest > 100, `old frames are removed; the oldest is ${oldest}`);
  });

  it('acknowledged frames are removed once every group has them and they are beyond keepBytes', async (t) => {
    if (!contract.keepsAcknowledged) return t.skip('the engine keeps nothing that was acknowledged');
    const { stream, clock } = await openWithTape(contract, t, { keepBytes: 5 * frameBytes });
    const count = tally();
    await stream.consume('tape', 'readers', async (delivery) => count.apply(delivery));
    for (let frame = 0; frame < 50; frame += 1) await stream.publish('tape', 'ACME', numberedFrame(1 + frame * 10, 10));
    await pumpTo(clock, count, 500);
    const oldest = await oldestWhileGoingOn(stream, clock, 500, (first) => first >= 400);
    assert.ok(oldest >= 400, `no more than about keepBytes are kept; the oldest is ${oldest}`);
  });

  it('frames not yet acknowledged are never removed', async (t) => {
    const { stream, clock } = await openWithTape(contract, t, { keepMs: 1_000, keepBytes: frameBytes });
    const fast = tally();
    let slowMay = false;
    const slow = tally();
    await stream.consume('tape', 'fast', async (delivery) => fast.apply(delivery));
    await stream.consume('tape', 'slow', async (delivery) => (slowMay ? slow.apply(delivery) : 'reread'));
    for (let frame = 0; frame < 20; frame += 1) {
      await stream.publish('tape', 'ACME', numberedFrame(1 + frame * 10, 10));
      await clock.advance(500);
    }
    await pump(clock, () => fast.position === 200, 'the fast group to get all');
    await clock.advance(60_000);
    await stream.publish('tape', 'ACME', numberedFrame(201, 10));
    await pump(clock, () => fast.position === 210, 'the fast group to get the last');
    slowMay = true;
    await pump(
      clock,
      () => slow.position === 210,
      () => `all records in the slow group; at ${slow.position}`,
    );
    assert.deepEqual([...slow.counted.keys()], oneTo(210));
  });
}

interface Publishing {
  published(): number;
  ended(): boolean;
  readonly done: Promise<void>;
}

/** Publishes frames of 10 records to one partition, each when the one before it is durable. */
function publishInOrder(stream: Stream, frames: number): Publishing {
  let published = 0;
  let ended = false;
  async function run(): Promise<void> {
    for (let frame = 0; frame < frames; frame += 1) {
      assert.equal(await stream.publish('tape', 'ACME', numberedFrame(1 + frame * 10, 10)), 'published');
      published += 1;
    }
  }
  const done = run().finally(() => {
    ended = true;
  });
  // Callers that wait get the error; until then it must not be an unhandled rejection.
  done.catch(() => {});
  return { published: () => published, ended: () => ended, done };
}

/**
 * The oldest record that a new group gets. Engines may remove frames only on activity in the partition, so this publishes
 * frame by frame until the oldest is as wanted or it is clear that nothing is removed.
 */
async function oldestWhileGoingOn(stream: Stream, clock: ManualClock, end: number, wanted: (first: number) => boolean): Promise<number> {
  let oldest = 0;
  for (let round = 0; round < 5 && !wanted(oldest); round += 1) {
    await stream.publish('tape', 'ACME', numberedFrame(end + 1 + round * 10, 10));
    await pump(
      clock,
      async () => (await stream.status('tape', 'readers'))?.[0]?.acknowledged === end + 10 + round * 10,
      'the acknowledgement',
    );
    [oldest = 0] = await recordsOf(stream, clock, 1);
  }
  return oldest;
}
