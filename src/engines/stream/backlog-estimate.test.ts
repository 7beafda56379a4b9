/** The estimate of a backlog: frames sent since the last count, the count, and the sizes of frames. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BacklogEstimate } from './backlog-estimate.ts';

const frame = (bytes: number) => ({ first: 1, count: 1, body: new Uint8Array(bytes) });

describe('the estimate of a backlog', () => {
  it('has no room before the queue was counted, nor when it may have changed', () => {
    const backlog = new BacklogEstimate();
    assert.equal(backlog.hasRoomFor(frame(1), 1_000), false);
    backlog.counted(0);
    assert.equal(backlog.hasRoomFor(frame(1), 1_000), true);
    backlog.forget();
    assert.equal(backlog.hasRoomFor(frame(1), 1_000), false);
  });

  it('adds frames sent, and takes the count of the queue when there is a new one', () => {
    const backlog = new BacklogEstimate();
    backlog.counted(0);
    for (let sent = 0; sent < 10; sent += 1) backlog.sent(frame(100));
    assert.equal(backlog.hasRoomFor(frame(100), 1_000), false);
    backlog.counted(9);
    assert.equal(backlog.hasRoomFor(frame(100), 1_000), true);
    assert.equal(backlog.hasRoomFor(frame(101), 1_000), false);
  });

  it('uses the sizes of the last frames sent, and their average for earlier ones', () => {
    const backlog = new BacklogEstimate();
    backlog.sent(frame(1_000_000));
    for (const bytes of [50, 150]) backlog.sent(frame(bytes));
    backlog.counted(2);
    assert.equal(backlog.bytes, 200);
    const other = new BacklogEstimate();
    for (const bytes of [50, 150]) other.sent(frame(bytes));
    other.counted(20);
    assert.equal(other.bytes, 2_000);
  });

  it('has room for a frame larger than the limit when the queue is empty', () => {
    const backlog = new BacklogEstimate();
    backlog.counted(0);
    assert.equal(backlog.hasRoomFor(frame(5_000), 1_000), true);
    backlog.counted(1);
    assert.equal(backlog.hasRoomFor(frame(5_000), 1_000), false);
  });

  it('remembers a bounded number of sizes', () => {
    const backlog = new BacklogEstimate();
    for (let sent = 0; sent < 10_000; sent += 1) backlog.sent(frame(10));
    backlog.counted(50_000);
    assert.equal(backlog.bytes, 500_000);
  });
});
