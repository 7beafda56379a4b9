/** Frames from a broker arrive in any order and repeatedly, and are passed on in order, each record once. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fastCheck from 'fast-check';
import { FramesInOrder, lastOf } from './frames-in-order.ts';

const frame = (first: number, count: number) => ({ first, count, body: new Uint8Array(count) });
const firsts = (run: readonly { frame: { first: number } }[]) => run.map((arrived) => arrived.frame.first);

describe('frames in order', () => {
  it('returns one run at a time, within the limit of bytes, and a single larger frame alone', () => {
    const frames = new FramesInOrder<number>();
    for (const [tag, [first, count]] of [[1, 10] as const, [11, 10] as const, [21, 50] as const, [71, 10] as const].entries())
      frames.add({ frame: frame(first, count), message: tag });
    assert.deepEqual(firsts(frames.nextRun(20)), [1, 11]);
    frames.done(20);
    assert.deepEqual(firsts(frames.nextRun(20)), [21]);
    frames.done(70);
    assert.deepEqual(firsts(frames.nextRun(20)), [71]);
  });

  it('refuses done frames, and distinguishes a hole from the next frame', () => {
    const frames = new FramesInOrder<number>();
    frames.add({ frame: frame(5, 5), message: 1 });
    assert.equal(frames.hasHole, false, 'where it began is unknown before anything was done');
    frames.done(9);
    assert.equal(frames.add({ frame: frame(1, 9), message: 2 }), false);
    assert.equal(frames.add({ frame: frame(12, 3), message: 3 }), true);
    assert.equal(frames.hasHole, true);
    assert.equal(frames.add({ frame: frame(8, 4), message: 4 }), true, 'a frame that is cut otherwise holds something new');
    assert.equal(frames.hasHole, false);
    assert.deepEqual(firsts(frames.nextRun(100)), [8, 12]);
  });

  it('a run ends at a hole', () => {
    const frames = new FramesInOrder<number>();
    for (const first of [21, 1, 11, 41]) frames.add({ frame: frame(first, 10), message: first });
    assert.deepEqual(firsts(frames.nextRun(1_000)), [1, 11, 21]);
  });

  it('reports whether done frames arrived before all waiting ones, so that one acknowledgement covers them', () => {
    const frames = new FramesInOrder<number>();
    for (const [tag, first] of [11, 1, 21].entries()) frames.add({ frame: frame(first, 10), message: tag });
    assert.equal(
      frames.arrivedFirst(frames.done(10), (tag) => tag),
      false,
      'the frame at 11 came before it',
    );
    assert.equal(
      frames.arrivedFirst(frames.done(20), (tag) => tag),
      true,
    );
  });

  it('passes on every record once and in order, whatever the order of arrival', () => {
    const arrivals = fastCheck.array(fastCheck.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 20 }).chain((counts) => {
      let next = 1;
      const all = counts.map((count) => {
        const one = frame(next, count);
        next += count;
        return one;
      });
      const again = fastCheck.array(fastCheck.constantFrom(...all), { maxLength: 10 });
      return again.chain((more) => fastCheck.shuffledSubarray([...all, ...more], { minLength: all.length + more.length }));
    });
    fastCheck.assert(
      fastCheck.property(arrivals, fastCheck.integer({ min: 1, max: 20 }), (order, maxBytes) => {
        const frames = new FramesInOrder<number>();
        const end = Math.max(...order.map(lastOf));
        let position = 0;
        for (const [tag, one] of order.entries()) {
          frames.add({ frame: one, message: tag });
          // A handler that knows the stored position: it applies the next records and rereads the rest.
          for (let run = frames.nextRun(maxBytes); run.length > 0; run = frames.nextRun(maxBytes)) {
            if ((run[0]?.frame.first ?? 0) > position + 1) break;
            for (const arrived of run) {
              assert.ok(arrived.frame.first <= position + 1, 'no hole within a run');
              position = Math.max(position, lastOf(arrived.frame));
            }
            frames.done(position);
          }
        }
        assert.equal(position, end);
        assert.equal(frames.size, 0);
      }),
    );
  });
});
