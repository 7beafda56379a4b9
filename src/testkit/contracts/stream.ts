/** The contract of the Stream port: each promise as a test. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fastCheck from 'fast-check';
import { KontorError } from '#core/errors.ts';
import type { Delivery } from '#core/ports/stream.ts';
import { numberedFrame, numbersOf, tally } from '../frames.ts';
import { until } from '../until.ts';
import { startVictim } from '../victim.ts';
import { consumerTests } from './stream-consumers.ts';
import { limitTests } from './stream-limits.ts';
import { oneTo, openWithTape, pump, recordsOf, type StreamContract, tape } from './stream-world.ts';

export function streamContract(name: string, contract: StreamContract): void {
  describe(`Stream: ${name}`, () => {
    it('frames of a partition are delivered in the order of their sequence numbers, without holes, at least once', async (t) => {
      const { stream, clock } = await openWithTape(contract, t);
      for (let frame = 0; frame < 100; frame += 1) {
        assert.equal(await stream.publish('tape', 'ACME', numberedFrame(1 + frame * 10, 10)), 'published');
      }
      const seen: number[] = [];
      await stream.consume('tape', 'readers', async ({ partition, frames }) => {
        assert.equal(partition, 'ACME');
        seen.push(...frames.flatMap(numbersOf));
        return 'done';
      });
      await pump(clock, () => seen.length >= 1_000, 'all records');
      assert.deepEqual(seen, oneTo(1_000));
    });

    it('frames published while a consumer waits reach it, from here and from another process', async (t) => {
      const world = await openWithTape(contract, t);
      const second = await world.openSecond();
      const count = tally();
      await world.stream.consume('tape', 'readers', async (delivery) => count.apply(delivery));
      for (const [index, stream] of [world.stream, second, world.stream, second].entries()) {
        await stream.publish('tape', 'ACME', numberedFrame(1 + index * 10, 10));
        await pump(world.clock, () => count.position === (index + 1) * 10, `frame ${index}`);
      }
    });

    it('concurrent publishes arrive in order', async (t) => {
      const { stream, clock } = await openWithTape(contract, t);
      const outcomes = await Promise.all(
        Array.from({ length: 200 }, (_, frame) => stream.publish('tape', `P${frame % 4}`, numberedFrame(1 + Math.floor(frame / 4) * 5, 5))),
      );
      assert.deepEqual(new Set(outcomes), new Set(['published']));
      const counts = new Map(['P0', 'P1', 'P2', 'P3'].map((partition) => [partition, tally()]));
      await stream.consume('tape', 'readers', async (delivery) => counts.get(delivery.partition)?.apply(delivery) ?? 'reread');
      await pump(clock, () => [...counts.values()].every((count) => count.position === 250), 'all records of all partitions');
    });

    it('each record is counted once, however records are split into frames, deliveries and retries', async (t) => {
      const { stream, clock } = await openWithTape(contract, t);
      let run = 0;
      const script = fastCheck.record({
        counts: fastCheck.array(fastCheck.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 25 }),
        maxDeliveryBytes: fastCheck.integer({ min: 1, max: 2_000 }),
        outcomes: fastCheck.array(fastCheck.constantFrom('done', 'done', 'reread', 'throw', 'stop'), { maxLength: 8 }),
      });
      await fastCheck.assert(
        fastCheck.asyncProperty(script, async ({ counts, maxDeliveryBytes, outcomes }) => {
          run += 1;
          const topic = `tape-${run}`;
          await stream.declare({ ...tape, name: topic });
          const count = tally();
          const planned = [...outcomes];
          let stopNow = false;
          const handler = async (delivery: Delivery) => {
            const outcome = planned.shift() ?? 'done';
            if (outcome === 'throw') throw new Error('thrown on purpose');
            if (outcome === 'reread') return 'reread' as const;
            stopNow = outcome === 'stop';
            return count.apply(delivery);
          };
          let consumer = await stream.consume(topic, 'readers', handler, { maxDeliveryBytes });
          let end = 0;
          await Promise.all(
            counts.map((size) => {
              const frame = numberedFrame(end + 1, size);
              end += size;
              return stream.publish(topic, 'ACME', frame);
            }),
          );
          while (count.position < end) {
            await pump(
              clock,
              () => stopNow || count.position === end,
              () => `record ${end}; at ${count.position}`,
            );
            if (!stopNow) break;
            stopNow = false;
            await consumer.stop();
            consumer = await stream.consume(topic, 'readers', handler, { maxDeliveryBytes });
          }
          await consumer.stop();
          assert.deepEqual([...count.counted.keys()], oneTo(end));
          assert.deepEqual(new Set(count.counted.values()), new Set([1]));
        }),
        { numRuns: 15 },
      );
    });

    it('publish resolves published when the frame is durable: it is there when the data is opened again', async (t) => {
      const world = await openWithTape(contract, t);
      for (let frame = 0; frame < 10; frame += 1) await world.stream.publish('tape', 'ACME', numberedFrame(1 + frame * 10, 10));
      const again = await world.reopen();
      await again.declare(tape);
      if (contract.knowsEnd) assert.equal(await again.end('tape', 'ACME'), 100);
      const count = tally();
      await again.consume('tape', 'readers', async (delivery) => count.apply(delivery));
      await pump(world.clock, () => count.position === 100, 'all records');
    });

    it('publish resolves published when the frame is durable: it survives kill -9', async (t) => {
      const world = await openWithTape(contract, t);
      const victim = startVictim({ kind: 'publish', opener: world.victim, topic: 'tape', partition: 'ACME' });
      t.after(() => victim.kill());
      await victim.reported(25);
      await victim.kill();
      const last = victim.reports.at(-1) ?? 0;
      const count = tally();
      await world.stream.consume('tape', 'readers', async (delivery) => count.apply(delivery));
      await pump(
        world.clock,
        () => count.position >= last,
        () => `record ${last}; at ${count.position}`,
      );
    });

    it('publish of records already stored resolves duplicate and stores nothing', async (t) => {
      if (!contract.knowsEnd) return t.skip('the engine cannot know the end');
      const { stream, clock } = await openWithTape(contract, t);
      await stream.publish('tape', 'ACME', numberedFrame(1, 10));
      await stream.publish('tape', 'ACME', numberedFrame(11, 10));
      assert.equal(await stream.publish('tape', 'ACME', numberedFrame(11, 10)), 'duplicate');
      assert.equal(await stream.publish('tape', 'ACME', numberedFrame(1, 20)), 'duplicate');
      assert.equal(await stream.publish('tape', 'ACME', numberedFrame(3, 4)), 'duplicate');
      const [first, second] = await Promise.all([21, 21].map((from) => stream.publish('tape', 'ACME', numberedFrame(from, 10))));
      assert.deepEqual([first, second].sort(), ['duplicate', 'published'], 'of two at once, one');
      assert.equal(await stream.end('tape', 'ACME'), 30);
      assert.deepEqual(await recordsOf(stream, clock, 30), oneTo(30));
    });

    it('publish of a frame that would leave a hole or partly overlap resolves gap and stores nothing', async (t) => {
      if (!contract.knowsEnd) return t.skip('the engine cannot know the end');
      const { stream, clock } = await openWithTape(contract, t);
      assert.equal(await stream.publish('tape', 'ACME', numberedFrame(2, 10)), 'gap', 'sequence numbers start at 1');
      await stream.publish('tape', 'ACME', numberedFrame(1, 10));
      assert.equal(await stream.publish('tape', 'ACME', numberedFrame(12, 10)), 'gap', 'a hole');
      assert.equal(await stream.publish('tape', 'ACME', numberedFrame(6, 10)), 'gap', 'a partial overlap');
      assert.equal(await stream.end('tape', 'ACME'), 10);
      await stream.publish('tape', 'ACME', numberedFrame(11, 10));
      assert.deepEqual(await recordsOf(stream, clock, 20), oneTo(20));
    });

    it('a frame without records, or before the first sequence number, is refused with the field at fault', async (t) => {
      const { stream } = await openWithTape(contract, t);
      const refused = async (field: string, partition: string, first: number, count: number) => {
        const publishing = stream.publish('tape', partition, { first, count, body: new Uint8Array(8) });
        await assert.rejects(
          publishing,
          (error) => error instanceof KontorError && error.code === 'invalid_input' && error.details[0]?.field === field,
        );
      };
      await refused('first', 'ACME', 0, 1);
      await refused('first', 'ACME', 1.5, 1);
      await refused('count', 'ACME', 1, 0);
      await refused('partition', '', 1, 1);
    });

    it('end is the highest sequence number published; 0 for none', async (t) => {
      const { stream } = await openWithTape(contract, t);
      const end = await stream.end('tape', 'ACME');
      if (!contract.knowsEnd) return assert.equal(end, undefined);
      assert.equal(end, 0);
      await stream.publish('tape', 'ACME', numberedFrame(1, 7));
      assert.equal(await stream.end('tape', 'ACME'), 7);
      assert.equal(await stream.end('tape', 'OTHER'), 0);
    });

    it('callers cannot change published frames, nor handlers delivered ones', async (t) => {
      const { stream, clock } = await openWithTape(contract, t);
      const frame = numberedFrame(1, 10);
      await stream.publish('tape', 'ACME', frame);
      frame.body.fill(255);
      let deliveries = 0;
      await stream.consume('tape', 'readers', async ({ frames }) => {
        for (const delivered of frames) {
          assert.deepEqual(numbersOf(delivered), oneTo(10));
          delivered.body.fill(255);
        }
        deliveries += 1;
        return deliveries < 3 ? 'reread' : 'done';
      });
      await pump(clock, () => deliveries === 3, 'the third delivery');
    });

    it('a topic that was not declared is refused', async (t) => {
      const { stream } = await openWithTape(contract, t);
      await assert.rejects(stream.publish('tapes', 'ACME', numberedFrame(1, 1)), /tapes/);
      await assert.rejects(
        stream.consume('tapes', 'readers', async () => 'done'),
        /tapes/,
      );
    });

    it('ping resolves while the engine answers; close ends consumers, and afterwards everything is refused', async (t) => {
      const { stream, clock } = await openWithTape(contract, t);
      await stream.ping();
      await stream.publish('tape', 'ACME', numberedFrame(1, 10));
      let aborted = false;
      let began = false;
      await stream.consume('tape', 'readers', async ({ signal }) => {
        began = true;
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        aborted = true;
        return 'reread';
      });
      await pump(clock, () => began, 'a running handler');
      await until(stream.close(), { describe: 'close' });
      assert.equal(aborted, true, 'close waited for the handler');
      await assert.rejects(stream.ping());
      await assert.rejects(stream.publish('tape', 'ACME', numberedFrame(11, 10)));
    });

    consumerTests(contract);
    limitTests(contract);
  });
}
