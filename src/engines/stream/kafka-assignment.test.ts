/** Shares of partitions: even, and with as few moves as possible. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fastCheck from 'fast-check';
import { assignedPartitions } from './kafka-assignment.ts';

describe('assigned partitions', () => {
  it('a second member takes half, and what stays does not move', () => {
    const shares = assignedPartitions(
      [
        { id: 'one', held: [0, 1, 2, 3] },
        { id: 'two', held: [] },
      ],
      4,
      4,
    );
    assert.deepEqual(shares.get('one'), [0, 1]);
    assert.deepEqual(shares.get('two'), [2, 3]);
  });

  it('a member that only stands by does not take the only partition', () => {
    const shares = assignedPartitions(
      [
        { id: 'a', held: [] },
        { id: 'b', held: [0, 1, 2] },
      ],
      1,
      8,
    );
    assert.ok(shares.get('b')?.includes(0));
    assert.equal(shares.get('a')?.length, 4);
  });

  it('every partition has one member, and both the named and all are shared evenly', () => {
    const member = fastCheck.record({ held: fastCheck.array(fastCheck.integer({ min: 0, max: 40 }), { maxLength: 20 }) });
    fastCheck.assert(
      fastCheck.property(
        fastCheck.array(member, { minLength: 1, maxLength: 6 }),
        fastCheck.integer({ min: 0, max: 20 }),
        fastCheck.integer({ min: 0, max: 20 }),
        (members, named, more) => {
          const all = members.map(({ held }, index) => ({ id: `member ${index}`, held: [...new Set(held)] }));
          const shares = [...assignedPartitions(all, named, named + more).values()];
          const numbers = shares.flat().sort((one, other) => one - other);
          assert.deepEqual(
            numbers,
            Array.from({ length: named + more }, (_, number) => number),
          );
          for (const part of [shares.map((share) => share.filter((number) => number < named)), shares]) {
            const sizes = part.map(({ length }) => length);
            assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1, `${sizes}`);
          }
        },
      ),
    );
  });
});
