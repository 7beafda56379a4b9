/** The frames fetched of a partition: runs without holes, and the place up to which all is done. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KafkaBuffer } from './kafka-buffer.ts';
import { beginning, type StoredFrame } from './kafka-frames.ts';

/** A frame of `count` records of a byte each. */
function stored(offset: number, first: number, count: number): StoredFrame {
  const record = first + count - 1;
  return { offset: BigInt(offset), frame: { first, count, body: new Uint8Array(count) }, after: { record, bytes: record } };
}

const empty = () => new KafkaBuffer({ offset: 0n, mark: beginning });
const firsts = (buffer: KafkaBuffer, maxBytes = 1_000) => buffer.firstRun(maxBytes).map(({ first }) => first);

describe('the buffer of a partition', () => {
  it('drops frames without new records, and counts their offsets as done', () => {
    const buffer = empty();
    buffer.add([stored(0, 1, 10), stored(1, 1, 10), stored(2, 11, 10), stored(3, 6, 5)], 4n);
    assert.deepEqual(firsts(buffer), [1, 11]);
    buffer.finish(20);
    assert.deepEqual(buffer.done, { offset: 4n, mark: { record: 20, bytes: 20 } });
    assert.equal(buffer.bytes, 0);
  });

  it('a run ends at a hole and at the limit, and holds at least one frame', () => {
    const buffer = empty();
    buffer.add([stored(0, 1, 10), stored(1, 11, 10), stored(2, 31, 10)], 3n);
    assert.deepEqual(firsts(buffer), [1, 11]);
    assert.deepEqual(firsts(buffer, 15), [1]);
    assert.deepEqual(firsts(buffer, 1), [1]);
    buffer.finish(20);
    assert.deepEqual(firsts(buffer), [31]);
    assert.equal(buffer.done.offset, 2n);
  });

  it('begins again from another place', () => {
    const buffer = empty();
    buffer.add([stored(0, 1, 10), stored(1, 11, 10)], 2n);
    buffer.finish(20);
    buffer.reset({ offset: 1n, mark: { record: 10, bytes: 10 } });
    assert.equal(buffer.next, 1n);
    buffer.add([stored(1, 11, 10)], 2n);
    assert.deepEqual(firsts(buffer), [11]);
  });

  it('hands out copies', () => {
    const buffer = empty();
    buffer.add([stored(0, 1, 3)], 1n);
    buffer.firstRun(100)[0]?.body.fill(9);
    assert.deepEqual(buffer.firstRun(100)[0]?.body, new Uint8Array(3));
  });
});
