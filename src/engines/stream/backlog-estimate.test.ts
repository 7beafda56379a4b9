/** The estimate of a backlog: what was sent since, what the queue says, and how large frames are. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BacklogEstimate } from './backlog-estimate.ts';

const frame = (bytes: number) => ({ first: 1, count: 1, body: new Uint8Array(bytes) });

describe('the estimate of a backlog', () => {
  it('has no room before its queue has been looked at, nor when that may have changed', () => {
    const backlog = new BacklogEstimate();
    assert.equal(backlog.hasRoomFor(frame(1), 1_000), false);
    backlog.lookedAt(0);
    assert.equal(backlog.hasRoomFor(frame(1), 1_000), true);
    backlog.forget();
    assert.equal(backlog.hasRoomFor(frame(1), 1_000), false);
  });

  it('counts what was sent, and believes the queue when it is looked at again', () => {
    const backlog = new BacklogEstimate();
    backlog.lookedAt(0);
    for (let sent = 0; sent < 10; sent += 1) backlog.sent(frame(100));
    assert.equal(backlog.hasRoomFor(frame(100), 1_000), false);
    backlog.lookedAt(9);
    assert.equal(backlog.hasRoomFor(frame(100), 1_000), true);
    assert.equal(backlog.hasRoomFor(frame(101), 1_000), false);
  });

  it('goes by the last frames sent, and takes those of another life for as large', () => {
    const backlog = new BacklogEstimate();
    backlog.sent(frame(1_000_000));
    for (const bytes of [50, 150]) backlog.sent(frame(bytes));
    backlog.lookedAt(2);
    assert.equal(backlog.bytes, 200);
    const other = new BacklogEstimate();
    for (const bytes of [50, 150]) other.sent(frame(bytes));
    other.lookedAt(20);
    assert.equal(other.bytes, 2_000);
  });

  it('lets a frame that is larger than the limit pass when nothing waits', () => {
    const backlog = new BacklogEstimate();
    backlog.lookedAt(0);
    assert.equal(backlog.hasRoomFor(frame(5_000), 1_000), true);
    backlog.lookedAt(1);
    assert.equal(backlog.hasRoomFor(frame(5_000), 1_000), false);
  });

  it('does not remember without end', () => {
    const backlog = new BacklogEstimate();
    for (let sent = 0; sent < 10_000; sent += 1) backlog.sent(frame(10));
    backlog.lookedAt(50_000);
    assert.equal(backlog.bytes, 500_000);
  });
});
