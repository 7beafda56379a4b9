/** A partition's way out: the backlog that is known, and the order in which frames are sent again. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Outlet, type Pending } from './rabbitmq-outlet.ts';

function pending(first: number, bytes = 100): Pending {
  return { frame: { first, count: 1, body: new Uint8Array(bytes) }, untilMs: 0, resolve() {}, reject() {} };
}

const frameOf = (bytes: number) => pending(1, bytes).frame;

describe('an outlet', () => {
  it('has no room before its queues have been looked at, nor after something went wrong with them', () => {
    const outlet = new Outlet('tape', 'ACME');
    assert.equal(outlet.hasRoomFor(frameOf(1), 1_000), false);
    outlet.lookedAt(0);
    assert.equal(outlet.hasRoomFor(frameOf(1), 1_000), true);
    const sent = pending(1);
    outlet.sent(sent);
    outlet.giveBack(sent);
    assert.equal(outlet.hasRoomFor(frameOf(1), 1_000), false);
  });

  it('counts what it sent, and believes the queue when it looks again', () => {
    const outlet = new Outlet('tape', 'ACME');
    outlet.lookedAt(0);
    for (let first = 1; first <= 10; first += 1) outlet.sent(pending(first));
    assert.equal(outlet.hasRoomFor(frameOf(100), 1_000), false);
    outlet.lookedAt(9);
    assert.equal(outlet.hasRoomFor(frameOf(100), 1_000), true);
    assert.equal(outlet.hasRoomFor(frameOf(101), 1_000), false);
  });

  it('takes frames of another life for as large as its own', () => {
    const outlet = new Outlet('tape', 'ACME');
    outlet.sent(pending(1, 50));
    outlet.sent(pending(2, 150));
    outlet.lookedAt(20);
    assert.equal(outlet.hasRoomFor(frameOf(100), 2_100), true);
    assert.equal(outlet.hasRoomFor(frameOf(101), 2_100), false);
  });

  it('lets a frame that is larger than the limit pass when nothing waits', () => {
    const outlet = new Outlet('tape', 'ACME');
    outlet.lookedAt(0);
    assert.equal(outlet.hasRoomFor(frameOf(5_000), 1_000), true);
    outlet.lookedAt(1);
    assert.equal(outlet.hasRoomFor(frameOf(5_000), 1_000), false);
  });

  it('sends again in the order of sequence numbers, before what has not been sent', () => {
    const outlet = new Outlet('tape', 'ACME');
    const [one, two, three] = [pending(1), pending(2), pending(3)];
    outlet.lookedAt(0);
    for (const each of [one, two]) outlet.sent(each);
    outlet.waiting.push(three);
    outlet.giveBack(two);
    outlet.giveBack(one);
    assert.deepEqual(outlet.waiting, [one, two, three]);
    assert.equal(outlet.unconfirmed.size, 0);
  });
});
