/** The Stream contract's tests of the consumers of a group. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import type { Delivery } from '#core/ports/stream.ts';
import { lastOf, numberedFrame, numbersOf, tally } from '../frames.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { until } from '../until.ts';
import { startVictim } from '../victim.ts';
import { oneTo, openWithTape, pump, pumpTo, recordsOf, type StreamContract } from './stream-world.ts';

export function consumerTests(contract: StreamContract): void {
  it('consume gives each partition to exactly one consumer of a group at a time', async (t) => {
    const world = await openWithTape(contract, t);
    const second = await world.openSecond();
    const partitions = ['A', 'B', 'C', 'D'];
    const counts = new Map(partitions.map((partition) => [partition, tally()]));
    const busy = new Set<string>();
    const overlaps: string[] = [];
    const handler = async (delivery: Delivery) => {
      if (busy.has(delivery.partition)) overlaps.push(delivery.partition);
      busy.add(delivery.partition);
      await world.clock.sleep(10);
      busy.delete(delivery.partition);
      return counts.get(delivery.partition)?.apply(delivery) ?? 'reread';
    };
    for (const partition of partitions) await world.stream.publish('tape', partition, numberedFrame(1, 10));
    const options = { maxDeliveryBytes: 160 };
    const consumers = await Promise.all([
      world.stream.consume('tape', 'readers', handler, options),
      world.stream.consume('tape', 'readers', handler, options),
      second.consume('tape', 'readers', handler, options),
    ]);
    for (let round = 1; round < 20; round += 1) {
      for (const partition of partitions) await world.stream.publish('tape', partition, numberedFrame(1 + round * 10, 10));
      await world.clock.advance(100);
    }
    await pump(world.clock, () => [...counts.values()].every((count) => count.position === 200), 'all records of all partitions');
    assert.deepEqual(overlaps, []);
    await pump(
      world.clock,
      () => consumers.flatMap((consumer) => consumer.partitions()).length === 4,
      'each partition to have its consumer',
    );
    assert.deepEqual(consumers.flatMap((consumer) => consumer.partitions()).sort(), partitions);
  });

  it('when the active consumer stops, another takes over, and acknowledged frames are not redelivered', async (t) => {
    const world = await openWithTape(contract, t);
    const second = await world.openSecond();
    const firstSaw: number[] = [];
    const secondSaw: number[] = [];
    await world.stream.publish('tape', 'ACME', numberedFrame(1, 10));
    const first = await world.stream.consume('tape', 'readers', async ({ frames }) => {
      firstSaw.push(...frames.flatMap(numbersOf));
      return 'done';
    });
    await pump(world.clock, () => firstSaw.length === 10, 'the first to get its records');
    assert.deepEqual(first.partitions(), ['ACME']);
    const standingBy = await second.consume('tape', 'readers', async ({ frames }) => {
      secondSaw.push(...frames.flatMap(numbersOf));
      return 'done';
    });
    assert.deepEqual(standingBy.partitions(), []);
    await until(first.stop(), { describe: 'the first to stop' });
    assert.deepEqual(first.partitions(), []);
    await world.stream.publish('tape', 'ACME', numberedFrame(11, 10));
    await pump(world.clock, () => secondSaw.length >= 10, 'the second to take over');
    assert.deepEqual(firstSaw, oneTo(10));
    assert.deepEqual(secondSaw, oneTo(20).slice(10));
  });

  it('a consumer killed between storing its result and acknowledging: another takes over, and each record is counted once', async (t) => {
    const positionFile = join(temporaryFolder(t), 'position');
    const world = await openWithTape(contract, t);
    for (let frame = 0; frame < 5; frame += 1) await world.stream.publish('tape', 'ACME', numberedFrame(1 + frame * 10, 10));
    const victim = startVictim({
      kind: 'consume-without-acknowledging',
      opener: world.victim,
      topic: 'tape',
      group: 'readers',
      positionFile,
    });
    t.after(() => victim.kill());
    await victim.reported(1);
    await victim.kill();

    const stored = Number(readFileSync(positionFile, 'utf8'));
    assert.ok(stored >= 10, 'the victim had stored a result');
    const count = tally(stored);
    let oldest = Number.POSITIVE_INFINITY;
    await world.stream.consume('tape', 'readers', async (delivery) => {
      oldest = Math.min(oldest, delivery.frames[0]?.first ?? oldest);
      return count.apply(delivery);
    });
    await world.stream.publish('tape', 'ACME', numberedFrame(51, 10));
    await pumpTo(world.clock, count, 60);
    assert.equal(oldest, 1, 'unacknowledged frames are delivered again');
    assert.deepEqual([...count.counted.keys()], oneTo(60).slice(stored));
    assert.deepEqual(new Set(count.counted.values()), new Set([1]));
  });

  it('when two overlap because one is presumed dead, the stored position decides', async (t) => {
    const gate = gateOf(t);
    const world = await openWithTape(contract, t);
    const second = await world.openSecond();
    for (let frame = 0; frame < 5; frame += 1) await world.stream.publish('tape', 'ACME', numberedFrame(1 + frame * 10, 10));

    // Stands in for Results: compares and sets the position together with the count.
    let position = 0;
    const counted: number[] = [];
    const apply = (from: number, delivery: Delivery): 'stored' | 'stale' => {
      if (from !== position) return 'stale';
      counted.push(...delivery.frames.flatMap(numbersOf).filter((number) => number > from));
      position = Math.max(position, lastOf(delivery));
      return 'stored';
    };

    let firstOutcome: string | undefined;
    let firstBegan = false;
    await world.stream.consume('tape', 'readers', async (delivery) => {
      const from = position;
      firstBegan = true;
      await gate.promise;
      const outcome = apply(from, delivery);
      // It may get the frames again before it learns that it lost the partition; by then it knows the position.
      firstOutcome ??= outcome;
      return outcome === 'stored' ? 'done' : 'reread';
    });
    await pump(world.clock, () => firstBegan, 'the first to begin');
    world.presumeDead();
    await second.consume('tape', 'readers', async (delivery) => (apply(position, delivery) === 'stored' ? 'done' : 'reread'));
    await pump(world.clock, () => position === 50, 'the second to take over');
    gate.resolve();
    await pump(world.clock, () => firstOutcome !== undefined, 'the first to wake');
    assert.equal(firstOutcome, 'stale');
    assert.deepEqual(counted, oneTo(50));
  });

  it("a partition's next delivery comes only after its handler ended, whatever other partitions do", async (t) => {
    const gate = gateOf(t);
    const { stream, clock } = await openWithTape(contract, t);
    let blockedDeliveries = 0;
    const free = tally();
    for (const partition of ['BLOCKED', 'FREE']) await stream.publish('tape', partition, numberedFrame(1, 10));
    const consumer = await stream.consume('tape', 'readers', async (delivery) => {
      if (delivery.partition === 'FREE') return free.apply(delivery);
      blockedDeliveries += 1;
      await gate.promise;
      return 'done';
    });
    await pump(clock, () => blockedDeliveries === 1, 'the blocked handler');
    for (const partition of ['BLOCKED', 'FREE']) await stream.publish('tape', partition, numberedFrame(11, 10));
    await pump(clock, () => free.position === 20, 'the free partition to go on');
    assert.equal(blockedDeliveries, 1);
    gate.resolve();
    await pump(clock, () => blockedDeliveries === 2, 'the next delivery');
    await consumer.stop();
  });

  it('stop aborts the signal of running handlers, waits for them, and acknowledges their frames', async (t) => {
    const gate = gateOf(t);
    const { stream, clock } = await openWithTape(contract, t);
    await stream.publish('tape', 'ACME', numberedFrame(1, 10));
    let signal: AbortSignal | undefined;
    let stopped = false;
    const consumer = await stream.consume('tape', 'readers', async (delivery) => {
      signal = delivery.signal;
      await gate.promise;
      return 'done';
    });
    await pump(clock, () => signal !== undefined, 'a running handler');
    assert.equal(signal?.aborted, false);
    const stopping = consumer.stop().then(() => {
      stopped = true;
    });
    await pump(clock, () => signal?.aborted === true, 'the signal');
    assert.equal(stopped, false, 'the handler still runs');
    gate.resolve();
    await until(stopping, { describe: 'stop' });
    if (contract.knowsEnd) assert.equal((await stream.status('tape', 'readers'))?.[0]?.acknowledged, 10);
    await stream.publish('tape', 'ACME', numberedFrame(11, 10));
    const next: number[] = [];
    await stream.consume('tape', 'readers', async ({ frames }) => {
      next.push(...frames.flatMap(numbersOf));
      return 'done';
    });
    await pump(clock, () => next.length >= 10, 'the next frame');
    assert.deepEqual(next, oneTo(20).slice(10));
  });

  it('when the handler resolves reread or rejects, the same frames are delivered again, and onError and onRecovered are called', async (t) => {
    const { stream, clock } = await openWithTape(contract, t);
    await stream.publish('tape', 'ACME', numberedFrame(1, 10));
    await stream.publish('tape', 'ACME', numberedFrame(11, 10));
    const firsts: number[] = [];
    const told: string[] = [];
    const count = tally();
    const handler = async (delivery: Delivery) => {
      firsts.push(delivery.frames[0]?.first ?? 0);
      if (firsts.length === 1) return 'reread' as const;
      if (firsts.length === 2) throw new Error('thrown on purpose');
      return count.apply(delivery);
    };
    await stream.consume('tape', 'readers', handler, {
      maxDeliveryBytes: 80,
      onError: (error, partition) => told.push(`${partition}: ${error}`),
      onRecovered: (partition) => told.push(`${partition} works again`),
    });
    await pumpTo(clock, count, 20);
    assert.deepEqual(firsts, [1, 1, 1, 11]);
    assert.deepEqual(told, ['ACME: Error: thrown on purpose', 'ACME works again']);
  });

  it('frames are delivered again after a pause that grows to maxRetryMs, and no further', async (t) => {
    const { stream, clock } = await openWithTape(contract, t);
    const { maxRetryMs } = contract.limits;
    await stream.publish('tape', 'ACME', numberedFrame(1, 10));
    const attemptsAtMs: number[] = [];
    await stream.consume('tape', 'readers', async () => {
      attemptsAtMs.push(clock.monotonicMs());
      return 'reread';
    });
    await pump(
      clock,
      () => attemptsAtMs.length === 15,
      () => `15 attempts; ${attemptsAtMs.length} came`,
    );
    const pausesMs = attemptsAtMs.slice(1).map((atMs, index) => atMs - (attemptsAtMs[index] ?? 0));
    const slackMs = 250;
    // The shortest of several pauses: on a busy machine, one may take longer.
    assert.ok(Math.min(...pausesMs.slice(-5)) <= maxRetryMs + slackMs, `at most ${maxRetryMs} ms: ${pausesMs}`);
    assert.ok((pausesMs.at(-1) ?? 0) >= maxRetryMs * 0.4, `grown towards ${maxRetryMs} ms: ${pausesMs}`);
    assert.ok(Math.min(...pausesMs.slice(0, 2)) <= maxRetryMs / 2 + slackMs, `the first is short: ${pausesMs}`);
  });

  it('a handler that resolves rereadFrom gets the frames from that record on again', async (t) => {
    if (!contract.keepsAcknowledged) return t.skip('the engine does not keep what was acknowledged');
    const { stream, clock } = await openWithTape(contract, t);
    for (let frame = 0; frame < 10; frame += 1) await stream.publish('tape', 'ACME', numberedFrame(1 + frame * 10, 10));
    const before = tally();
    const first = await stream.consume('tape', 'readers', async (delivery) => before.apply(delivery), { maxDeliveryBytes: 80 });
    await pump(clock, () => before.position === 100, 'all records');
    await first.stop();

    // The results were restored from a copy: they end at 34, in the middle of a frame.
    const restored = tally(34);
    await stream.publish('tape', 'ACME', numberedFrame(101, 10));
    await stream.consume(
      'tape',
      'readers',
      async (delivery) => {
        const outcome = restored.apply(delivery);
        return outcome === 'done' ? 'done' : { rereadFrom: restored.position + 1 };
      },
      { maxDeliveryBytes: 80 },
    );
    await pumpTo(clock, restored, 110);
    assert.deepEqual([...restored.counted.keys()], oneTo(110).slice(34));
    if (!contract.knowsEnd) return;
    await pump(clock, async () => (await stream.status('tape', 'readers'))?.[0]?.acknowledged === 110, 'the acknowledgement');
    assert.equal((await stream.status('tape', 'readers'))?.[0]?.backlogBytes, 0);
  });

  it('each group gets every frame, and a new group starts at the oldest stored frame', async (t) => {
    const { stream, clock } = await openWithTape(contract, t);
    const early = tally();
    await stream.consume('tape', 'early', async (delivery) => early.apply(delivery));
    for (let frame = 0; frame < 5; frame += 1) await stream.publish('tape', 'ACME', numberedFrame(1 + frame * 10, 10));
    await pump(clock, () => early.position === 50, 'the early group to get all');
    if (!contract.keepsAcknowledged) return t.diagnostic('late groups are not looked at: the engine keeps nothing that was acknowledged');
    assert.deepEqual(await recordsOf(stream, clock, 50), oneTo(50));
  });

  it('status returns end, acknowledged and backlog of each partition, or undefined when it cannot', async (t) => {
    const { stream, clock } = await openWithTape(contract, t);
    if (!contract.knowsEnd) return assert.equal(await stream.status('tape', 'readers'), undefined);
    assert.deepEqual(await stream.status('tape', 'readers'), []);
    await stream.publish('tape', 'A', numberedFrame(1, 10));
    await stream.publish('tape', 'B', numberedFrame(1, 20));
    assert.deepEqual(await stream.status('tape', 'readers'), [
      { partition: 'A', end: 10, acknowledged: 0, backlogBytes: 80 },
      { partition: 'B', end: 20, acknowledged: 0, backlogBytes: 160 },
    ]);
    await stream.consume('tape', 'readers', async ({ partition }) => (partition === 'A' ? 'done' : 'reread'));
    await pump(clock, async () => (await stream.status('tape', 'readers'))?.[0]?.acknowledged === 10, 'the acknowledgement');
    assert.deepEqual(await stream.status('tape', 'readers'), [
      { partition: 'A', end: 10, acknowledged: 10, backlogBytes: 0 },
      { partition: 'B', end: 20, acknowledged: 0, backlogBytes: 160 },
    ]);
  });
}

/** A gate for handlers to wait at. Created before the world is opened, so that it opens first when a test fails. */
function gateOf(t: TestContext): PromiseWithResolvers<void> {
  const gate = Promise.withResolvers<void>();
  t.after(() => gate.resolve());
  return gate;
}
